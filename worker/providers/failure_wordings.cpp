#include "worker/providers/failure_wordings.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <span>
#include <string>

#include "shared/base/ascii.h"

namespace omenia::providers {

namespace {

// In lower case; `*` stands for anything.
constexpr std::string_view overflow_words[] = {"context_length_exceeded",
                                               "string_above_max_length",
                                               "request_too_large",
                                               "model_context_window_exceeded",
                                               "maximum context length",
                                               "exceeds the context window",
                                               "exceed context limit",
                                               "resulted in * tokens",
                                               "reduce the length of the messages",
                                               "prompt is too long",
                                               "prompt too long",
                                               "input token count * exceeds the maximum number of tokens",
                                               "maximum number of tokens",
                                               "input is too long for requested model",
                                               "too many tokens",
                                               "context length exceeded",
                                               "exceeds the available context size",
                                               "greater than the context length",
                                               "longer than the model's context length",
                                               "too large for model with",
                                               "maximum prompt length is",
                                               "exceeded model token limit",
                                               "tokens in request more than max tokens allowed",
                                               "上下文过长",
                                               "上下文超出",
                                               "超出最大上下文"};
constexpr std::string_view billing_words[] = {"insufficient_quota",
                                              "billing_hard_limit_reached",
                                              "payment required",
                                              "insufficient credit",
                                              "insufficient balance",
                                              "insufficient quota",
                                              "insufficient funds",
                                              "credit balance",
                                              "spend limit",
                                              "spending limit",
                                              "requires more credits",
                                              "余额不足",
                                              "欠费"};
constexpr std::string_view rate_words[] = {"rate limit",
                                           "rate_limit",
                                           "ratelimit",
                                           "too many requests",
                                           "too many concurrent requests",
                                           "throttl",
                                           "concurrency limit",
                                           "quota exceeded",
                                           "resource exhausted",
                                           "resource_exhausted",
                                           "exceeded your current quota",
                                           "usage limit",
                                           "tokens per day",
                                           "tokens per minute",
                                           "model_cooldown",
                                           "请求过于频繁"};
constexpr std::string_view overloaded_words[] = {"overloaded",
                                                 "at capacity",
                                                 "service unavailable",
                                                 "service is temporarily unavailable",
                                                 "service temporarily unavailable",
                                                 "temporarily overloaded",
                                                 "high demand",
                                                 "high load"};
constexpr std::string_view auth_words[] = {"invalid_api_key",        "incorrect api key", "invalid api key",
                                           "api key not valid",      "api_key_invalid",   "no api key",
                                           "missing api key",        "unauthorized",      "authentication failed",
                                           "invalid authentication", "missing scope"};
constexpr std::string_view model_words[] = {
    "model_not_found",        "model not found",        "unknown model",     "not a valid model id",
    "no endpoints found for", "model * does not exist", "model * not found", "deprecated * transition to"};

// Words of a 402 that ask for patience, not for money.
constexpr std::string_view patience_words[] = {"retry", "try again", "daily", "weekly", "monthly usage", "resets"};
constexpr std::string_view per_minute_words[] = {"tokens per minute", "(tpm)"};
constexpr std::string_view not_overflow_words[] = {"rate limit", "rate_limit",        "too many requests",
                                                   "throttl",    "tokens per minute", "(tpm)"};

bool matches(std::string_view text, std::string_view pattern) {
  while (true) {
    const auto star = pattern.find('*');
    const auto found = text.find(pattern.substr(0, star));
    if (found == std::string_view::npos) return false;
    if (star == std::string_view::npos) return true;
    text.remove_prefix(found + star);
    pattern.remove_prefix(star + 1);
  }
}

bool has_any(std::string_view text, std::span<const std::string_view> patterns) {
  return std::any_of(patterns.begin(), patterns.end(), [text](auto pattern) { return matches(text, pattern); });
}

std::optional<std::int64_t> number_after(std::string_view text, std::string_view word) {
  const auto found = text.find(word);
  if (found == std::string_view::npos) return std::nullopt;
  const auto first = text.find_first_of("0123456789", found + word.size());
  if (first == std::string_view::npos) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data() + first, text.data() + text.size(), number);
  if (problem != std::errc()) return std::nullopt;
  return number;
}

// "on tokens per minute (TPM): Limit 6000, Requested 9000": waiting does not help when one request is over the limit.
bool asks_more_than_a_minute_allows(std::string_view text) {
  const auto limit = number_after(text, "limit ");
  const auto requested = number_after(text, "requested ");
  return has_any(text, per_minute_words) && limit && requested && *requested > *limit;
}

}  // namespace

std::optional<ErrorCode> meaning_of(std::string_view words, int status) {
  const std::string text = lowered(words);
  if (asks_more_than_a_minute_allows(text)) return ErrorCode::context_overflow;
  if (has_any(text, overflow_words) && !has_any(text, not_overflow_words)) return ErrorCode::context_overflow;
  if (status == 402)
    return has_any(text, patience_words) ? ErrorCode::provider_rate_limit : ErrorCode::provider_billing;
  if (has_any(text, billing_words)) return ErrorCode::provider_billing;
  if (has_any(text, rate_words)) return ErrorCode::provider_rate_limit;
  if (has_any(text, overloaded_words)) return ErrorCode::provider_overloaded;
  if (status >= 500) return std::nullopt;
  if (has_any(text, auth_words)) return ErrorCode::provider_auth;
  if (has_any(text, model_words)) return ErrorCode::provider_not_found;
  return std::nullopt;
}

}  // namespace omenia::providers
