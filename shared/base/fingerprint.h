#pragma once
// Fingerprints of certificates: SHA-256 as people write it, with or without colons, in any letter case, perhaps with
// "sha256:" in front.

#include <string>
#include <string_view>

namespace omenia {

// 64 lower-case hexadecimal digits; empty for what is no fingerprint.
std::string plain_fingerprint(std::string_view text);

// "AB:CD:...", as browsers and openssl show it.
std::string shown_fingerprint(std::string_view plain);

}  // namespace omenia
