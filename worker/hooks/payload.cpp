#include "worker/hooks/payload.h"

#include "worker/http/message.h"

namespace omenia::hooks {

namespace {

Error wrong(std::string_view name, std::string_view what) {
  return fail(ErrorCode::invalid_request, std::string(name) + " must be " + std::string(what));
}

JsonView given(JsonView payload, std::string_view name) {
  const JsonView member = payload[name];
  return member.is_null() ? JsonView() : member;
}

}  // namespace

Result<Json> read_payload(const std::string& body) {
  if (http::trimmed(body).empty()) return Json::object();
  TRY_ASSIGN(Json payload, Json::parse(body, limits::hook_body_bytes_max));
  if (!payload.view().is_object()) return fail(ErrorCode::invalid_request, "payload must be a JSON object");
  return payload;
}

Result<std::string> text_in(JsonView payload, std::string_view name) {
  const JsonView member = given(payload, name);
  if (!member) return std::string();
  if (!member.is_string()) return wrong(name, "a string");
  std::string_view text = member.text();
  constexpr std::string_view blanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return std::string(text.substr(0, text.find_last_not_of(blanks) + 1));
}

Result<bool> flag_in(JsonView payload, std::string_view name, bool fallback) {
  const JsonView member = given(payload, name);
  if (!member) return fallback;
  if (!member.is_bool()) return wrong(name, "a boolean");
  return member.boolean();
}

Result<std::int64_t> seconds_in(JsonView payload, std::string_view name) {
  const JsonView member = given(payload, name);
  if (!member) return std::int64_t{-1};
  if (!member.is_integer() || member.integer() < 0 || member.integer() > limits::run_seconds_max)
    return wrong(name, "an integer from 0 to " + std::to_string(limits::run_seconds_max));
  return member.integer();
}

}  // namespace omenia::hooks
