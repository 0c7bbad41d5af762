#include "worker/providers/failure.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "shared/base/ascii.h"
#include "shared/base/limits.h"
#include "shared/base/utf8.h"
#include "worker/providers/failure_wordings.h"

namespace omenia::providers {

namespace {

constexpr std::size_t page_chars_max = 80;
constexpr std::size_t secret_part_chars_min = 8;
constexpr std::size_t secret_chars_min = 4;  // What is shorter is a placeholder, and part of ordinary words.

// One number with its unit at the start of `text`, which is moved behind it.
std::optional<double> duration_part_ms(std::string_view& text) {
  constexpr std::pair<std::string_view, double> units[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || !(number >= 0)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  for (const auto& [unit, unit_ms] : units) {
    if (!text.starts_with(unit)) continue;
    text.remove_prefix(unit.size());
    return number * unit_ms;
  }
  return std::nullopt;
}

// "1.2s", "350ms", "6m0s" at the start of `text`.
std::optional<std::int64_t> duration_ms(std::string_view text) {
  constexpr double longest_ms = 7.0 * 24 * 3'600'000;
  std::optional<double> sum_ms;
  while (const auto part_ms = duration_part_ms(text)) sum_ms = sum_ms.value_or(0) + *part_ms;
  if (!sum_ms) return std::nullopt;
  return static_cast<std::int64_t>(std::ceil(std::min(*sum_ms, longest_ms)));
}

// What a server says about its failure.
struct Statement {
  std::string sentence;  // For people.
  std::string words;     // The sentence, its code and its type, for meaning_of.
  int status = 0;        // Inside the object; 0: none.
  std::optional<std::int64_t> patience_ms;
};

std::string sentence_in(JsonView object) {
  const JsonView error = object["error"];
  for (const JsonView candidate :
       {error["message"], error, object["message"], object["detail"], object["detail"].at(0)["msg"], error["type"]})
    if (candidate.is_string()) return std::string(candidate.text());
  return error && !error.is_null() ? error.dump() : object.dump();
}

int status_in(JsonView code) {
  const std::int64_t number = code.integer();
  return number >= 400 && number < 600 ? static_cast<int>(number) : 0;
}

Statement statement_of(JsonView answer) {
  const JsonView object = answer.is_array() ? answer.at(0) : answer;  // Some put it into a list of one.
  const JsonView error = object["error"].is_object() ? object["error"] : object;
  Statement statement;
  statement.sentence = sentence_in(object);
  // A relay's own sentence says nothing; what the server behind it said stands beside it.
  if (const std::string_view raw = error["metadata"]["raw"].text(); !raw.empty())
    statement.sentence.append(" (").append(raw).append(")");
  statement.words = statement.sentence;
  for (const char* name : {"code", "type", "status"}) statement.words.append(" ").append(error[name].text());
  statement.status = status_in(error["code"]);
  statement.patience_ms = patience_in_words_ms(statement.sentence);
  const JsonView details = error["details"];
  for (JsonView detail = details.is_array() ? details.first() : JsonView(); detail; detail = detail.next())
    if (const auto delay_ms = duration_ms(detail["retryDelay"].text())) statement.patience_ms = delay_ms;
  return statement;
}

Statement statement_of(std::string_view body) {
  const auto first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  if (body[first] == '<') return {"a web page: " + one_line(body, page_chars_max), {}, 0, {}};
  if (const auto parsed = Json::parse(body); parsed.ok()) return statement_of(parsed.value().view());
  return {std::string(body), std::string(body), 0, patience_in_words_ms(body)};
}

ErrorCode code_of_status(int status) {
  switch (status) {
    case 401:
    case 403: return ErrorCode::provider_auth;
    case 402: return ErrorCode::provider_billing;
    case 404:
    case 410: return ErrorCode::provider_not_found;
    case 408:
    case 499:
    case 504:
    case 522:
    case 524: return ErrorCode::provider_timeout;
    case 413: return ErrorCode::context_overflow;
    case 429: return ErrorCode::provider_rate_limit;
    case 529: return ErrorCode::provider_overloaded;
    default: break;
  }
  if (status >= 500) return ErrorCode::provider_server_error;
  return status >= 400 ? ErrorCode::provider_format : ErrorCode::provider_broken;
}

// The longest part of `secret` with which `text` starts.
std::size_t common_part(std::string_view text, std::string_view secret) {
  std::size_t longest = 0;
  for (std::size_t at = 0; at < secret.size(); ++at) {
    const std::string_view rest = secret.substr(at);
    const auto end = std::mismatch(text.begin(), text.end(), rest.begin(), rest.end()).first;
    longest = std::max(longest, static_cast<std::size_t>(end - text.begin()));
  }
  return longest;
}

}  // namespace

Error failure_of(int status, std::string_view body, std::optional<std::int64_t> retry_after_ms) {
  const Statement statement = statement_of(body.substr(0, limits::provider_error_bytes_max));
  Error error{meaning_of(statement.words, status).value_or(code_of_status(status)),
              "answered " + std::to_string(status),
              {},
              retry_after_ms ? retry_after_ms : statement.patience_ms};
  if (status >= 300 && status < 400) error.message += ", a redirect to another address";
  if (!statement.sentence.empty()) error.message += ": " + statement.sentence;
  return error;
}

bool is_failure(JsonView chunk) {
  const JsonView error = chunk["error"];
  return (error && !error.is_null()) || chunk["object"].text() == "error";
}

Error failure_in_stream(JsonView chunk) {
  const Statement statement = statement_of(chunk);
  const ErrorCode by_status =
      statement.status == 0 ? ErrorCode::provider_server_error : code_of_status(statement.status);
  Error error = fail(meaning_of(statement.words, statement.status).value_or(by_status),
                     "failed inside its answer: " + statement.sentence);
  error.retry_after_ms = statement.patience_ms;
  return error;
}

std::optional<std::int64_t> patience_in_words_ms(std::string_view sentence) {
  const std::string text = lowered(sentence);
  for (const std::string_view words : {"try again in ", "retry in ", "retry after "}) {
    const auto found = text.find(words);
    if (found != std::string::npos) return duration_ms(std::string_view(text).substr(found + words.size()));
  }
  return std::nullopt;
}

std::string one_line(std::string_view text, std::size_t chars_max) {
  std::string line;
  std::size_t chars = 0;
  while (!text.empty() && chars < chars_max) {
    const int length = std::max(1, utf8_sequence_length(text));
    const std::string_view character = text.substr(0, static_cast<std::size_t>(length));
    text.remove_prefix(character.size());
    const auto first = static_cast<unsigned char>(character.front());
    const bool blank = first <= 0x20 || first == 0x7f;
    if (blank && (line.empty() || line.back() == ' ')) continue;
    blank ? line.push_back(' ') : static_cast<void>(line.append(character));
    ++chars;
  }
  if (line.ends_with(' ')) line.pop_back();
  return line;
}

std::string masked(std::string_view text, const std::vector<std::string_view>& secrets) {
  std::string result;
  while (!text.empty()) {
    std::size_t hidden = 0;
    for (const std::string_view secret : secrets) {
      if (secret.size() < secret_chars_min) continue;
      const std::size_t common = common_part(text, secret);
      if (common >= std::min(secret.size(), secret_part_chars_min)) hidden = std::max(hidden, common);
    }
    result.append(hidden > 0 ? std::string_view("***") : text.substr(0, 1));
    text.remove_prefix(std::max<std::size_t>(hidden, 1));
  }
  return result;
}

}  // namespace omenia::providers
