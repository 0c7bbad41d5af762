#include "worker/events/run_feed.h"

#include "shared/base/clock.h"
#include "worker/agents/system_events.h"
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

std::string agent_payload(const agents::Run& run, std::string_view stream, const JsonWriter& data, std::int64_t seq) {
  JsonWriter payload(data.text().size() + 256);
  payload.begin_object().member("runId", run.request.run_id).member("sessionKey", run.request.session.text);
  payload.member("sessionId", run.session_id).member("agentId", run.request.session.agent_id);
  payload.member("stream", stream).raw_member("data", data.text());
  return payload.member("seq", seq).member("ts", wall_ms()).end_object().take();
}

std::string chat_payload(const agents::Run& run, std::string_view state, const JsonWriter& more, std::int64_t seq) {
  JsonWriter payload(more.text().size() + 256);
  payload.begin_object().member("runId", run.request.run_id).member("sessionKey", run.request.session.text);
  payload.member("agentId", run.request.session.agent_id).member("seq", seq).member("state", state);
  if (const std::string rest = without_braces(more); !rest.empty()) payload.raw(rest);
  return payload.end_object().take();
}

}  // namespace

void RunFeed::preparing(agents::Run& run, std::string_view phase) {
  send_status(run, phase);
}

void RunFeed::started(agents::Run& run) {
  send_agent(run, "lifecycle",
             [&](JsonWriter& data) { data.member("phase", "start").member("startedAt", run.started_ms); });
  send_session_changed(run, "start");
  send_status(run, "starting_model");
}

void RunFeed::model_called(agents::Run& run) {
  send_agent(run, "lifecycle", [&](JsonWriter& data) {
    data.member("phase", "model").member("provider", run.provider).member("model", run.model);
  });
}

void RunFeed::text_added(agents::Run& run, std::string_view piece) {
  tell_agent_text(run, run.text.size() - piece.size(), false);
  Pace& pace = paces_[run.request.run_id];
  if (pace.timer && pace.timer->running()) return;
  flush(run);
}

// The first delta goes out at once, later ones together at each beat. The beat goes on while somebody is behind.
void RunFeed::flush(agents::Run& run) {
  const std::string& run_id = run.request.run_id;
  Pace& pace = paces_[run_id];
  const std::size_t told_bytes = std::exchange(pace.told_bytes, run.text.size());
  if (context_.hub.is_held_back(Event::agent, run_id)) tell_agent_text(run, run.text.size(), false);
  const bool chat_behind = context_.hub.is_held_back(Event::chat, run_id);
  if (told_bytes < run.text.size() || chat_behind) tell_chat_text(run, told_bytes, false);
  const bool behind = chat_behind || context_.hub.is_held_back(Event::agent, run_id);
  if (told_bytes >= run.text.size() && !behind) return;
  if (!pace.timer)
    pace.timer = std::make_unique<Timer>(context_.loop, [this, &run] { flush(run); });  // Gone before the run is.
  pace.timer->start(limits::chat_delta_ms);
}

void RunFeed::tell_agent_text(agents::Run& run, std::size_t told_bytes, bool last) {
  const std::int64_t seq = run.next_event_seq();
  auto payload = [&run, seq](std::size_t from, bool whole) {
    JsonWriter data = members();
    if (whole) data.member("text", run.text);
    data.member("delta", std::string_view(run.text).substr(from)).member("itemId", run.item_id).end_object();
    return agent_payload(run, "assistant", data, seq);
  };
  const agents::RunRequest& request = run.request;
  context_.hub.tell({Event::agent, request.run_id, request.session.text, told_bytes, run.text.size(), payload}, last);
}

void RunFeed::tell_chat_text(agents::Run& run, std::size_t told_bytes, bool last) {
  const std::int64_t seq = run.next_event_seq();
  auto payload = [&run, seq](std::size_t from, bool whole) {
    JsonWriter delta = members();
    delta.member("deltaText", std::string_view(run.text).substr(from));
    if (whole) write_text_message(delta, run.text);
    return chat_payload(run, "delta", delta.end_object(), seq);
  };
  const agents::RunRequest& request = run.request;
  context_.hub.tell({Event::chat, request.run_id, request.session.text, told_bytes, run.text.size(), payload}, last);
}

