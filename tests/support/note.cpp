#include "tests/support/note.h"

#include <atomic>
#include <cstdio>

namespace omenia::test {

namespace {
std::atomic<bool> quiet = false;
}  // namespace

void keep_notes_quiet() {
  quiet = true;
}

void note(std::string_view text) {
  if (quiet) return;
  std::fprintf(stderr, "  note: %.*s\n", static_cast<int>(text.size()), text.data());
}

}  // namespace omenia::test
