#pragma once
// Where the running program lies: its sister programs are found from there, in a build tree as when installed.

#include <string>

#include "shared/base/result.h"

namespace omenia {

Result<std::string> directory_of_executable();  // Absolute, without a slash at its end, links resolved.

}  // namespace omenia
