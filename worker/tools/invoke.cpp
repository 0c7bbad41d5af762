#include "worker/tools/invoke.h"

#include "shared/base/pending.h"

namespace omenia::tools {

namespace {

using Answer = Result<Json>;

// In a turn of the loop of its own: who waits ends the scope that this task is in.
Task<void> tell_result(Loop* loop, ToolTask task, Resolver<Answer> resolver) {
  auto result = co_await std::move(task);
  const auto shared = std::make_shared<Answer>(std::move(result));
  loop->post([shared, resolver] { resolver.resolve(std::move(*shared)); });
}

}  // namespace

// The tool runs in a scope of this call: when the call is over, for whatever reason, so is the tool.
ToolTask invoke(const ToolHost* host, ToolRequest request) {
  const ToolRow& tool = *request.tool;
  if (const std::string problems = problems_of(request.args, tool.params); !problems.empty())
    co_return fail(ErrorCode::invalid_request, "invalid arguments of " + std::string(tool.name) + ": " + problems);
  if (request.stop.stop_requested()) co_return fail(ErrorCode::run_aborted, "the call was stopped");
  Pending<Answer> answer;
  const auto resolver = answer.resolver();
  Timer deadline(host->loop, [resolver, &request] {
    resolver.resolve(fail(ErrorCode::run_timeout,
                          "the tool took longer than " + std::to_string(request.time_ms_max) + " ms and was stopped"));
  });
  deadline.start(request.time_ms_max);
  // Who stops it may be in the middle of something: the call ends in a turn of the loop of its own.
  const std::stop_callback when_stopped(request.stop, [host, resolver] {
    host->loop.post([resolver] { resolver.resolve(fail(ErrorCode::run_aborted, "the call was stopped")); });
  });
  const auto call = std::make_shared<const ToolCall>(
      ToolCall{*host, request.session, request.sees_all_sessions, std::move(request.args), request.stop});
  TaskScope scope;
  scope.spawn(tell_result(&host->loop, tool.handler(call), resolver));
  auto result = co_await std::move(answer);
  co_return result;
}

}  // namespace omenia::tools
