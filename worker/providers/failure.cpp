#include "worker/providers/failure.h"

#include "shared/base/limits.h"
#include "shared/base/utf8.h"

namespace omenia::providers {

namespace {

constexpr std::size_t quoted_chars_max = 300;

// Wordings that say more than the status does, in the order they are looked for. The text is compared in lower case.
struct Wording {
  std::string_view text;
  ErrorCode code;
};
constexpr Wording wordings[] = {
    {"context_length_exceeded", ErrorCode::context_overflow},
    {"string_above_max_length", ErrorCode::context_overflow},
    {"maximum context length", ErrorCode::context_overflow},
    {"exceeds the context window", ErrorCode::context_overflow},
    {"prompt is too long", ErrorCode::context_overflow},
    {"reduce the length of the messages", ErrorCode::context_overflow},
    {"exceeds the available context size", ErrorCode::context_overflow},
    {"greater than the context length", ErrorCode::context_overflow},
    {"context length exceeded", ErrorCode::context_overflow},
    {"longer than the model's context length", ErrorCode::context_overflow},
    {"insufficient_quota", ErrorCode::provider_billing},
    {"billing_hard_limit_reached", ErrorCode::provider_billing},
    {"insufficient credits", ErrorCode::provider_billing},
    {"credit balance", ErrorCode::provider_billing},
    {"payment required", ErrorCode::provider_billing},
    {"rate limit", ErrorCode::provider_rate_limit},
    {"rate_limit", ErrorCode::provider_rate_limit},
    {"too many requests", ErrorCode::provider_rate_limit},
    {"overloaded", ErrorCode::provider_overloaded},
    {"at capacity", ErrorCode::provider_overloaded},
    {"model_not_found", ErrorCode::provider_not_found},
    {"model not found", ErrorCode::provider_not_found},
    {"invalid_api_key", ErrorCode::provider_auth},
    {"incorrect api key", ErrorCode::provider_auth},
};

ErrorCode code_of_status(int status) {
  switch (status) {
    case 401:
    case 403: return ErrorCode::provider_auth;
    case 402: return ErrorCode::provider_billing;
    case 404: return ErrorCode::provider_not_found;
    case 408:
    case 499:
    case 504:
    case 522:
    case 524: return ErrorCode::provider_timeout;
    case 413: return ErrorCode::context_overflow;
    case 429: return ErrorCode::provider_rate_limit;
    case 529: return ErrorCode::provider_overloaded;
    default: return status >= 500 ? ErrorCode::provider_server_error : ErrorCode::provider_format;
  }
}

std::optional<ErrorCode> code_of_wording(std::string_view text) {
  std::string lower(text.substr(0, limits::provider_error_bytes_max));
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  for (const Wording& wording : wordings)
    if (lower.find(wording.text) != std::string::npos) return wording.code;
  return std::nullopt;
}

// The server's own sentence: {"error":{"message":...}}, {"error":"..."}, {"message":...}, else the text as it is.
std::string sentence_of(std::string_view body) {
  const auto parsed = Json::parse(body);
  if (!parsed.ok()) return one_line(body, quoted_chars_max);
  const JsonView error = parsed.value()["error"];
  for (const JsonView candidate : {error["message"], error, parsed.value()["message"], parsed.value()["detail"]})
    if (candidate.is_string()) return one_line(candidate.text(), quoted_chars_max);
  return one_line(body, quoted_chars_max);
}

}  // namespace

std::string one_line(std::string_view text, std::size_t chars_max) {
  std::string line(utf8_prefix(text, chars_max));
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return line;
}

Error failure_of(int status, std::string_view body, std::optional<std::int64_t> retry_after_ms) {
  const ErrorCode by_status = code_of_status(status);
  const bool client_fault = status >= 400 && status < 500;
  const ErrorCode code = client_fault || status == 503 ? code_of_wording(body).value_or(by_status) : by_status;
  const std::string sentence = sentence_of(body);
  Error error{code, "answered " + std::to_string(status) + (sentence.empty() ? "" : ": " + sentence), {}, {}};
  error.retry_after_ms = retry_after_ms;
  return error;
}

Error failure_in_stream(JsonView error) {
  const std::string text = error.dump();
  const std::string_view message = error.is_string() ? error.text() : error["message"].text();
  const ErrorCode code = code_of_wording(text).value_or(ErrorCode::provider_server_error);
  return fail(code,
              "failed in the middle of its answer: " + one_line(message.empty() ? text : message, quoted_chars_max));
}

}  // namespace omenia::providers
