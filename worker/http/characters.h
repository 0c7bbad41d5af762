#pragma once
// Characters: sets of bytes, looked up in a table.

#include <algorithm>
#include <array>
#include <string_view>

namespace omenia::http {

class Characters {
 public:
  // The ASCII letters, the digits, and `others`.
  constexpr explicit Characters(std::string_view others) {
    add("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    add(others);
  }

  constexpr bool contain_all_of(std::string_view text) const {
    return std::all_of(text.begin(), text.end(), [this](char c) { return table_[static_cast<unsigned char>(c)]; });
  }

 private:
  constexpr void add(std::string_view members) {
    for (const char c : members) table_[static_cast<unsigned char>(c)] = true;
  }

  std::array<bool, 256> table_{};
};

inline constexpr Characters token_characters("!#$%&'*+-.^_`|~");
inline constexpr Characters host_characters("-._~:[]%");
inline constexpr Characters base64_characters("+/");

}  // namespace omenia::http
