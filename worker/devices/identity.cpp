#include "worker/devices/identity.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "shared/base/fd.h"
#include "shared/base/ids.h"

namespace omenia::devices {

namespace {

constexpr std::size_t key_chars = 43;  // 32 random bytes, as random_token() writes them.

Error problem(const std::string& path, const std::string& what) {
  return fail(ErrorCode::storage, "The gateway's key " + path + " " + what);
}

Result<std::string> read_key(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return problem(path, std::string("cannot be read: ") + std::strerror(errno));
  char text[key_chars + 2];
  const ssize_t size = ::read(file.get(), text, sizeof text);
  const bool whole = size == key_chars + 1 && text[key_chars] == '\n';
  if (!whole)
    return problem(path,
                   "is damaged. Put it back from a backup, or remove it: the gateway makes another one, and "
                   "devices get new tokens when they connect with the shared secret.");
  return std::string(text, key_chars);
}

// Written aside and linked: the first of several who try wins, and nobody sees half a key.
Result<void> make_key(const std::string& path) {
  const std::string aside = path + "." + random_uuid();
  const Fd file(::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.valid()) return problem(path, std::string("cannot be made: ") + std::strerror(errno));
  const std::string text = random_token() + "\n";
  const bool written =
      ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file.get()) == 0;
  const int write_error = errno;
  const bool linked = written && (::link(aside.c_str(), path.c_str()) == 0 || errno == EEXIST);
  const int link_error = errno;
  ::unlink(aside.c_str());
  if (linked) return {};
  return problem(path, std::string("cannot be written: ") + std::strerror(written ? link_error : write_error));
}

std::string digest(const std::string& key, const std::string& text) {
  unsigned char bytes[32];
  unsigned int size = sizeof bytes;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), bytes, &size);
  return std::string(reinterpret_cast<const char*>(bytes), size);
}

Result<std::string> public_key_of(const std::string& seed) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(seed.data()),
                                   seed.size()),
      EVP_PKEY_free);
  std::string raw(32, '\0');
  std::size_t size = raw.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(raw.data()), &size) != 1)
    return fail(ErrorCode::internal, "the gateway's key cannot be used");
  return raw;
}

}  // namespace

Result<Identity> Identity::open(const std::string& directory) {
  const std::string path = directory + "/state/identity.key";
  if (::access(path.c_str(), F_OK) != 0) TRY(make_key(path));
  Identity identity;
  TRY_ASSIGN(std::string key, read_key(path));
  TRY_ASSIGN(const std::string raw, public_key_of(digest(key, "identity")));
  identity.device_id_ = sha256_hex(raw);
  identity.public_key_ = base64url(raw);
  identity.key_ = Secret(std::move(key));
  return identity;
}

// No part can hold a line end: ids are hexadecimal, roles are words of ours, nonces are UUIDs.
std::string Identity::token_for(const std::string& device_id, const std::string& role, const std::string& nonce) const {
  return base64url(digest(key_.reveal(), "device token\n" + device_id + "\n" + role + "\n" + nonce));
}

}  // namespace omenia::devices
