#pragma once
// What SQLite's result codes mean to an operator: which file, what happened, what to do. Only database.cpp uses it.

#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace omenia::state {

// What a failure means for the writes that come after it.
enum class Aftermath {
  none,    // Nothing: a mistake of ours, or a lock that was not free in time.
  refuse,  // The disk takes no more, what is on it is well: the next write tries again.
  reopen,  // What is on the disk is not known: the connection must recover before it writes again.
};

struct DatabaseFailure {
  Error error;
  Aftermath aftermath = Aftermath::none;
};

// `code` is an extended result code, `said` the library's own words, `system_error` an errno or 0.
DatabaseFailure database_failure(const std::string& path, int code, std::string_view said, int system_error);

}  // namespace omenia::state
