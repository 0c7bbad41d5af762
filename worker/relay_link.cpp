#include "worker/relay_link.h"

#include "worker/context.h"

namespace omenia::worker {

namespace {

state::EntryRow entry_of(JsonView object) {
  return state::EntryRow{.session_id = std::string(object["sessionId"].text()),
                         .seq = object["seq"].integer(),
                         .id = std::string(object["id"].text()),
                         .kind = std::string(object["kind"].text()),
                         .role = std::string(object["role"].text()),
                         .run_id = std::string(object["runId"].text()),
                         .created_ms = object["createdMs"].integer(),
                         .body = std::string(object["body"].text())};
}

agents::RunPointer run_of(JsonView message) {
  auto run = std::make_shared<agents::Run>();
  run->request.run_id = message["runId"].text();
  run->request.session = {std::string(message["sessionKey"].text()), std::string(message["agentId"].text()), {}};
  run->request.origin = message["origin"].text();
  run->request.sender_is_owner = message["senderIsOwner"].boolean();
  run->session_id = message["sessionId"].text();
  run->accepted_ms = message["acceptedMs"].integer();
  run->started_ms = message["startedMs"].integer();
  run->event_seq = message["eventSeq"].integer();
  run->provider = message["provider"].text();
  run->model = message["model"].text();
  run->api = message["api"].text();
  run->item_id = message["itemId"].text();
  return run;
}

}  // namespace

Relay::Link::Link(Context& context, std::int64_t generation, Fd socket, std::function<void()> closed)
    : context_(context),
      generation_(generation),
      channel_(
          context.loop, std::move(socket), [this](JsonView message) { hear(message); },
          [closed = std::move(closed)](const std::string&) { closed(); }) {}

void Relay::Link::hear(JsonView message) {
  const std::string_view type = message["type"].text();
  if (type == "abort") return abort(message);
  if (type == "run") return hear_run(message);
  if (type == "ended") return hear_ended(message);
  const auto image = images_.find(std::string(message["runId"].text()));
  if (image != images_.end()) happened(image->second, type, message);
}

void Relay::Link::hear_run(JsonView message) {
  Image image;
  image.run = run_of(message);
  const std::string run_id = image.run->request.run_id;
  image.stop = std::make_unique<StopWatch>(image.run->stop.get_token(), [this, run = image.run.get()] {
    JsonWriter abort;
    abort.begin_object().member("type", "abort").member("runId", run->request.run_id);
    abort.member("sessionKey", run->request.session.text).member("reason", run->stop_reason).end_object();
    send(abort);
  });
  context_.runs->show_elsewhere(image.run, generation_);
  images_[run_id] = std::move(image);
}

// `quiet` pieces of text were told to clients by the other worker.
void Relay::Link::happened(Image& image, std::string_view type, JsonView message) {
  agents::Run& run = *image.run;
  const auto replay = [&](const auto& call) { context_.runs->replay(run, call); };
  if (type == "text" && message["quiet"].boolean()) {
    run.text.append(message["piece"].text());
    context_.run_feed.resume(run);
  } else if (type == "text") {
    const std::string_view piece = message["piece"].text();
    run.text.append(piece);
    replay([&](agents::RunObserver& observer) { observer.text_added(run, piece); });
  } else if (type == "phase") {
    replay([&](agents::RunObserver& observer) { observer.preparing(run, message["phase"].text()); });
  } else if (type == "started") {
    run.started_ms = message["startedMs"].integer();
    replay([&](agents::RunObserver& observer) { observer.started(run); });
  } else if (type == "model") {
    run.provider = message["provider"].text();
    run.model = message["model"].text();
    run.api = message["api"].text();
    replay([&](agents::RunObserver& observer) { observer.model_called(run); });
  } else if (type == "stored") {
    const state::EntryRow entry = entry_of(message["entry"]);
    replay([&](agents::RunObserver& observer) { observer.stored(run, entry); });
  }
}

void Relay::Link::hear_ended(JsonView message) {
  auto outcome = agents::RunOutcome::from_json(message["outcome"].text());
  if (!outcome.ok()) return;
  const auto image = images_.extract(outcome.value().run_id);  // Lives until everybody was told.
  if (message["textAsShown"].boolean() && !image.empty()) outcome.value().text = image.mapped().run->text;
  context_.runs->end_elsewhere(std::make_shared<const agents::RunOutcome>(std::move(outcome).value()));
}

void Relay::Link::abort(JsonView message) {
  context_.runs->abort(std::string(message["sessionKey"].text()), std::string(message["runId"].text()),
                       std::string(message["reason"].text("rpc")));
}

}  // namespace omenia::worker
