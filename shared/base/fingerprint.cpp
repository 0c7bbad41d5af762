#include "shared/base/fingerprint.h"

#include "shared/base/ascii.h"

namespace omenia {

namespace {
constexpr std::size_t digits = 64;
}

std::string plain_fingerprint(std::string_view text) {
  std::string plain = lowered(text);
  if (plain.starts_with("sha256:")) plain.erase(0, 7);
  std::erase(plain, ':');
  const bool is_hexadecimal = plain.find_first_not_of("0123456789abcdef") == std::string::npos;
  return plain.size() == digits && is_hexadecimal ? plain : std::string();
}

std::string shown_fingerprint(std::string_view plain) {
  std::string shown;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (i > 0 && i % 2 == 0) shown += ':';
    shown += plain[i] >= 'a' ? static_cast<char>(plain[i] - ('a' - 'A')) : plain[i];
  }
  return shown;
}

}  // namespace omenia
