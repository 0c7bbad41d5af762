#include "tests/support/device.h"

#include <openssl/evp.h>

#include "shared/base/ids.h"
#include "shared/json/writer.h"

namespace omenia::test {

Device::Device(Version version)
    : version_(version), key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free) {
  std::string raw(32, '\0');
  std::size_t size = raw.size();
  EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &size);
  id_ = sha256_hex(raw);
  public_key_ = base64url(raw);
}

std::string Device::sign(const std::string& text) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get());
  std::string signature(64, '\0');
  std::size_t size = signature.size();
  EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                 reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return base64url(signature);
}

std::string Device::member(const SignedConnect& connect) const {
  std::string text = version_ == Version::v3 ? "v3" : "v2";
  for (const std::string& part : {id_, connect.client_id, connect.client_mode, connect.role, connect.scopes,
                                  std::to_string(connect.signed_at_ms), connect.token, connect.nonce})
    text += "|" + part;
  if (version_ == Version::v3) text += "|" + connect.platform + "|";
  JsonWriter writer;
  writer.begin_object().member("id", id_).member("publicKey", public_key_).member("signature", sign(text));
  writer.member("signedAt", connect.signed_at_ms).member("nonce", connect.nonce).end_object();
  return ",\"device\":" + writer.take();
}

}  // namespace omenia::test
