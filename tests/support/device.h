#pragma once
// Device: a client's own key, and its signature over a connect. The signed text is put together here as the protocol
// describes it, not as the product does.

#include <cstdint>
#include <memory>
#include <string>

struct evp_pkey_st;

namespace omenia::test {

struct SignedConnect {
  std::string client_id;
  std::string client_mode;
  std::string role;
  std::string scopes;  // Joined with ','.
  std::string token;   // First present of auth.token, deviceToken, bootstrapToken.
  std::string platform;
  std::string nonce;
  std::int64_t signed_at_ms = 0;
};

class Device {
 public:
  enum class Version { v2, v3 };
  explicit Device(Version version = Version::v3);

  const std::string& id() const { return id_; }
  const std::string& public_key() const { return public_key_; }

  // ,"device":{...} for the params of connect.
  std::string member(const SignedConnect& connect) const;

 private:
  std::string sign(const std::string& text) const;

  Version version_;
  std::shared_ptr<evp_pkey_st> key_;
  std::string id_;
  std::string public_key_;
};

}  // namespace omenia::test
