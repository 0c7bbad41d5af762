#pragma once
// Identity: the gateway's own key. Clients tell gateways apart by it, and device tokens are made with it: the same
// token can be given again without being kept anywhere. It lies in a file of its own, so that a copy of the database
// alone opens nothing.

#include <string>

#include "shared/base/result.h"
#include "shared/base/secret.h"

namespace omenia::devices {

class Identity {
 public:
  // Reads <directory>/state/identity.key, or makes it; several processes may do so at once. Error: storage.
  static Result<Identity> open(const std::string& directory);

  const std::string& device_id() const { return device_id_; }    // SHA-256 of the public key.
  const std::string& public_key() const { return public_key_; }  // Ed25519, base64url of 32 bytes.

  // 32 bytes that nobody can guess who has not the key, base64url. The same for the same words.
  std::string token_for(const std::string& device_id, const std::string& role, const std::string& nonce) const;

 private:
  Identity() = default;
  Secret key_;
  std::string device_id_;
  std::string public_key_;
};

}  // namespace omenia::devices
