#include "worker/events/run_feed.h"

#include "shared/base/clock.h"
#include "worker/agents/transcript.h"
#include "worker/context.h"
#include "worker/events/run_payload.h"

namespace omenia::worker {

namespace {

// A fragment of members for an object that somebody else opens: written as an object, used without its braces.
JsonWriter members() {
  JsonWriter writer;
  writer.begin_object();
  return writer;
}

std::string without_braces(const JsonWriter& object) {
  const std::string& text = object.text();
  return text.substr(1, text.size() - 2);
}

void write_text_message(JsonWriter& writer, std::string_view text) {
  writer.key("message").begin_object().member("role", "assistant").key("content").begin_array();
  writer.begin_object().member("type", "text").member("text", text).end_object();
  writer.end_array().member("timestamp", wall_ms()).end_object();
}

}  // namespace

void RunFeed::preparing(agents::Run& run, std::string_view phase) {
  send_status(run, phase);
}

void RunFeed::started(agents::Run& run) {
  JsonWriter data = members();
  data.member("phase", "start").member("startedAt", run.started_ms).end_object();
  send_agent(run, "lifecycle", data);
  send_session_changed(run, "start");
  send_status(run, "starting_model");
}

void RunFeed::model_called(agents::Run& run) {
  JsonWriter data = members();
  data.member("phase", "model").member("provider", run.provider).member("model", run.model).end_object();
  send_agent(run, "lifecycle", data);
}

void RunFeed::text_added(agents::Run& run, std::string_view piece) {
  JsonWriter data = members();
  data.member("text", run.text).member("delta", piece).member("itemId", run.item_id).end_object();
  send_agent(run, "assistant", data);
  Pace& pace = paces_[run.request.run_id];
  if (pace.timer && pace.timer->running()) return;
  flush(run);
}

// The first delta goes out at once, later ones together at each beat.
void RunFeed::flush(agents::Run& run) {
  Pace& pace = paces_[run.request.run_id];
  if (pace.told_bytes >= run.text.size()) return;
  JsonWriter delta = members();
  delta.member("deltaText", std::string_view(run.text).substr(pace.told_bytes));
  write_text_message(delta, run.text);
  delta.end_object();
  pace.told_bytes = run.text.size();
  send_chat(run, "delta", delta);
  if (!pace.timer)
    pace.timer = std::make_unique<Timer>(context_.loop, [this, &run] { flush(run); });  // Gone before the run is.
  pace.timer->start(limits::chat_delta_ms);
}

void RunFeed::resume(agents::Run& run) {
  paces_[run.request.run_id].told_bytes = run.text.size();
}

void RunFeed::stored(agents::Run& run, const state::EntryRow& entry) {
  const std::string& key = run.request.session.text;
  JsonWriter payload(entry.body.size() + 512);
  payload.begin_object().member("sessionKey", key).member("agentId", run.request.session.agent_id);
  if (entry.role == "user") payload.member("senderIsOwner", run.request.sender_is_owner);
  payload.raw_member("message", agents::wire_message(entry));
  payload.member("messageId", entry.id).member("messageSeq", entry.seq).end_object();
  context_.hub.broadcast(Event::session_message, payload.text(), ws::Audience::message_subscribers, key);
}

void RunFeed::ended(agents::Run& run, const agents::RunOutcome& outcome) {
  if (outcome.text.size() > run.text.size()) run.text = outcome.text;  // A provider that answered in one piece.
  flush(run);
  paces_.erase(run.request.run_id);
  if (outcome.ok()) {
    JsonWriter usage = members();
    usage.member("outputTokens", outcome.usage.output).end_object();
    send_agent(run, "usage", usage);
  }
  JsonWriter end = members();
  write_lifecycle_end(end, outcome);
  send_agent(run, "lifecycle", end.end_object());
  JsonWriter chat = members();
  if (outcome.ok()) {
    chat.member("stopReason", outcome.stop_reason);
  } else if (outcome.status == agents::RunStatus::aborted) {
    chat.member("stopReason", outcome.stop_reason);
  } else if (outcome.error) {
    chat.member("errorMessage", outcome.error->message);
    write_error_detail(chat, outcome);
  }
  const bool is_error = !outcome.ok() && outcome.status != agents::RunStatus::aborted;
  if (!outcome.text.empty() && !is_error) write_text_message(chat, outcome.text);
  send_chat(run, outcome.ok() ? "final" : is_error ? "error" : "aborted", chat.end_object());
  send_session_changed(run, is_error ? "error" : "end");
}

void RunFeed::send_status(agents::Run& run, std::string_view phase) {
  JsonWriter chat = members();
  chat.member("phase", phase).end_object();
  send_chat(run, "status", chat);
  send_agent(run, "run_status", chat);
}

void RunFeed::send_agent(agents::Run& run, std::string_view stream, const JsonWriter& data) {
  const std::string& key = run.request.session.text;
  JsonWriter payload(data.text().size() + 256);
  payload.begin_object().member("runId", run.request.run_id).member("sessionKey", key);
  payload.member("sessionId", run.session_id).member("agentId", run.request.session.agent_id);
  payload.member("stream", stream).raw_member("data", data.text());
  payload.member("seq", run.next_event_seq()).member("ts", wall_ms()).end_object();
  context_.hub.broadcast(Event::agent, payload.text(), ws::Audience::session_followers, key);
}

void RunFeed::send_chat(agents::Run& run, std::string_view state, const JsonWriter& more) {
  const std::string& key = run.request.session.text;
  JsonWriter payload(more.text().size() + 256);
  payload.begin_object().member("runId", run.request.run_id).member("sessionKey", key);
  payload.member("agentId", run.request.session.agent_id).member("seq", run.next_event_seq()).member("state", state);
  if (const std::string rest = without_braces(more); !rest.empty()) payload.raw(rest);
  payload.end_object();
  context_.hub.broadcast(Event::chat, payload.text(), ws::Audience::session_followers, key);
}

void RunFeed::send_session_changed(agents::Run& run, std::string_view phase) {
  JsonWriter payload;
  payload.begin_object().member("sessionKey", run.request.session.text);
  payload.member("agentId", run.request.session.agent_id).member("phase", phase);
  payload.member("runId", run.request.run_id).member("ts", wall_ms()).end_object();
  context_.hub.broadcast(Event::sessions_changed, payload.text(), ws::Audience::list_subscribers);
}

}  // namespace omenia::worker
