#pragma once
// DeviceProof: does a connecting client hold the private key of the device it names? Checks the Ed25519 signature over
// the connect parameters. Says nothing about what that device may do.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace omenia::auth {

// What was signed, as the client sent it.
struct DeviceClaim {
  std::string id;          // Lower-case hexadecimal SHA-256 of the raw public key.
  std::string public_key;  // base64url of the raw 32 bytes.
  std::string signature;   // base64url of 64 bytes.
  std::int64_t signed_at_ms = 0;
  std::string nonce;
  std::string client_id;
  std::string client_mode;
  std::string role;
  std::string scopes;  // Joined with ',' in the order sent.
  std::string token;   // First present of auth.token, auth.deviceToken, auth.bootstrapToken.
  std::string platform;
  std::string device_family;
};

// Why a proof is refused: message (also the close reason), details.code, details.reason.
struct ProofRefusal {
  std::string_view message;
  std::string_view code;
  std::string_view reason;
};

inline constexpr std::int64_t proof_skew_ms_max = 120'000;

// Nothing when the proof holds for `expected_nonce` (the one of this connection's challenge).
std::optional<ProofRefusal> refuse_proof(const DeviceClaim& claim, std::string_view expected_nonce,
                                         std::int64_t now_ms);

}  // namespace omenia::auth
