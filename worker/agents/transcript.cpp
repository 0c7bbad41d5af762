#include "worker/agents/transcript.h"

#include <algorithm>

#include "shared/base/ids.h"
#include "shared/base/limits.h"
#include "shared/json/json.h"
#include "shared/json/writer.h"

namespace omenia::agents {

namespace {

constexpr const char* compaction_kind = "compaction";

state::EntryRow entry_of(const Run& run, std::string role, std::int64_t now_ms) {
  state::EntryRow entry;
  entry.session_id = run.session_id;
  entry.id = random_uuid();
  entry.kind = "message";
  entry.role = std::move(role);
  entry.run_id = run.request.run_id;
  entry.created_ms = now_ms;
  return entry;
}

void write_usage(JsonWriter& writer, const providers::Usage& usage) {
  writer.key("usage").begin_object();
  writer.member("input", usage.input).member("output", usage.output).member("totalTokens", usage.total);
  writer.member("cacheRead", usage.cache_read).member("cacheWrite", usage.cache_write);
  writer.key("cost").begin_object();
  for (const char* part : {"input", "output", "cacheRead", "cacheWrite", "total"}) writer.member(part, 0);
  writer.end_object().end_object();
}

// How the end of a run is called in its assistant message.
std::string stop_reason_of(const RunOutcome& outcome) {
  switch (outcome.status) {
    case RunStatus::done: return outcome.tool_calls.empty() ? outcome.stop_reason : "toolUse";
    case RunStatus::aborted:
    case RunStatus::timed_out: return "aborted";
    case RunStatus::failed:
    case RunStatus::interrupted: return "error";
  }
  return "error";
}

// Arguments that are no object stay the text that they are.
void write_call(JsonWriter& writer, const providers::ToolCall& call) {
  writer.begin_object().member("type", "toolCall").member("id", call.id).member("name", call.name);
  const auto arguments = Json::parse(call.arguments);
  if (arguments.ok() && arguments.value().view().is_object()) {
    writer.member("arguments", arguments.value().view());
  } else {
    writer.member("arguments", call.arguments);
  }
  writer.end_object();
}

// What a model is told of a message later: its text, the calls in it as a line each, and that there were images.
std::string said_in(JsonView content) {
  std::string text = text_of(content);
  std::size_t images = 0;
  for (JsonView part = content.is_array() ? content.first() : JsonView(); part; part = part.next()) {
    const std::string_view type = part["type"].text();
    if (type == "image" && part["mimeType"]) ++images;
    if (type != "toolCall") continue;
    const JsonView arguments = part["arguments"];
    text.append(text.empty() ? "" : "\n").append("tool_call id=").append(part["id"].text());
    text.append(" name=").append(part["name"].text()).append(" arguments=");
    text.append(arguments.is_string() ? std::string(arguments.text()) : arguments.dump());
  }
  if (images > 0) text.append("\n[images that came with this message: ").append(std::to_string(images)).append("]");
  return text;
}

struct Boundary {
  std::int64_t kept_from_seq = 0;
  std::string summary;
};

Boundary last_boundary(const std::vector<state::EntryRow>& entries) {
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (entry->kind != compaction_kind) continue;
    const Result<Json> body = Json::parse(entry->body);
    if (body.ok()) return {body.value()["keptFromSeq"].integer(), text_of(body.value()["content"])};
  }
  return {};
}

// Before the first message, in one with it when both are the user's: some servers take no two of a role in a row.
void tell_summary(std::vector<providers::Message>& messages, const std::string& summary) {
  if (summary.empty()) return;
  const std::string text = "[Summary of the conversation before]\n" + summary + "\n[End of the summary]";
  if (!messages.empty() && messages.front().role == providers::Role::user) {
    messages.front().text = text + "\n\n" + messages.front().text;
  } else {
    messages.insert(messages.begin(), {providers::Role::user, text});
  }
}

}  // namespace

std::string text_of(JsonView content) {
  if (content.is_string()) return std::string(content.text());
  std::string text;
  for (JsonView part = content.first(); part; part = part.next())
    if (part["type"].text() == "text") text.append(part["text"].text());
  return text;
}

