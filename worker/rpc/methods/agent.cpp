// agent, agent.wait: running an agent and waiting for it.

#include <algorithm>

#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/events/run_payload.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/run_request.h"

namespace omenia::rpc::methods {

namespace {

std::string accepted_payload(const agents::Submission& submission) {
  JsonWriter writer;
  writer.begin_object().member("runId", submission.run_id).member("sessionKey", submission.session_key);
  writer.member("agentId", submission.agent_id).member("status", "accepted");
  return writer.member("acceptedAt", submission.accepted_ms).end_object().take();
}

// "provider/model" of the two parameters that may name it.
std::string model_of(JsonView params) {
  const std::string provider(params["provider"].text());
  const std::string model(params["model"].text());
  return provider.empty() || model.empty() ? model : provider + "/" + model;
}

std::string still_running(std::string_view run_id) {
  JsonWriter writer;
  return writer.begin_object().member("runId", run_id).member("status", "timeout").end_object().take();
}

}  // namespace

AnswerTask agent(CallPointer call) {
  worker::Context& context = call->context;
  CO_TRY(refuse_unavailable(*call));
  CO_TRY_ASSIGN(sessions::SessionKey key, named_session(*call));
  agents::RunRequest request = request_of(*call, std::move(key), "agent");
  request.model = model_of(call->params);
  request.extra_system = call->params["extraSystemPrompt"].text();
  if (const JsonView timeout = call->params["timeout"]) request.timeout_ms = timeout.integer() * 1000;
  TRY_AWAIT(const agents::Submission submission, context.runs->submit(std::move(request)));
  if (submission.kind == agents::Submission::Kind::finished) {
    if (!submission.outcome) co_return fail(ErrorCode::internal, "the stored end of this run cannot be read");
    co_return worker::agent_answer(*submission.outcome);
  }
  call->acknowledge(accepted_payload(submission));
  std::optional<Pending<agents::SharedOutcome>> end = context.runs->end_of(submission.run_id);
  if (!end && submission.kind == agents::Submission::Kind::in_flight) end = context.runs->await_end(submission.run_id);
  if (!end) co_return fail(ErrorCode::draining, "the run was accepted; it is continued after the restart");
  const agents::SharedOutcome outcome = co_await std::move(*end);
  co_return worker::agent_answer(*outcome);
}

AnswerTask agent_wait(CallPointer call) {
  worker::Context& context = call->context;
  const std::string run_id(call->params["runId"].text());
  const std::int64_t timeout_ms =
      std::min<std::int64_t>(call->params["timeoutMs"].integer(limits::agent_wait_ms), limits::agent_wait_ms_max);
  auto end = context.runs->await_end(run_id);  // Before the look into the store, so that no end falls between.
  Timer deadline(context.loop, [resolver = end.resolver()] { resolver.resolve(nullptr); });
  deadline.start(timeout_ms);
  using Found = std::optional<state::RunRow>;
  TRY_AWAIT(const Found row,
            context.store->read<Found>([run_id](state::Tables& tables) { return tables.runs.find(run_id); }));
  if (row && !row->result.empty()) {
    CO_TRY_ASSIGN(const agents::RunOutcome outcome, agents::RunOutcome::from_json(row->result));
    co_return Answer{worker::wait_payload(outcome)};
  }
  const agents::SharedOutcome outcome = co_await std::move(end);
  co_return Answer{outcome ? worker::wait_payload(*outcome) : still_running(run_id)};
}

}  // namespace omenia::rpc::methods
