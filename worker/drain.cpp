#include "worker/drain.h"

#include <utility>

namespace omenia::worker {

namespace {

void leave(Context& context) {
  if (context.control) context.control->send(R"({"type":"drained"})");
  context.loop.stop();
}

// A stop keeps the clients until the runs have ended, so that they see the end of what they started. Who comes
// meanwhile is told to come again.
void drain_for_stop(Context& context, const DrainOrder& order) {
  context.draining = true;
  context.runs->stop_all_after(order.deadline_ms);
  context.runs->drain([&context, order] {
    context.log.logger("gateway").info("all active work drained");
    context.hub.shut_down(order.reason, order.restart_expected_ms);
    context.server->drain([&context] { context.goodbye.start(0); });
    context.last_call.start(limits::stop_close_ms);
  });
}

// A swap sends the clients to the next worker at once; there they see their runs go on. Requests that are still coming
// over open connections are served, each connection's last one.
void drain_for_swap(Context& context, const DrainOrder& order) {
  context.server->stop_accepting();
  for (const agents::RunPointer& run : context.runs->ours())
    if (!run->is_hidden) context.run_feed.flush(*run);
  context.relay.drain();
  context.runs->make_way();
  context.hub.shut_down(order.reason, order.restart_expected_ms);
  context.runs->stop_all_after(order.deadline_ms);
  context.server->drain([&context] {
    context.runs->drain([&context] {
      context.log.logger("gateway").info("all active work drained");
      // A crowd is told in several turns of the loop, and who reads slowly takes his time.
      context.last_call.start(limits::stop_close_ms);
      context.goodbye.start(0);
    });
  });
}

}  // namespace

void begin_drain(Context& context, DrainOrder order) {
  if (context.draining) return;
  if (std::exchange(context.leaving, true)) return context.runs->stop_all_after(order.deadline_ms);
  context.log.logger("gateway").info(order.reason + ": draining active work before leaving, at most " +
                                     std::to_string(order.deadline_ms) + " ms");
  context.followers.end_all();
  if (order.swap) return drain_for_swap(context, order);
  drain_for_stop(context, order);
}

void leave_when_closed(Context& context) {
  const bool all_said = context.web_sockets->open_sockets() == 0 && !context.server->has_unsent();
  if (all_said || !context.last_call.running()) return leave(context);
  context.goodbye.start(limits::close_grace_ms / 10);
}

}  // namespace omenia::worker
