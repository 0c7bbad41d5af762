#pragma once
// Target: what a request line asks for, cut into its parts. Views into the text it was read from.

#include <string_view>

#include "shared/base/result.h"

namespace omenia::http {

struct Target {
  std::string_view authority;  // Of an absolute address; empty for a path.
  std::string_view path;
  std::string_view query;
};

// Error: invalid_request, for a form that this server does not answer.
Result<Target> split_target(std::string_view method, std::string_view text);

}  // namespace omenia::http
