#pragma once
// ensure: for our own mistakes. What the world does wrong is a Result. Stays on in release builds.

namespace omenia {

// Ends the process with the sentence that does not hold.
[[noreturn]] void broken_promise(const char* sentence, const char* file, int line);

}  // namespace omenia

#define ensure(condition, sentence)                                           \
  do {                                                                        \
    if (!(condition)) ::omenia::broken_promise(sentence, __FILE__, __LINE__); \
  } while (false)
