// See agent_text.h.

#include "cli/commands/agent_text.h"

#include "shared/json/writer.h"

namespace omenia::cli {

std::string AgentText::add(JsonView payload) {
  if (payload["stream"].text() != "assistant") return "";
  const std::string_view whole = payload["data"]["text"].text();
  std::string piece(payload["data"]["delta"].text());
  if (whole.size() > shown_.size() && whole.starts_with(shown_)) piece = whole.substr(shown_.size());
  shown_ += piece;
  return piece;
}

std::string AgentText::finish(JsonView payloads) {
  std::string whole;
  for (JsonView payload = payloads.first(); payload; payload = payload.next()) {
    const std::string_view text = payload["text"].text();
    if (!whole.empty() && !text.empty()) whole += "\n";
    whole += text;
  }
  std::string rest;
  if (whole.starts_with(shown_)) {
    rest = whole.substr(shown_.size());
  } else if (!whole.empty() && !shown_.ends_with(whole)) {
    rest = "\n" + whole;  // Events were lost: the whole answer, once more and complete.
  }
  shown_ += rest;
  if (!shown_.empty() && !shown_.ends_with('\n')) rest += "\n";
  return rest;
}

std::string agent_document(const Answer& answer, std::string_view run_id) {
  if (answer.ok) return answer.payload["result"] ? answer.payload["result"].dump() : answer.payload.dump();
  JsonWriter writer;
  writer.begin_object().member("ok", false).key("error").begin_object();
  writer.member("type", "gateway_request_error").member("message", answer.error["message"].text());
  for (const char* name : {"code", "details", "retryable", "retryAfterMs"})
    if (answer.error[name]) writer.member(name, answer.error[name]);
  return writer.end_object().member("runId", run_id).end_object().take();
}

}  // namespace omenia::cli
