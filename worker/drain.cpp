#include "worker/drain.h"

namespace omenia::worker {

namespace {

void leave(Context& context) {
  if (context.control) context.control->send(R"({"type":"drained"})");
  context.loop.stop();
}

}  // namespace

// In this order: stop accepting, let the runs end, tell everybody, close. Clients stay connected while runs end, so
// that they see the end of what they started.
void begin_drain(Context& context, DrainOrder order) {
  if (context.draining) return;
  context.draining = true;
  const Logger log = context.log.logger("gateway");
  log.info(order.reason + ": draining active work before leaving, at most " + std::to_string(order.deadline_ms) +
           " ms");
  context.server->stop_accepting();
  context.runs->drain(order.deadline_ms, [&context, order, log] {
    log.info("all active work drained");
    context.hub.shut_down(order.reason, order.restart_expected_ms);
    context.server->drain([&context] {
      context.goodbye.start(context.web_sockets->open_sockets() > 0 ? limits::close_grace_ms / 10 : 0);
    });
    context.last_call.start(limits::close_grace_ms);
  });
}

void leave_when_closed(Context& context) {
  if (context.web_sockets->open_sockets() == 0 || !context.last_call.running()) return leave(context);
  context.goodbye.start(limits::close_grace_ms / 10);
}

}  // namespace omenia::worker
