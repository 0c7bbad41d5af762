#pragma once
// What the bodies of this API have in common: texts, and the numbers that are passed on to the model.

#include <span>
#include <string>
#include <string_view>

#include "shared/base/result.h"
#include "shared/json/json.h"
#include "worker/providers/provider.h"

namespace omenia::openai {

Error invalid(std::string message);  // invalid_request

inline bool is_absent(JsonView value) {
  return !value || value.is_null();
}

std::string trimmed(std::string_view text);

// Of temperature, top_p, frequency_penalty and presence_penalty those that are named, each within its range.
Result<void> read_numbers(JsonView body, std::span<const std::string_view> names, providers::Sampling& sampling);

// A positive integer, or nothing at all.
Result<void> read_tokens_max(JsonView body, std::string_view name, providers::Sampling& sampling);

}  // namespace omenia::openai