state::EntryRow user_entry(const Run& run, std::int64_t now_ms) {
  state::EntryRow entry = entry_of(run, "user", now_ms);
  JsonWriter writer(run.request.message.size() + 256);
  writer.begin_object().member("role", "user").key("content");
  if (run.request.images.empty()) {
    writer.value(run.request.message);
  } else {
    writer.begin_array().begin_object().member("type", "text").member("text", run.request.message).end_object();
    for (const providers::Image& image : run.request.images)
      writer.begin_object()
          .member("type", "image")
          .member("mimeType", image.type)
          .member("omitted", true)
          .member("bytes", image.data->size() / 4 * 3)
          .end_object();
    writer.end_array();
  }
  writer.member("timestamp", run.accepted_ms).member("idempotencyKey", run.request.run_id + ":user").end_object();
  entry.body = writer.take();
  return entry;
}

const state::EntryRow& question_of(Run& run) {
  if (!run.question) run.question = user_entry(run, std::max(run.accepted_ms, run.started_ms));
  return *run.question;
}

state::EntryRow assistant_entry(const Run& run, const RunOutcome& outcome) {
  state::EntryRow entry = entry_of(run, "assistant", outcome.ended_ms);
  JsonWriter writer(outcome.text.size() + 512);
  writer.begin_object().member("role", "assistant").key("content").begin_array();
  if (!outcome.text.empty()) writer.begin_object().member("type", "text").member("text", outcome.text).end_object();
  for (const providers::ToolCall& call : outcome.tool_calls) write_call(writer, call);
  writer.end_array().member("api", run.api).member("provider", outcome.provider).member("model", outcome.model);
  write_usage(writer, outcome.usage);
  writer.member("stopReason", stop_reason_of(outcome)).member("timestamp", outcome.started_ms);
  if (outcome.error) writer.member("errorMessage", outcome.error->message);
  entry.body = writer.end_object().take();
  return entry;
}

state::EntryRow injected_entry(const std::string& session_id, const std::string& text, std::int64_t now_ms) {
  state::EntryRow entry;
  entry.session_id = session_id;
  entry.id = random_uuid();
  entry.kind = "message";
  entry.role = "assistant";
  entry.created_ms = now_ms;
  JsonWriter writer(text.size() + 512);
  writer.begin_object().member("role", "assistant").key("content").begin_array();
  writer.begin_object().member("type", "text").member("text", text).end_object().end_array();
  writer.member("timestamp", now_ms).member("stopReason", "stop");
  write_usage(writer, {});
  writer.member("api", "builtin").member("provider", "builtin").member("model", "gateway-injected");
  entry.body = writer.end_object().take();
  return entry;
}

state::EntryRow compaction_entry(const std::string& session_id, const std::string& summary, std::int64_t kept_from_seq,
                                 std::int64_t now_ms) {
  state::EntryRow entry;
  entry.session_id = session_id;
  entry.id = random_uuid();
  entry.kind = compaction_kind;
  entry.created_ms = now_ms;
  JsonWriter writer(summary.size() + 128);
  writer.begin_object().member("role", "system").member("content", summary).member("keptFromSeq", kept_from_seq);
  entry.body = writer.member("timestamp", now_ms).end_object().take();
  return entry;
}

std::string wire_message(const state::EntryRow& entry) {
  JsonWriter own(256);
  own.begin_object().member("id", entry.id).member("seq", entry.seq).member("recordTimestampMs", entry.created_ms);
  if (!entry.run_id.empty() && entry.role == "assistant") own.member("runId", entry.run_id);
  own.end_object();
  std::string message = entry.body.substr(0, entry.body.size() - 1);  // Without its closing brace.
  message.append(",\"__openclaw\":").append(own.text()).append("}");
  return message;
}

std::vector<providers::Message> prompt_messages(const std::vector<state::EntryRow>& entries) {
  const Boundary boundary = last_boundary(entries);
  std::vector<providers::Message> messages;
  std::size_t bytes = boundary.summary.size();
  for (auto entry = entries.rbegin(); entry != entries.rend() && entry->seq >= boundary.kept_from_seq; ++entry) {
    if (entry->kind != "message") continue;
    const Result<Json> body = Json::parse(entry->body);
    if (!body.ok()) continue;  // Not of ours: nothing that this release writes is malformed.
    std::string text = said_in(body.value()["content"]);
    if (text.empty()) continue;
    bytes += text.size();
    if (bytes > limits::history_window_bytes && !messages.empty()) break;
    messages.push_back({entry->role == "user" ? providers::Role::user : providers::Role::assistant, std::move(text)});
  }
  std::reverse(messages.begin(), messages.end());
  tell_summary(messages, boundary.summary);
  return messages;
}

}  // namespace omenia::agents
