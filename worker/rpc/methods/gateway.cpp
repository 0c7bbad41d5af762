// health, system-presence, logs.tail: the gateway about itself.

#include "worker/context.h"
#include "worker/log_tail.h"
#include "worker/rpc/methods.h"

namespace omenia::rpc::methods {

AnswerTask health(CallPointer call) {
  worker::Health& health = call->context.health;
  if (call->params["probe"].boolean() || health.snapshot() == "{}") {
    TRY_AWAIT_DONE(health.refresh());
  }
  co_return Answer{health.snapshot()};
}

AnswerTask system_presence(CallPointer call) {
  co_return Answer{call->context.presence.to_json()};
}

AnswerTask logs_tail(CallPointer call) {
  worker::LogWindow window;
  window.file = call->context.log.file();
  window.cursor = call->params["cursor"].integer(-1);
  window.lines_max = call->params["limit"].integer(limits::logs_tail_lines);
  window.bytes_max = call->params["maxBytes"].integer(limits::logs_tail_bytes);
  call->context.log.flush();
  CO_TRY_ASSIGN(std::string payload, worker::read_log_tail(window));
  co_return Answer{std::move(payload)};
}

}  // namespace omenia::rpc::methods
