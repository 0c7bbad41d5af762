#pragma once
// note: a line about what a test waited for in vain. The helpers of this folder answer with an empty value then, so
// that the expectation that follows fails in the test's own words; this line says why.

#include <string_view>

namespace omenia::test {

void note(std::string_view text);
void keep_notes_quiet();  // For a program that cuts off its own connections all the time.

}  // namespace omenia::test