void RunFeed::resume(agents::Run& run) {
  paces_[run.request.run_id].told_bytes = run.text.size();
}

void RunFeed::stored(agents::Run& run, const state::EntryRow& entry) {
  const std::string& key = run.request.session.text;
  if (!context_.hub.is_heard(Event::session_message, ws::Audience::message_subscribers, key)) return;
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
  // A connection that is still behind gets what it lacks before it learns of the end.
  if (context_.hub.is_held_back(Event::agent, run.request.run_id)) tell_agent_text(run, run.text.size(), true);
  if (context_.hub.is_held_back(Event::chat, run.request.run_id)) tell_chat_text(run, run.text.size(), true);
  paces_.erase(run.request.run_id);
  if (outcome.ok())
    send_agent(run, "usage", [&](JsonWriter& usage) { usage.member("outputTokens", outcome.usage.output); });
  send_agent(run, "lifecycle", [&](JsonWriter& end) { write_lifecycle_end(end, outcome); });
  const bool is_error = !outcome.ok() && outcome.status != agents::RunStatus::aborted;
  send_chat(run,
            outcome.ok() ? "final"
            : is_error   ? "error"
                         : "aborted",
            [&](JsonWriter& chat) {
              if (!is_error) {
                chat.member("stopReason", outcome.stop_reason);
              } else if (outcome.error) {
                chat.member("errorMessage", outcome.error->message);
                write_error_detail(chat, outcome);
              }
              if (!outcome.text.empty() && !is_error) write_text_message(chat, outcome.text);
            });
  send_session_changed(run, is_error ? "error" : "end");
  if (run.request.origin == agents::wake_origin)
    context_.hub.broadcast(Event::heartbeat, heartbeat_payload(outcome), ws::Audience::session_followers,
                           run.request.session.text);
}

void RunFeed::send_status(agents::Run& run, std::string_view phase) {
  const Write write = [phase](JsonWriter& status) { status.member("phase", phase); };
  send_chat(run, "status", write);
  send_agent(run, "run_status", write);
}

void RunFeed::send_agent(agents::Run& run, std::string_view stream, const Write& write) {
  const bool of_tools = stream == "tool" || stream == "item";
  const ws::Audience audience = of_tools ? ws::Audience::tool_watchers : ws::Audience::session_followers;
  const std::int64_t seq = run.next_event_seq();  // Of the run, whoever hears it.
  const std::string& key = run.request.session.text;
  if (!context_.hub.is_heard(Event::agent, audience, key)) return;
  JsonWriter data = members();
  write(data);
  context_.hub.broadcast(Event::agent, agent_payload(run, stream, data.end_object(), seq), audience, key);
}

void RunFeed::send_chat(agents::Run& run, std::string_view state, const Write& write) {
  const std::int64_t seq = run.next_event_seq();
  const std::string& key = run.request.session.text;
  constexpr ws::Audience audience = ws::Audience::session_followers;
  if (!context_.hub.is_heard(Event::chat, audience, key)) return;
  JsonWriter more = members();
  write(more);
  context_.hub.broadcast(Event::chat, chat_payload(run, state, more.end_object(), seq), audience, key);
}

void RunFeed::send_session_changed(agents::Run& run, std::string_view phase) {
  if (!context_.hub.is_heard(Event::sessions_changed, ws::Audience::list_subscribers, {})) return;
  JsonWriter payload;
  payload.begin_object().member("sessionKey", run.request.session.text);
  payload.member("agentId", run.request.session.agent_id).member("phase", phase);
  payload.member("runId", run.request.run_id).member("ts", wall_ms()).end_object();
  context_.hub.broadcast(Event::sessions_changed, payload.text(), ws::Audience::list_subscribers);
}

}  // namespace omenia::worker
