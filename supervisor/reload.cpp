#include "supervisor/reload.h"

#include <utility>

namespace omenia::supervisor {

namespace {

std::vector<ListenAddress> addresses_in(JsonView list) {
  std::vector<ListenAddress> addresses;
  for (JsonView item = list.first(); item; item = item.next())
    addresses.push_back({std::string(item["host"].text()), static_cast<int>(item["port"].integer())});
  return addresses;
}

}  // namespace

Reload::Reload(Context& context, std::function<WorkerProcess*()> worker, std::function<void()> changed,
               std::function<void(std::string)> swap)
    : context_(context),
      worker_(std::move(worker)),
      swap_(std::move(swap)),
      log_(context.log.logger("supervisor")),
      watcher_(context.loop, context.log.logger("supervisor"), std::move(changed)) {
  watcher_.watch({context.launch.config_path});
}

void Reload::look() {
  if (WorkerProcess* worker = worker_()) worker->tell_plan();
}

void Reload::planned(JsonView message) {
  std::vector<std::string> files;
  for (JsonView item = message["files"].first(); item; item = item.next()) files.emplace_back(item.text());
  if (!files.empty()) watcher_.watch(std::move(files));
  const std::string_view action = message["action"].text();
  if (context_.launch.degraded && action != "invalid") return swap_("the configuration can be used again");
  if (action == "apply") {
    if (WorkerProcess* worker = worker_()) worker->tell_apply();
  } else if (action == "swap") {
    if (const auto prepared = prepare_front(message); !prepared.ok())
      return log_.error("the configuration's change is not done, and the gateway stays where it is: " +
                        prepared.error().message);
    swap_(std::string(message["text"].text("configuration changed")));
  }
}

void Reload::applied(JsonView message) {
  if (!message["ok"].boolean())
    log_.warn("the worker did not apply the change: " + std::string(message["text"].text()));
}

// New addresses are bound before anything else is done, so that a port that is taken costs nothing.
Result<void> Reload::prepare_front(JsonView message) {
  next_front_.reset();
  const std::vector<ListenAddress> wanted = addresses_in(message["listen"]);
  if (wanted.empty()) return {};
  if (wanted == context_.launch.listen) {
    context_.launch.bind_mode = message["bindMode"].text();
    return {};
  }
  TRY_ASSIGN(auto listeners, open_listeners_beside(context_.listeners, wanted));
  Front front{context_.launch, std::move(listeners)};
  front.launch.listen = wanted;
  front.launch.bind_mode = message["bindMode"].text();
  next_front_ = std::move(front);
  return {};
}

void Reload::take_next_front() {
  if (!next_front_) return;
  context_.launch = std::move(next_front_->launch);
  context_.listeners = std::move(next_front_->listeners);
  next_front_.reset();
}

}  // namespace omenia::supervisor
