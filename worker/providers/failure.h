#pragma once
// What a provider's failure means: from status and text of its answer to one of our errors.

#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.h"
#include "shared/json/json.h"

namespace omenia::providers {

// `body` is the answer's text (JSON or not), of which at most 300 characters are quoted. The message does not name the
// provider; who calls puts that in front.
Error failure_of(int status, std::string_view body, std::optional<std::int64_t> retry_after_ms);

// An `{"error": ...}` object inside a stream that began well.
Error failure_in_stream(JsonView error);

// One line of at most `chars_max` bytes: control characters become blanks.
std::string one_line(std::string_view text, std::size_t chars_max);

}  // namespace omenia::providers
