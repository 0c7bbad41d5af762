#include "worker/openai/run_call.h"

namespace omenia::openai {

namespace {

agents::SharedOutcome left_to_the_next_worker() {
  auto outcome = std::make_shared<agents::RunOutcome>();
  outcome->status = agents::RunStatus::interrupted;
  outcome->error = fail(ErrorCode::draining, "the gateway is restarting; the run is continued after it");
  return outcome;
}

}  // namespace

Task<Result<agents::SharedOutcome>> run_to_end(worker::Context* context, agents::RunRequest request,
                                               std::stop_token client_gone) {
  const std::string key = request.session.text;
  const std::string run_id = request.run_id;
  TRY_AWAIT(const agents::Submission submission, context->runs->submit(std::move(request)));
  if (submission.outcome) co_return submission.outcome;
  auto end = context->runs->end_of(run_id);
  if (!end) co_return left_to_the_next_worker();
  const std::stop_callback when_gone(client_gone, [context, key, run_id] {
    context->loop.post([context, key, run_id] { context->runs->abort(key, run_id, "disconnect"); });
  });
  agents::SharedOutcome outcome = co_await std::move(*end);
  co_return outcome;
}

std::optional<Error> failure_in(const agents::RunOutcome& outcome) {
  if (outcome.ok()) return std::nullopt;
  if (outcome.error) return told_error(*outcome.error);
  return fail(ErrorCode::run_aborted, "the run was stopped (" + outcome.stop_reason + ")");
}

Error told_error(const Error& error) {
  Error told = error;
  if (error.code == ErrorCode::internal || error.code == ErrorCode::system) told.message = "internal error";
  // Where the model's server is and what it answers are the operator's: the log has them.
  switch (error.code) {
    case ErrorCode::provider_server_error:
    case ErrorCode::provider_broken: told.message = "upstream provider error"; break;
    case ErrorCode::provider_unreachable: told.message = "upstream provider error: it cannot be reached"; break;
    case ErrorCode::provider_timeout: told.message = "upstream provider timeout"; break;
    case ErrorCode::provider_overloaded: told.message = "upstream provider overloaded"; break;
    default: break;
  }
  if (error.code == ErrorCode::storage) told.message = "the gateway cannot store anything at the moment";
  return told;
}

http::Response without_retry(http::Response response) {
  response.headers.push_back({"x-should-retry", "false"});
  return response;
}

}  // namespace omenia::openai
