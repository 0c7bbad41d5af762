#include "worker/agents/runs.h"

#include <algorithm>
#include <thread>

#include "shared/base/clock.h"
#include "shared/base/ids.h"
#include "shared/config/agents.h"
#include "worker/agents/run_units.h"
#include "worker/agents/system_events.h"
#include "worker/agents/transcript.h"

namespace omenia::agents {

namespace {

std::size_t running_max(const Config& config) {
  if (config.runs_at_once > 0) return static_cast<std::size_t>(config.runs_at_once);
  return std::max<std::size_t>(8, std::size_t{4} * std::thread::hardware_concurrency());
}

TurnKind kind_of(const RunRequest& request) {
  return {request.session.text, request.origin == wake_origin};
}

bool is_terminal(std::string_view status) {
  return status != "accepted" && status != "running";
}

Submission earlier_submission(const state::RunRow& row) {
  Submission submission;
  submission.kind = is_terminal(row.status) ? Submission::Kind::finished : Submission::Kind::in_flight;
  submission.run_id = row.run_id;
  submission.session_key = row.session_key;
  submission.session_id = row.session_id;
  submission.agent_id = row.agent_id;
  submission.accepted_ms = row.accepted_ms;
  if (submission.kind != Submission::Kind::finished) return submission;
  if (auto outcome = RunOutcome::from_json(row.result); outcome.ok())
    submission.outcome = std::make_shared<const RunOutcome>(std::move(outcome).value());
  return submission;
}

}  // namespace

Runs::Runs(Loop& loop, state::Store& store, RunsOptions options, Logger log)
    : loop_(loop),
      store_(store),
      options_(std::move(options)),
      log_(std::move(log)),
      lanes_(loop, running_max(*options_.config())),
      drain_deadline_(loop, [this] {
        for (const auto& [id, run] : runs_) stop(*run, stopped_by_restart);
      }) {}

Runs::~Runs() = default;

Pending<Result<Submission>> Runs::submit(RunRequest request) {
  Pending<Result<Submission>> answer;
  if (auto checked = check(request); !checked.ok()) {
    answer.resolver().resolve(std::move(checked).error());
    return answer;
  }
  auto run = std::make_shared<Run>();
  run->request = std::move(request);
  run->accepted_ms = wall_ms();
  // Nothing is begun that cannot be kept: while the disk refuses writes, the store refuses the acceptance.
  if (run->request.is_one_off() && store_.health().writable) {
    scope_.spawn(run_one_off(run));  // May be at its end then, when its model is quick.
    answer.resolver().resolve(submission_of(*run));
  } else {
    scope_.spawn(accept(std::move(run), answer.resolver()));
  }
  return answer;
}

Result<void> Runs::check(const RunRequest& request) const {
  if (draining_) return fail(ErrorCode::draining, "the gateway is restarting and takes no new runs");
  if (request.message.empty()) return fail(ErrorCode::invalid_request, "message is empty");
  if (request.extra_system.size() > limits::message_bytes_max)
    return fail(ErrorCode::invalid_request,
                "the extra system prompt is longer than " + std::to_string(limits::message_bytes_max) + " bytes");
  if (request.message.size() > limits::message_bytes_max)
    return fail(ErrorCode::invalid_request,
                "message is longer than " + std::to_string(limits::message_bytes_max) + " bytes");
  if (!find_agent(*options_.config(), request.session.agent_id))
    return fail(ErrorCode::invalid_request, "unknown agent '" + request.session.agent_id + "'");
  if (!request.model.empty()) TRY(options_.catalog()->find(request.model));
  const bool lane_is_full = lanes_.queued(request.session.text) >= limits::lane_queue_max;
  if (runs_.size() + accepting_ >= limits::runs_active_max || lane_is_full)
    return Error{ErrorCode::unavailable, "too many messages are waiting; please try again in a moment", {}, 1000};
  return {};
}

// Durable first: the run exists for others when its row is on disk. Its place in the lane is that of its request.
Task<void> Runs::accept(RunPointer run, Resolver<Result<Submission>> resolver) {
  Place place = enter_lane(*run);
  ++accepting_;
  auto storing = store_acceptance(run, place.turn->is_running());
  auto answer = co_await std::move(storing);
  --accepting_;
  if (!answer.ok() || answer.value().earlier) {
    place.turn.reset();
    resolver.resolve(answer.ok() ? Result<Submission>(earlier_submission(*answer.value().earlier))
                                 : Result<Submission>(std::move(answer).error()));
    tell_when_drained();
    co_return;
  }
  run->number = answer.value().number;
  run->session_id = answer.value().session.session_id;
  place.opened = std::move(answer.value().turn);
  const Submission accepted = submission_of(*run);
  if (draining_ && !place.opened.is_open()) {  // The next worker takes it up.
    place.turn.reset();
    resolver.resolve(accepted);
    tell_when_drained();
    co_return;
  }
  // Known before it is told, so that who asked can wait for its end; begun after, so that nothing is told before that.
  runs_[accepted.run_id] = run;
  if (draining_ && !drain_deadline_.running()) stop(*run, stopped_by_restart);  // It was on its way at the deadline.
  resolver.resolve(accepted);
  auto executing = execute(run, std::move(place));
  co_await std::move(executing);
}

Submission Runs::submission_of(const Run& run) const {
  return {run.end ? Submission::Kind::finished : Submission::Kind::accepted,
          run.request.run_id,
          run.request.session.text,
          run.session_id,
          run.request.session.agent_id,
          run.accepted_ms,
          run.end};
}

// When it is the run's turn already, that is opened in the same unit of work.
Pending<Result<Accepted>> Runs::store_acceptance(const RunPointer& run, bool opens) {
  const RunRequest& request = run->request;
  const std::int64_t generation = options_.generation;
  if (!opens || taking_up_.contains(request.session.text))
    return store_.write<Accepted>(
        [run, generation](state::Tables& tables) { return accept_run(tables, *run, generation); },
        request.acceptance_lasts());
  return store_.write<Accepted>(
      [run, generation, entry = request.is_one_off() ? question_of(*run) : user_entry(*run, run->accepted_ms),
       kind = kind_of(request)](state::Tables& tables) {
        return accept_and_open(tables, *run, generation, entry, kind);
      },
      request.acceptance_lasts());
}

Runs::Place Runs::enter_lane(const Run& run) {
  return {std::make_unique<Lanes::Turn>(lanes_, run.request.session.text)};
}

// A run from its place in the queue to its stored end.
Task<void> Runs::execute(RunPointer run, Place place) {
  run->item_id = random_uuid() + ":1";
  auto taking = take_turn(run, std::move(place));
  bool is_over = co_await std::move(taking);
  while (!is_over) {
    auto again = take_turn(run, enter_lane(*run));
    is_over = co_await std::move(again);
  }
}

// False: it gave way, and has to get in line again. The lane is given up after the end is stored, so that the next run
// of the session finds it in the history.
Task<bool> Runs::take_turn(RunPointer run, Place place) {
  const std::unique_ptr<Lanes::Turn> turn = std::move(place.turn);  // Ends with this body, not with its frame.
  const std::stop_callback when_stopped(run->stop.get_token(), [&turn] { turn->cancel(); });
  auto begun = turn->begun();
  const bool our_turn = co_await std::move(begun);
  RunOutcome outcome = outcome_of(*run);
  if (our_turn && (!run->stop.stop_requested() || place.opened.is_open())) {
    auto working = work(run, std::move(place));
    outcome = co_await std::move(working);
    if (std::exchange(run->gives_way, false) && !run->stop.stop_requested()) co_return false;
  }
  auto settling = settle(run, std::move(outcome));
  co_await std::move(settling);
  co_return true;
}

// Its turn comes first: it was accepted by a worker that is gone, and taken up after this one had got in line. One that
// was stopped has left the line, and needs no turn to end.
bool Runs::has_earlier(const Run& run) const {
  return std::any_of(runs_.begin(), runs_.end(), [&](const auto& each) {
    const Run& other = *each.second;
    return other.number < run.number && other.request.session.text == run.request.session.text &&
           !other.stop.stop_requested();
  });
}

Task<RunOutcome> Runs::work(RunPointer run, Place place) {
  const auto deadline = begin_deadline(run);
  if (!std::exchange(run->prepares, true))
    tell(*run, [&](RunObserver& observer) { observer.preparing(*run, "preparing_context"); });
  auto opening = open_turn(run, std::move(place.opened));
  auto history = co_await std::move(opening);
  Result<providers::ModelAnswer> answer = history.ok() ? Result<providers::ModelAnswer>(providers::ModelAnswer{})
                                                       : Result<providers::ModelAnswer>(history.error());
  if (history.ok()) {
    auto calling = call_model(run, std::move(history).value());
    answer = co_await std::move(calling);
  }
  co_return outcome_of(*run, std::move(answer));
}

std::unique_ptr<Timer> Runs::begin_deadline(const RunPointer& run) {
  const std::int64_t configured_ms = options_.config()->run_timeout_seconds * 1000;
  const std::int64_t timeout_ms = run->request.timeout_ms < 0 ? configured_ms : run->request.timeout_ms;
  if (timeout_ms <= 0) return nullptr;
  auto deadline = std::make_unique<Timer>(loop_, [this, run] { stop(*run, stopped_by_timeout); });
  deadline->start(timeout_ms);
  return deadline;
}

// Puts the message into the transcript and reads what was said before, in one unit of work; unless a worker that
// drains still has the session's lane, then its run is waited for.
Task<Result<std::vector<providers::Message>>> Runs::open_turn(RunPointer run, OpenedTurn turn) {
  while (!turn.is_open() && !run->stop.stop_requested()) {
    if (has_earlier(*run)) {
      run->gives_way = true;
      co_return fail(ErrorCode::run_aborted, "an earlier run of the session comes first");
    }
    if (!taking_up_.contains(run->request.session.text)) {
      auto written =
          store_.write<OpenedTurn>([entry = user_entry(*run, wall_ms()), kind = kind_of(run->request)](
                                       state::Tables& tables) { return agents::open_turn(tables, entry, kind); },
                                   state::Durability::logged);
      auto opened = co_await std::move(written);
      CO_TRY_ASSIGN(turn, std::move(opened));
      if (turn.has_no_subject) stop(*run, stopped_for_nothing);
    }
    if (turn.is_open() || turn.has_no_subject) break;
    auto waiting = wait_behind(run, turn.run_ahead);
    co_await std::move(waiting);
  }
  if (!turn.is_open()) co_return fail(ErrorCode::run_aborted, "the run was stopped before it began");
  run->started_ms = turn.entry.created_ms;
  announce(*run, turn.entry);
  run->session_model = std::move(turn.model);
  run->session_thinking = std::move(turn.thinking_level);
  if (run->request.isolated) turn.history.clear();
  turn.history.push_back({providers::Role::user, with_events(turn.events, run->request.message), run->request.images});
  co_return std::move(turn.history);
}

// The end of the other worker's run is told through the relay; should that be lost, the store is asked again.
Task<void> Runs::wait_behind(RunPointer run, std::string run_ahead) {
  auto end = ends_.wait_for(run_ahead);
  const auto wake = [resolver = end.resolver()] { resolver.resolve(nullptr); };
  Timer ask_again(loop_, wake);
  ask_again.start(limits::lane_recheck_ms);
  const std::stop_callback when_stopped(run->stop.get_token(), wake);
  co_await std::move(end);
}

// What can be said of a run that was not answered: stopped, and by what.
RunOutcome Runs::outcome_of(const Run& run) const {
  RunOutcome outcome;
  outcome.run_id = run.request.run_id;
  outcome.session_key = run.request.session.text;
  outcome.session_id = run.session_id;
  outcome.agent_id = run.request.session.agent_id;
  outcome.text = run.text;
  outcome.provider = run.provider;
  outcome.model = run.model;
  outcome.accepted_ms = run.accepted_ms;
  outcome.started_ms = run.started_ms;
  outcome.stop_reason = run.stop_reason;
  outcome.status = RunStatus::aborted;
  if (run.stop_reason == stopped_by_timeout) {
    outcome.status = RunStatus::timed_out;
    outcome.error = fail(ErrorCode::run_timeout, "the run took longer than its time limit and was stopped");
  } else if (run.stop_reason == stopped_by_restart) {
    outcome.status = RunStatus::interrupted;
    outcome.error = fail(ErrorCode::run_interrupted, "the gateway was stopped or restarted while the run was active");
  }
  return outcome;
}

Task<void> Runs::settle(RunPointer run, RunOutcome outcome) {
  outcome.ended_ms = wall_ms();
  auto shared = std::make_shared<RunOutcome>(std::move(outcome));
  // A run that never started is left to the next worker, which takes it up again.
  const bool leave_for_next = shared->status == RunStatus::interrupted && shared->started_ms == 0;
  if (!leave_for_next) {
    auto storing = store_end(run, shared);
    auto stored = co_await std::move(storing);
    if (!stored.ok()) {
      log_.error("the end of run " + shared->run_id + " could not be stored: " + stored.error().message);
      shared->status = RunStatus::failed;
      shared->error = std::move(stored).error();
    }
  }
  leave(run, shared);
}

void Runs::leave(const RunPointer& run, const SharedOutcome& outcome) {
  run->end = outcome;
  if (outcome->status == RunStatus::failed && outcome->error)
    log_.warn("run " + outcome->run_id + " failed: " + outcome->error->message);
  tell(*run, [&](RunObserver& observer) { observer.ended(*run, *outcome); });
  runs_.erase(run->request.run_id);
  ends_.tell(outcome);
  tell_when_drained();
}

Task<Result<void>> Runs::store_end(RunPointer run, std::shared_ptr<RunOutcome> outcome) {
  using Appended = std::optional<state::EntryRow>;
  TRY_AWAIT(const Appended appended,
            store_.write<Appended>([answer = assistant_entry(*run, *outcome), outcome](state::Tables& tables) {
              return end_run(tables, *outcome, answer);
            }));
  if (appended) tell(*run, [&](RunObserver& observer) { observer.stored(*run, *appended); });
  co_return Result<void>();
}

std::optional<Pending<SharedOutcome>> Runs::end_of(const std::string& run_id) {
  if (!find(run_id)) return std::nullopt;
  return ends_.wait_for(run_id);
}

std::shared_ptr<const Run> Runs::find(const std::string& run_id) const {
  for (const auto* map : {&runs_, &elsewhere_})
    if (const auto found = map->find(run_id); found != map->end()) return found->second;
  return nullptr;
}

std::vector<std::shared_ptr<const Run>> Runs::of_session(const std::string& session_key) const {
  std::vector<std::shared_ptr<const Run>> found;
  for (const auto* map : {&runs_, &elsewhere_})
    for (const auto& [id, run] : *map)
      if (run->request.session.text == session_key) found.push_back(run);
  return found;
}

std::vector<std::string> Runs::abort(const std::string& session_key, const std::string& run_id, std::string reason) {
  std::vector<RunPointer> meant;
  for (const auto* map : {&runs_, &elsewhere_})
    for (const auto& [id, run] : *map)
      if (run->request.session.text == session_key && (run_id.empty() || id == run_id) && !run->stop.stop_requested())
        meant.push_back(run);
  std::vector<std::string> stopped;
  for (const RunPointer& run : meant) {
    stopped.push_back(run->request.run_id);
    stop(*run, reason);
  }
  return stopped;
}

void Runs::stop(Run& run, std::string reason) {
  if (run.stop.stop_requested()) return;
  run.stop_reason = std::move(reason);
  run.stop.request_stop();
}

void Runs::drain(std::function<void()> drained) {
  draining_ = true;
  drained_ = std::move(drained);
  tell_when_drained();
}

void Runs::announce(Run& run, const state::EntryRow& message) {
  tell(run, [&](RunObserver& observer) { observer.started(run); });
  tell(run, [&](RunObserver& observer) { observer.stored(run, message); });
}

void Runs::tell_when_drained() {
  if (drained_ && runs_.empty() && accepting_ == 0) loop_.post(std::exchange(drained_, nullptr));
}

void Runs::configuration_changed() {
  lanes_.set_running_max(running_max(*options_.config()));
}

// Who asked for it first: a piece of a stream waits for nobody else.
void Runs::tell(Run& run, const std::function<void(RunObserver&)>& call) {
  if (const auto own = run.request.observer) call(*own);
  if (!run.is_hidden)
    for (RunObserver* observer : observers_) call(*observer);
}

}  // namespace omenia::agents
