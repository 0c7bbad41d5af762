#pragma once
// ASCII letters without regard to their case, the same in every locale: names of headers, schemes, hosts, words that
// programs write. Other bytes stay what they are.

#include <algorithm>
#include <string>
#include <string_view>

namespace omenia {

constexpr char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string lowered(std::string_view text) {
  std::string copy(text);
  for (char& c : copy) c = lowered(c);
  return copy;
}

inline bool same_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lowered(x) == lowered(y); });
}

}  // namespace omenia
