#include "worker/hooks/dispatch.h"

#include "shared/base/clock.h"
#include "shared/base/ids.h"
#include "shared/json/writer.h"
#include "worker/agents/external_content.h"
#include "worker/agents/reply.h"
#include "worker/agents/system_events.h"
#include "worker/hooks/hooks.h"

namespace omenia::hooks {

namespace {

using Kind = Dispatched::Kind;

constexpr const char* source_name = "webhook";
constexpr const char* taken_back = "admission-timeout";  // Why such a run was stopped.
constexpr int begin_recheck_ms = 100;
constexpr int attempts_max = 3;  // A run that never began may be over before its repetition is answered.

// Tells, in a turn of the loop of its own, how a run has come to its agent: it has begun, or it has ended before.
class BeginWatch final : public agents::RunObserver {
 public:
  BeginWatch(Loop& loop, Resolver<Kind> resolver) : loop_(loop), resolver_(std::move(resolver)) {}

  void started(agents::Run&) override { tell(Kind::begun); }
  // One that is left to the next worker will run there.
  void ended(agents::Run&, const agents::RunOutcome& outcome) override {
    const bool is_left = outcome.status == agents::RunStatus::interrupted;
    tell(outcome.started_ms > 0 || is_left ? Kind::begun : Kind::failed);
  }

 private:
  void tell(Kind kind) {
    loop_.post([resolver = resolver_, kind] { resolver.resolve(kind); });
  }

