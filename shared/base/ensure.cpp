#include "shared/base/ensure.h"

#include <cstdio>
#include <cstdlib>

namespace omenia {

void broken_promise(const char* sentence, const char* file, int line) {
  std::fprintf(stderr, "OmeniaClaw: internal error: this should hold: %s (%s:%d)\n", sentence, file, line);
  std::abort();
}

}  // namespace omenia
