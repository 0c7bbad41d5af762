#include "worker/rpc/frames.h"

#include "shared/json/shape.h"

namespace omenia::rpc {

namespace {

constexpr Field request_fields[] = {
    {.name = "type", .type = JsonType::string, .required = true, .allowed = "req"},
    {.name = "id", .type = JsonType::text, .required = true, .max = 256},
    {.name = "method", .type = JsonType::text, .required = true, .max = 256},
    {.name = "params", .type = JsonType::any},
    {.name = "traceparent", .type = JsonType::string, .max = 128},
    {.name = "expectedProfileId", .type = JsonType::text, .max = 128},
};
constexpr Shape request_shape{request_fields};

bool is_retryable(const Error& error) {
  return error.retry_after_ms.has_value() || error.code == ErrorCode::unavailable || error.code == ErrorCode::draining;
}

}  // namespace

void write_error(JsonWriter& writer, const Error& error, std::string_view name) {
  writer.key(name).begin_object();
  writer.member("code", row_of(error.code).wire).member("message", error.message);
  if (!error.details.empty()) writer.raw_member("details", error.details);
  if (is_retryable(error)) writer.member("retryable", true);
  if (error.retry_after_ms) writer.member("retryAfterMs", *error.retry_after_ms);
  writer.end_object();
}

std::string response_frame(std::string_view request_id, const Result<Answer>& answer) {
  JsonWriter writer(answer.ok() ? answer.value().payload.size() + 128 : 256);
  writer.begin_object().member("type", "res").member("id", request_id);
  if (!answer.ok()) {
    writer.member("ok", false);
    write_error(writer, answer.error());
  } else {
    writer.member("ok", !answer.value().error.has_value()).raw_member("payload", answer.value().payload);
    if (answer.value().error) write_error(writer, *answer.value().error);
  }
  return writer.end_object().take();
}

std::string request_problems(JsonView frame) {
  return problems_of(frame, request_shape);
}

}  // namespace omenia::rpc
