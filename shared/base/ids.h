#pragma once
// Random identifiers and their encodings, from the system's generator.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace omenia {

// Version 7 (RFC 9562): begins with the time in ms, so that names made one after the other stand together in an index.
std::string ordered_uuid();
std::string random_uuid();                   // Version 4, lower case: "f47ac10b-58cc-4372-a567-0e02b2c3d479".
std::string random_token();                  // 32 random bytes, base64url without padding, 43 characters.
std::string random_hex(std::size_t digits);  // At most 64 lower-case hexadecimal digits.
std::string base64url(std::string_view bytes);
std::string base64(std::string_view bytes);
// Blanks and line ends are left out, padding may be missing; nothing for what is no base64 of the plain alphabet.
std::optional<std::string> decode_base64(std::string_view text);
std::string sha256_hex(std::string_view bytes);  // 64 lower-case hexadecimal digits.

}  // namespace omenia
