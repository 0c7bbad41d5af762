#pragma once
// What a provider's failure means: from status and text of its answer to one of our errors. The messages do not name
// the provider, they go on from its name ("answered 401: ..."); who calls puts that in front.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/json/json.h"

namespace omenia::providers {

// An answer with another status than 200. The message quotes the sentence in `body` (JSON or not) at its whole length.
Error failure_of(int status, std::string_view body, std::optional<std::int64_t> retry_after_ms);

// An object inside a stream that began well: `{"error": ...}` or one that says `"object":"error"`.
bool is_failure(JsonView chunk);
Error failure_in_stream(JsonView chunk);

// "try again in 1.2s", "retry in 350ms", "retry after 6m0s" inside a sentence.
std::optional<std::int64_t> patience_in_words_ms(std::string_view sentence);

// The start of a text for a message: one line of at most `chars_max` characters.
std::string one_line(std::string_view text, std::size_t chars_max);

// The text with `***` for every secret and for every part of one that is long enough to be of use.
std::string masked(std::string_view text, const std::vector<std::string_view>& secrets);

}  // namespace omenia::providers
