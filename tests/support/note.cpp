#include "tests/support/note.h"

#include <cstdio>

namespace omenia::test {

void note(std::string_view text) {
  std::fprintf(stderr, "  note: %.*s\n", static_cast<int>(text.size()), text.data());
}

}  // namespace omenia::test
