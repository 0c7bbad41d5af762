#include "worker/auth/device_proof.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "shared/base/ids.h"

namespace omenia::auth {

namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t encoded_bytes_max = 256;

constexpr ProofRefusal identity_mismatch = {"device identity mismatch", "DEVICE_AUTH_DEVICE_ID_MISMATCH",
                                            "device-id-mismatch"};
constexpr ProofRefusal signature_expired = {"device signature expired", "DEVICE_AUTH_SIGNATURE_EXPIRED",
                                            "device-signature-stale"};
constexpr ProofRefusal nonce_required = {"device nonce required", "DEVICE_AUTH_NONCE_REQUIRED", "device-nonce-missing"};
constexpr ProofRefusal nonce_mismatch = {"device nonce mismatch", "DEVICE_AUTH_NONCE_MISMATCH",
                                         "device-nonce-mismatch"};
constexpr ProofRefusal signature_invalid = {"device signature invalid", "DEVICE_AUTH_SIGNATURE_INVALID",
                                            "device-signature"};

// Empty when the text is not base64url of a whole number of bytes.
std::string decode_base64url(std::string text) {
  while (!text.empty() && text.back() == '=') text.pop_back();
  if (text.empty() || text.size() > encoded_bytes_max || text.size() % 4 == 1) return {};
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  const std::size_t padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (length < 0) return {};
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

std::string lowered(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  std::string copy(text.substr(first, text.find_last_not_of(" \t") - first + 1));
  for (char& c : copy)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return copy;
}

std::string signed_text(const DeviceClaim& claim, bool with_platform) {
  std::string text = with_platform ? "v3" : "v2";
  for (const std::string& part : {claim.id, claim.client_id, claim.client_mode, claim.role, claim.scopes,
                                  std::to_string(claim.signed_at_ms), claim.token, claim.nonce})
    text.append("|").append(part);
  if (with_platform) text.append("|").append(lowered(claim.platform)).append("|").append(lowered(claim.device_family));
  return text;
}

bool verifies(const std::string& key, const std::string& signature, const std::string& text) {
  const auto* key_data = reinterpret_cast<const unsigned char*>(key.data());
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> public_key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key_data, key.size()), EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!public_key || !context) return false;
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) != 1) return false;
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                          reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

}  // namespace

std::optional<ProofRefusal> refuse_proof(const DeviceClaim& claim, std::string_view expected_nonce,
                                         std::int64_t now_ms) {
  const std::string key = decode_base64url(claim.public_key);
  if (key.size() != key_bytes || sha256_hex(key) != claim.id) return identity_mismatch;
  if (claim.signed_at_ms < now_ms - proof_skew_ms_max || claim.signed_at_ms > now_ms + proof_skew_ms_max)
    return signature_expired;
  if (claim.nonce.empty()) return nonce_required;
  if (claim.nonce != expected_nonce) return nonce_mismatch;
  const std::string signature = decode_base64url(claim.signature);
  if (signature.size() != signature_bytes) return signature_invalid;
  const bool holds =
      verifies(key, signature, signed_text(claim, true)) || verifies(key, signature, signed_text(claim, false));
  return holds ? std::nullopt : std::optional(signature_invalid);
}

}  // namespace omenia::auth
