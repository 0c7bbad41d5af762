#pragma once
// What servers write when they refuse, and what it means. A status says little: the same 400 is a wrong field with one
// server and a full context window with another.

#include <optional>
#include <string_view>

#include "shared/base/error_code.h"

namespace omenia::providers {

// The meaning of a server's own words (its message, code and type, not an echo of what it was sent). The status decides
// which meanings are possible at all; 0: an error inside a stream that began with 200.
std::optional<ErrorCode> meaning_of(std::string_view words, int status);

}  // namespace omenia::providers
