#include "worker/events/run_payload.h"

#include "shared/base/limits.h"
#include "shared/base/utf8.h"
#include "worker/agents/reply.h"

namespace omenia::worker {

namespace {

using agents::RunOutcome;
using agents::RunStatus;

// The words that clients of the reference know for the causes of a failed run.
std::string_view failover_reason(ErrorCode code) {
  switch (code) {
    case ErrorCode::provider_rate_limit: return "rate_limit";
    case ErrorCode::provider_auth: return "auth";
    case ErrorCode::provider_billing: return "billing";
    case ErrorCode::provider_format: return "format";
    case ErrorCode::provider_not_found:
    case ErrorCode::model_not_configured: return "model_not_found";
    case ErrorCode::provider_overloaded: return "overloaded";
    case ErrorCode::provider_timeout:
    case ErrorCode::provider_unreachable: return "timeout";
    case ErrorCode::provider_server_error:
    case ErrorCode::provider_broken: return "server_error";
    case ErrorCode::context_overflow: return "context_overflow";
    default: return "unclassified";
  }
}

void write_receipt(JsonWriter& writer, const RunOutcome& outcome) {
  writer.key("terminalReceipt").begin_object();
  writer.member("runId", outcome.run_id).member("sessionId", outcome.session_id).member("turnId", outcome.run_id);
  for (const char* side : {"requested", "effective"}) {
    writer.key(side).begin_object().member("provider", outcome.provider).member("model", outcome.model);
    if (std::string_view(side) == "effective" && !outcome.response_model.empty())
      writer.member("responseModel", outcome.response_model);
    writer.end_object();
  }
  writer.key("successfulToolNames").begin_array().end_array().member("rerouted", false);
  writer.member("terminalDisposition", outcome.text.empty() ? "empty" : "visible").end_object();
}

void write_reply(JsonWriter& writer, const RunOutcome& outcome) {
  writer.key("terminalReply").begin_object();
  writer.member("disposition", outcome.text.empty() ? "empty" : "visible").member("text", outcome.text).end_object();
}

void write_usage(JsonWriter& writer, std::string_view name, const providers::Usage& usage) {
  writer.key(name).begin_object().member("input", usage.input).member("output", usage.output);
  writer.member("cacheRead", usage.cache_read).member("cacheWrite", usage.cache_write).member("total", usage.total);
  writer.key("cost").begin_object().member("total", 0).end_object().end_object();
}

void write_result(JsonWriter& writer, const RunOutcome& outcome) {
  writer.key("result").begin_object().key("payloads").begin_array();
  if (!outcome.text.empty()) writer.begin_object().member("text", outcome.text).key("mediaUrl").null().end_object();
  writer.end_array().key("meta").begin_object();
  writer.member("durationMs", outcome.ended_ms - outcome.accepted_ms).member("aborted", !outcome.ok());
  writer.member("stopReason", outcome.stop_reason).key("agentMeta").begin_object();
  writer.member("sessionId", outcome.session_id).member("sessionFile", outcome.session_key);
  writer.member("provider", outcome.provider).member("model", outcome.model);
  write_usage(writer, "usage", outcome.usage);
  write_usage(writer, "lastCallUsage", outcome.usage);
  writer.member("promptTokens", outcome.usage.input + outcome.usage.cache_read).member("assistantTurns", 1);
  write_receipt(writer, outcome);
  writer.end_object().end_object().end_object();
}

std::string_view error_text(const RunOutcome& outcome) {
  return outcome.error ? std::string_view(outcome.error->message) : std::string_view("the run failed");
}

std::string_view heartbeat_status(const RunOutcome& outcome) {
  if (outcome.status == RunStatus::aborted) return "skipped";
  if (!outcome.ok()) return "failed";
  switch (agents::reply_of(outcome)) {
    case agents::Reply::empty: return "ok-empty";
    case agents::Reply::silent: return "ok-token";
    case agents::Reply::visible: break;
  }
  return "sent";
}

}  // namespace

void write_lifecycle_end(JsonWriter& writer, const RunOutcome& outcome) {
  const bool failed = outcome.status == RunStatus::failed || outcome.status == RunStatus::interrupted;
  writer.member("phase", failed ? "error" : "end");
  writer.member("startedAt", outcome.started_ms).member("endedAt", outcome.ended_ms);
  writer.member("aborted", outcome.status == RunStatus::aborted || outcome.status == RunStatus::timed_out);
  writer.member("stopReason", failed ? "error" : std::string_view(outcome.stop_reason));
  writer.member("livenessState", failed ? "blocked" : "working").member("executionSettled", true);
  if (outcome.status == RunStatus::aborted) writer.member("status", "cancelled");
  if (outcome.error) {
    writer.member("error", error_text(outcome)).key("errorObservation").begin_object();
    writer.member("provider", outcome.provider).member("model", outcome.model);
    writer.member("failoverReason", failover_reason(outcome.error->code)).end_object();
    return;
  }
  write_receipt(writer, outcome);
  write_reply(writer, outcome);
}

void write_error_detail(JsonWriter& writer, const RunOutcome& outcome) {
  if (!outcome.error || outcome.provider.empty()) return;
  writer.key("errorDetail").begin_object().member("provider", outcome.provider).member("model", outcome.model);
  writer.member("failoverReason", failover_reason(outcome.error->code)).end_object();
}

rpc::Answer agent_answer(const RunOutcome& outcome) {
  const bool failed = outcome.status == RunStatus::failed || outcome.status == RunStatus::interrupted;
  JsonWriter writer(outcome.text.size() + 1024);
  writer.begin_object().member("runId", outcome.run_id).member("status", agents::wire_status(outcome.status));
  if (failed) {
    writer.member("summary", error_text(outcome)).end_object();
    const ErrorCode code = outcome.error ? outcome.error->code : ErrorCode::internal;
    return rpc::Answer{writer.take(), Error{code, std::string(error_text(outcome))}};
  }
  writer.member("summary", outcome.ok() ? "completed" : "aborted");
  if (!outcome.ok()) {
    writer.member("stopReason", outcome.stop_reason);
    if (outcome.status == RunStatus::timed_out)
      writer.member("timeoutPhase", outcome.provider.empty() ? "queue" : "provider")
          .member("providerStarted", !outcome.provider.empty());
  }
  if (outcome.status != RunStatus::aborted) write_result(writer, outcome);
  return rpc::Answer{writer.end_object().take()};
}

std::string wait_payload(const RunOutcome& outcome) {
  JsonWriter writer;
  writer.begin_object().member("runId", outcome.run_id).member("status", agents::wire_status(outcome.status));
  if (outcome.started_ms > 0) writer.member("startedAt", outcome.started_ms);
  writer.member("endedAt", outcome.ended_ms).member("stopReason", outcome.stop_reason);
  if (outcome.error) {
    writer.member("error", error_text(outcome));
  } else {
    write_reply(writer, outcome);
    write_receipt(writer, outcome);
  }
  return writer.end_object().take();
}

std::string heartbeat_payload(const RunOutcome& outcome) {
  const std::string_view status = heartbeat_status(outcome);
  JsonWriter writer;
  writer.begin_object().member("ts", outcome.ended_ms).member("status", status);
  writer.member("sessionKey", outcome.session_key).member("agentId", outcome.agent_id);
  if (status == "sent") writer.member("preview", utf8_prefix(outcome.text, limits::preview_chars));
  if (status == "failed") writer.member("reason", error_text(outcome));
  if (status == "skipped") writer.member("reason", outcome.stop_reason);
  return writer.member("durationMs", outcome.ended_ms - outcome.accepted_ms).end_object().take();
}

}  // namespace omenia::worker
