#include "worker/openai/request_fields.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace omenia::openai {

namespace {

struct Range {
  std::string_view field;
  double min;
  double max;
  std::string_view message;
  std::optional<double> providers::Sampling::*target;
};
constexpr Range ranges[] = {
    {"temperature", 0, 2, "must be between 0 and 2.", &providers::Sampling::temperature},
    {"top_p", 0, 1, "must be between 0 and 1.", &providers::Sampling::top_p},
    {"frequency_penalty", -2, 2, "must be between -2.0 and 2.0.", &providers::Sampling::frequency_penalty},
    {"presence_penalty", -2, 2, "must be between -2.0 and 2.0.", &providers::Sampling::presence_penalty},
};

}  // namespace

Error invalid(std::string message) {
  return fail(ErrorCode::invalid_request, std::move(message));
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

Result<void> read_numbers(JsonView body, std::span<const std::string_view> names, providers::Sampling& sampling) {
  for (const Range& range : ranges) {
    const JsonView value = body[range.field];
    if (is_absent(value) || std::find(names.begin(), names.end(), range.field) == names.end()) continue;
    if (!value.is_number() || value.number() < range.min || value.number() > range.max)
      return invalid("`" + std::string(range.field) + "` " + std::string(range.message));
    sampling.*range.target = value.number();
  }
  return {};
}

Result<void> read_tokens_max(JsonView body, std::string_view name, providers::Sampling& sampling) {
  const JsonView value = body[name];
  if (is_absent(value)) return {};
  if (!value.is_integer() || value.integer() < 1)
    return invalid("`" + std::string(name) + "` must be a positive integer.");
  sampling.max_tokens = value.integer();
  return {};
}

}  // namespace omenia::openai
