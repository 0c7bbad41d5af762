#include "worker/providers/provider.h"

namespace omenia::providers {

void Usage::add(const Usage& more) {
  input += more.input;
  output += more.output;
  cache_read += more.cache_read;
  cache_write += more.cache_write;
  total += more.total;
  if (more.reasoning) reasoning = reasoning.value_or(0) + *more.reasoning;
}

}  // namespace omenia::providers
