#include "worker/relay.h"

#include <iterator>
#include <vector>

#include "shared/base/utf8.h"
#include "worker/context.h"
#include "worker/relay_link.h"

namespace omenia::worker {

namespace {

JsonWriter message_about(const agents::Run& run, std::string_view type, std::size_t size = 256) {
  JsonWriter message(size);
  message.begin_object().member("type", type).member("runId", run.request.run_id);
  return message;
}

// Each fits into a message, and ends between two characters.
std::vector<std::string_view> pieces_of(std::string_view text) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    std::string_view piece = utf8_prefix(text, limits::relay_piece_bytes_max);
    if (piece.empty()) piece = text.substr(0, limits::relay_piece_bytes_max);
    pieces.push_back(piece);
    text.remove_prefix(piece.size());
  }
  return pieces;
}

}  // namespace

Relay::Relay(Context& context) : context_(context) {}

Relay::~Relay() = default;

void Relay::join(std::int64_t generation, Fd socket) {
  if (!socket.valid()) return;
  links_.remove_if([generation](const auto& link) { return link->generation() == generation; });
  links_.push_back(nullptr);
  const auto place = std::prev(links_.end());
  *place = std::make_unique<Link>(context_, generation, std::move(socket), [this, place] { links_.erase(place); });
  if (draining_) show_all(**place);
}

void Relay::drain() {
  draining_ = true;
  for (const auto& link : links_) show_all(*link);
}

void Relay::show_all(Link& link) {
  for (const agents::RunPointer& run : context_.runs->ours())
    if (!run->is_hidden) show(link, *run);
}

// The text in pieces that fit into a message each; the clients have it already.
void Relay::show(Link& link, const agents::Run& run) {
  JsonWriter message = message_about(run, "run", 512);
  message.member("sessionKey", run.request.session.text).member("agentId", run.request.session.agent_id);
  message.member("origin", run.request.origin).member("senderIsOwner", run.request.sender_is_owner);
  message.member("sessionId", run.session_id).member("acceptedMs", run.accepted_ms);
  message.member("startedMs", run.started_ms).member("eventSeq", run.event_seq).member("provider", run.provider);
  message.member("model", run.model).member("api", run.api).member("itemId", run.item_id).end_object();
  link.send(message);
  if (run.is_hidden) return;  // It is being revealed: what it has said is told next.
  for (const std::string_view piece : pieces_of(run.text)) {
    JsonWriter text = message_about(run, "text", piece.size() + 256);
    text.member("piece", piece).member("quiet", true).end_object();
    link.send(text);
  }
}

void Relay::tell(const agents::Run& run, const JsonWriter& message) {
  if (!draining_ || run.elsewhere != 0) return;
  for (const auto& link : links_) link->send(message);
}

void Relay::preparing(agents::Run& run, std::string_view phase) {
  if (!draining_ || run.elsewhere != 0) return;
  for (const auto& link : links_) show(*link, run);  // Taken up just now: unknown there.
  tell(run, message_about(run, "phase").member("phase", phase).end_object());
}

void Relay::started(agents::Run& run) {
  tell(run, message_about(run, "started").member("startedMs", run.started_ms).end_object());
}

void Relay::model_called(agents::Run& run) {
  JsonWriter message = message_about(run, "model");
  message.member("provider", run.provider).member("model", run.model).member("api", run.api).end_object();
  tell(run, message);
}

void Relay::text_added(agents::Run& run, std::string_view piece) {
  if (!draining_) return;
  for (const std::string_view part : pieces_of(piece))
    tell(run, message_about(run, "text", part.size() + 128).member("piece", part).end_object());
}

void Relay::stored(agents::Run& run, const state::EntryRow& entry) {
  if (!draining_ || run.elsewhere != 0 || entry.body.size() > limits::relay_entry_bytes_max) return;
  JsonWriter message = message_about(run, "stored", entry.body.size() + 512);
  message.key("entry").begin_object().member("sessionId", entry.session_id).member("seq", entry.seq);
  message.member("id", entry.id).member("kind", entry.kind).member("role", entry.role).member("runId", entry.run_id);
  message.member("createdMs", entry.created_ms).member("body", entry.body).end_object().end_object();
  tell(run, message);
}

// Also while this worker serves: a run of the draining one may wait for the lane. A run that never started is not at
// its end: the next worker takes it up.
void Relay::ended(agents::Run& run, const agents::RunOutcome& outcome) {
  if (run.elsewhere != 0 || links_.empty()) return;
  if (outcome.status == agents::RunStatus::interrupted && outcome.started_ms == 0) return;
  agents::RunOutcome short_outcome = outcome;
  if (draining_) short_outcome.text.clear();  // Shown piece by piece already.
  JsonWriter message = message_about(run, "ended", short_outcome.text.size() + 512);
  message.member("outcome", short_outcome.to_json()).member("textAsShown", draining_).end_object();
  for (const auto& link : links_) link->send(message);
}

}  // namespace omenia::worker
