#pragma once
// FileContext: a text file that came with a request, as the model is shown it: between marks that the file cannot know,
// as something to look at and not to obey.

#include <cstdint>
#include <string>

#include "worker/openai/media.h"

namespace omenia::openai {

// A file with its bytes. What is longer than `chars_max` is cut off, and says so. Errors: invalid_request; a PDF, whose
// text nobody extracts here, is refused in those words.
Result<std::string> file_context(const Media& file, const MediaRules& rules, std::int64_t chars_max);

}  // namespace omenia::openai
