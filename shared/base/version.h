#pragma once
// The release of the program, and the commit that it was built from. Set in version.cpp, which CMake writes.

namespace omenia {

extern const char* const version;
extern const char* const commit;  // Seven hexadecimal digits, or "unknown".

}  // namespace omenia
