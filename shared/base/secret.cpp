#include "shared/base/secret.h"

namespace omenia {

// Every byte of the candidate is looked at, and nothing is decided before the last.
bool Secret::equals(std::string_view candidate) const {
  if (value_.empty()) return false;
  std::size_t differences = value_.size() ^ candidate.size();
  std::size_t place = 0;
  for (const char c : candidate) {
    differences |= static_cast<unsigned char>(c ^ value_[place]);
    place = place + 1 < value_.size() ? place + 1 : 0;
  }
  return differences == 0;
}

}  // namespace omenia
