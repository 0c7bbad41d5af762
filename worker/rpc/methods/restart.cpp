// gateway.restart.*, diagnostics.stability: another worker in this one's place, and what has disturbed this one.

#include <unistd.h>

#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/rpc/methods.h"

namespace omenia::rpc::methods {

namespace {

struct UnderWay {
  std::int64_t waiting = 0;  // Runs that wait for their session's lane.
  std::int64_t running = 0;
};

UnderWay under_way(const worker::Context& context) {
  UnderWay counts;
  for (const auto& run : context.runs->ours()) ++(run->started_ms > 0 ? counts.running : counts.waiting);
  return counts;
}

void write_blocker(JsonWriter& writer, std::string_view kind, std::int64_t count, std::string_view what) {
  if (count == 0) return;
  writer.begin_object().member("kind", kind).member("count", count);
  writer.member("message", std::to_string(count) + " " + std::string(what)).end_object();
}

// The worker that is replaced lets its runs end, so that nothing here keeps a restart from being safe for them; what is
// told is whether anything is under way.
std::string preflight_of(const worker::Context& context) {
  const UnderWay counts = under_way(context);
  const std::int64_t total = counts.waiting + counts.running;
  JsonWriter writer;
  writer.begin_object().member("safe", total == 0).key("counts").begin_object().member("queueSize", counts.waiting);
  writer.member("pendingReplies", 0).member("embeddedRuns", counts.running).member("cronRuns", 0);
  writer.member("backgroundExecSessions", 0).member("rootRequests", 0).member("activeTasks", 0);
  writer.member("totalActive", total).end_object().key("blockers").begin_array();
  write_blocker(writer, "embedded-run", counts.running, "active run(s)");
  write_blocker(writer, "queue", counts.waiting, "run(s) that wait for their session");
  writer.end_array().member("summary", total == 0 ? "safe to restart now"
                                                  : "the worker that is replaced lets " + std::to_string(total) +
                                                        " run(s) end; clients are sent to the next one");
  return writer.end_object().take();
}

// Who means another process must not replace this one.
Result<void> check_target(JsonView target) {
  const JsonView pid = target["pid"];
  if (!pid || pid.integer() == ::getpid() || pid.integer() == ::getppid()) return {};
  return fail(ErrorCode::invalid_request,
              "target.pid " + pid.dump() + " is not this gateway: it is " + std::to_string(::getppid()));
}

}  // namespace

AnswerTask restart_preflight(CallPointer call) {
  co_return Answer{preflight_of(call->context)};
}

AnswerTask restart_request(CallPointer call) {
  worker::Context& context = call->context;
  CO_TRY(check_target(call->params["target"]));
  if (context.leaving) co_return fail(ErrorCode::draining, "the gateway is restarting already");
  if (!context.control) co_return fail(ErrorCode::unavailable, "no supervisor is connected that could start a worker");
  const std::string reason(call->params["reason"].text("gateway.restart.request"));
  JsonWriter wish;
  wish.begin_object().member("type", "swapWanted").member("reason", reason).end_object();
  JsonWriter writer;
  writer.begin_object().member("ok", true).member("status", "scheduled");
  writer.raw_member("preflight", preflight_of(context)).key("restart").begin_object().member("ok", true);
  writer.member("pid", static_cast<std::int64_t>(::getppid())).member("signal", "SIGUSR1").member("reason", reason);
  writer.member("mode", "swap").member("delayMs", 0).member("coalesced", false).member("cooldownMsApplied", 0);
  context.control->send(wish.text());
  co_return Answer{writer.end_object().end_object().take()};
}

AnswerTask diagnostics_stability(CallPointer call) {
  co_return Answer{call->context.stability.to_json()};
}

}  // namespace omenia::rpc::methods
