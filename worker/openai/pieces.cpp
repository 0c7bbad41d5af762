#include "worker/openai/pieces.h"

#include <algorithm>

#include "shared/base/utf8.h"

namespace omenia::openai {

std::vector<std::string_view> pieces_of(std::string_view text, std::size_t units_max) {
  std::vector<std::string_view> pieces;
  std::size_t start = 0;
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const int bytes = std::max(1, utf8_sequence_length(text.substr(at)));
    const std::size_t more = utf16_units_of(bytes);
    if (units + more > units_max && at > start) {
      pieces.push_back(text.substr(start, at - start));
      start = at;
      units = 0;
    }
    units += more;
    at += static_cast<std::size_t>(bytes);
  }
  if (start < text.size() || pieces.empty()) pieces.push_back(text.substr(start));
  return pieces;
}

}  // namespace omenia::openai