  Loop& loop_;
  Resolver<Kind> resolver_;
};

std::string uuid_of(const std::string& hash) {
  return hash.substr(0, 8) + "-" + hash.substr(8, 4) + "-8" + hash.substr(13, 3) + "-a" + hash.substr(17, 3) + "-" +
         hash.substr(20, 12);
}

// Whether a repeated request is answered with this run. One that never began is no answer.
bool stands(const state::RunRow& row, std::int64_t replay_ms, std::int64_t now_ms) {
  return row.ended_ms == 0 || (row.started_ms > 0 && row.ended_ms + replay_ms >= now_ms);
}

// The id of the run that a repeated request means, or of the next one when that does not stand. The runs of a request
// are numbered; the last number is looked for in steps that double.
Result<std::string> choose_run_id(state::Tables& tables, const std::string& replay_id, std::int64_t replay_ms,
                                  std::int64_t now_ms) {
  const auto id = [&](std::int64_t number) { return uuid_of(sha256_hex(replay_id + std::to_string(number))); };
  std::int64_t known = -1;   // There is a run of this number,
  std::int64_t unknown = 0;  // and none of this one.
  TRY_ASSIGN(std::optional<state::RunRow> row, tables.runs.find(id(unknown)));
  while (row) {
    known = std::exchange(unknown, 2 * unknown + 1);
    TRY_ASSIGN(row, tables.runs.find(id(unknown)));
  }
  while (unknown - known > 1) {
    const std::int64_t middle = known + (unknown - known) / 2;
    TRY_ASSIGN(row, tables.runs.find(id(middle)));
    (row ? known : unknown) = middle;
  }
  if (known < 0) return id(unknown);
  TRY_ASSIGN(row, tables.runs.find(id(known)));
  return id(row && stands(*row, replay_ms, now_ms) ? known : unknown);
}

agents::RunRequest request_of(const AgentRun& run, std::string run_id) {
  agents::RunRequest request;
  request.run_id = std::move(run_id);
  request.session = run.session;
  request.origin = "hook";
  request.message = run.trusted ? run.message : agents::as_external(source_name, run.name, run.message);
  request.model = run.model;
  request.thinking = run.thinking;
  if (run.timeout_seconds >= 0) request.timeout_ms = run.timeout_seconds * 1'000;
  request.isolated = run.isolated;
  return request;
}

// Waits until it has begun; takes it back when it has not in time.
Task<Kind> await_begin(worker::Context* context, agents::Submission submission, Pending<Kind> begin,
                       std::optional<int> deadline_ms) {
  // Not here any more: it is stored, and the next worker takes it up.
  if (!context->runs->find(submission.run_id)) co_return Kind::begun;
  bool is_taken_back = false;
  Timer deadline(context->loop, [&] {
    const auto run = context->runs->find(submission.run_id);
    if (run && run->started_ms > 0) return deadline.start(begin_recheck_ms);  // It is just beginning.
    is_taken_back = true;
    context->runs->abort(submission.session_key, submission.run_id, taken_back);  // Its end is told by the watch.
  });
  if (deadline_ms) deadline.start(*deadline_ms);
  const Kind kind = co_await std::move(begin);
  co_return kind == Kind::failed&& is_taken_back ? Kind::late : kind;
}

// A run that an earlier request has asked for, here or in the worker before: waits until it has begun. Who has asked
// first takes it back, if that must be.
Task<Kind> follow_begin(worker::Context* context, std::string run_id, std::optional<int> deadline_ms) {
  const std::int64_t end_ms = steady_ms() + deadline_ms.value_or(0);
  while (true) {
    using Found = std::optional<state::RunRow>;
    auto reading = context->store->read<Found>([run_id](state::Tables& tables) { return tables.runs.find(run_id); });
    const auto row = co_await std::move(reading);
    if (!row.ok() || !row.value()) co_return Kind::failed;
    if (row.value()->started_ms > 0) co_return Kind::begun;
    if (row.value()->ended_ms > 0) co_return Kind::over;
    if (deadline_ms && steady_ms() >= end_ms) co_return Kind::late;
    Sleep pause(context->loop, begin_recheck_ms, {});
    co_await pause;
  }
}

std::string_view disposition_of(const agents::RunOutcome& outcome) {
  switch (agents::reply_of(outcome)) {
    case agents::Reply::empty: return "empty";
    case agents::Reply::silent: return "silent";
    case agents::Reply::visible: break;
  }
  return "visible";
}

Dispatched failed(std::string run_id, Error error) {
  return {Kind::failed, std::move(run_id), std::move(error), nullptr};
}

Task<Result<std::string>> run_id_for(worker::Context* context, std::string replay_id, std::int64_t replay_ms) {
  if (replay_id.empty()) co_return random_uuid();
  auto choosing = context->store->read<std::string>(
      [replay_id = std::move(replay_id), replay_ms, now_ms = wall_ms()](state::Tables& tables) {
        return choose_run_id(tables, replay_id, replay_ms, now_ms);
      });
  auto chosen = co_await std::move(choosing);
  co_return chosen;
}

void write_completion(JsonWriter& body, const agents::RunOutcome& outcome) {
  body.key("completion").begin_object().member("status", outcome.ok() ? "ok" : "error");
  body.member("replyDisposition", disposition_of(outcome));
  body.member("delivered", false).member("deliveryAttempted", false).end_object();
}

Task<Dispatched> submit_run(worker::Context* context, AgentRun run, std::string run_id,
                            std::optional<int> deadline_ms) {
  using Submitted = agents::Submission::Kind;
  Pending<Kind> begin;
  agents::RunRequest request = request_of(run, run_id);
  request.observer = std::make_shared<BeginWatch>(context->loop, begin.resolver());
  auto end = context->runs->await_end(run_id);  // Before it can have one.
  auto submitting = context->runs->submit(std::move(request));
  auto submitted = co_await std::move(submitting);
  if (!submitted.ok()) co_return failed(run_id, std::move(submitted).error());
  const agents::Submission& submission = submitted.value();
  if (submission.kind == Submitted::finished) {
    const bool has_begun = submission.outcome && submission.outcome->started_ms > 0;
    co_return Dispatched{has_begun ? Kind::begun : Kind::over, run_id, {}, run.waits ? submission.outcome : nullptr};
  }
  auto waiting = submission.kind == Submitted::accepted
                     ? await_begin(context, submission, std::move(begin), deadline_ms)
                     : follow_begin(context, run_id, deadline_ms);
  const Kind kind = co_await std::move(waiting);
  if (kind != Kind::begun || !run.waits) co_return Dispatched{kind, run_id, {}, nullptr};
  const agents::SharedOutcome outcome = co_await std::move(end);
  if (outcome && outcome->status == agents::RunStatus::interrupted && outcome->started_ms == 0)
    co_return failed(run_id,
                     {ErrorCode::unavailable, "the gateway restarts, and the run goes on after that", {}, 1'000});
  co_return Dispatched{Kind::begun, run_id, {}, outcome};
}

struct FanOut {
  std::vector<std::optional<Dispatched>> results;
  std::size_t missing = 0;
};

Task<void> dispatch_one(worker::Context* context, AgentRun run, std::size_t index, std::shared_ptr<FanOut> fan_out,
                        Resolver<bool> done) {
  auto dispatching = dispatch_run(context, std::move(run), std::nullopt);
  auto dispatched = co_await std::move(dispatching);
  fan_out->results[index] = std::move(dispatched);
  // Not from within: who waits ends the scope that this task is in.
  if (--fan_out->missing == 0) context->loop.post([done] { done.resolve(true); });
}

http::Response answer_to(const FanOut& fan_out) {
  std::vector<std::string> run_ids;
  std::vector<std::string> errors;
  std::size_t failed = 0;
  std::size_t pending = 0;
  for (const auto& result : fan_out.results) {
    if (!result) {
      ++pending;
    } else if (result->kind == Kind::begun) {
      run_ids.push_back(result->run_id);
    } else {
      ++failed;
      errors.push_back(result->refusal ? result->refusal->message : "the run ended before it began");
    }
  }
  const bool is_complete = failed + pending == 0;
  JsonWriter body;
  body.begin_object().member("ok", is_complete);
  if (is_complete) {
    body.member("runId", run_ids.front());
  } else {
    const auto count = [](std::size_t number) { return std::to_string(number); };
    body.member("error", "hook fan-out incomplete: " + count(run_ids.size()) + "/" + count(fan_out.results.size()) +
                             " dispatched, " + count(failed) + " failed, " + count(pending) + " pending");
  }
  body.key("runIds").begin_array();
  for (const std::string& run_id : run_ids) body.value(run_id);
  body.end_array();
  if (is_complete) body.member("dispatched", run_ids.size());
  if (!errors.empty()) {
    body.key("errors").begin_array();
    for (const std::string& error : errors) body.value(error);
    body.end_array();
  }
  return http::json_response(is_complete ? 200 : failed > 0 ? 502 : 503, body.end_object().take());
}

// Those that have not begun in time go on: when the list is sent again, they are known.
Task<http::Response> dispatch_runs(worker::Context* context, std::vector<AgentRun> runs) {
  const auto fan_out = std::make_shared<FanOut>();
  fan_out->results.resize(runs.size());
  fan_out->missing = runs.size();
  Pending<bool> done;
  const auto resolver = done.resolver();
  Timer deadline(context->loop, [resolver] { resolver.resolve(false); });
  deadline.start(limits::hook_fan_out_ms);
  TaskScope scope;
  for (std::size_t i = 0; i < runs.size(); ++i)
    scope.spawn(dispatch_one(context, std::move(runs[i]), i, fan_out, resolver));
  co_await std::move(done);
  co_return answer_to(*fan_out);
}

}  // namespace

Task<Dispatched> dispatch_run(worker::Context* context, AgentRun run, std::optional<int> deadline_ms) {
  Dispatched dispatched;
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    auto choosing = run_id_for(context, run.replay_id, run.replay_ms);
    auto run_id = co_await std::move(choosing);
    if (!run_id.ok()) co_return failed({}, std::move(run_id).error());
    auto submitting = submit_run(context, run, std::move(run_id).value(), deadline_ms);
    dispatched = co_await std::move(submitting);
    if (dispatched.kind != Kind::over) break;
  }
  co_return dispatched;
}

http::Response answer_to(const Dispatched& dispatched) {
  const auto& refusal_error = dispatched.refusal;
  const bool is_of_model = refusal_error && refusal_error->code == ErrorCode::model_not_configured;
  if (refusal_error && !is_of_model) return refusal_of(*refusal_error);
  if (dispatched.kind == Kind::late) return refusal(503, "hook agent run did not start before admission timeout");
  JsonWriter body;
  body.begin_object().member("ok", dispatched.kind == Kind::begun);
  if (dispatched.kind == Kind::failed) body.member("error", "hook agent run failed before entering the agent runner");
  body.member("runId", dispatched.run_id);
  if (dispatched.outcome) write_completion(body, *dispatched.outcome);
  return http::json_response(dispatched.kind == Kind::begun ? 200 : 502, body.end_object().take());
}

Task<http::Response> dispatch_wake(worker::Context* context, Wake wake) {
  auto telling = agents::tell(context->store.get(), context->runs.get(),
                              {wake.session, wake.text, wake.trusted ? std::string() : source_name, wake.now});
  const auto queued = co_await std::move(telling);
  if (!queued.ok()) co_return refusal_of(queued.error());
  JsonWriter body;
  body.begin_object().member("ok", true).member("mode", wake.now ? "now" : "next-heartbeat");
  body.member("eventOutcome", agents::name_of(queued.value())).end_object();
  co_return http::json_response(200, body.take());
}

Task<http::Response> dispatch_all(worker::Context* context, Actions actions) {
  http::Response response;
  for (Wake& wake : actions.wakes) {
    auto waking = dispatch_wake(context, std::move(wake));
    response = co_await std::move(waking);
    if (response.status != 200) break;
  }
  if (actions.runs.empty()) co_return response;
  if (actions.fans_out) {
    auto dispatching = dispatch_runs(context, std::move(actions.runs));
    response = co_await std::move(dispatching);
    co_return response;
  }
  auto running = dispatch_run(context, std::move(actions.runs.front()), limits::hook_admission_ms);
  const auto dispatched = co_await std::move(running);
  co_return answer_to(dispatched);
}

}  // namespace omenia::hooks
