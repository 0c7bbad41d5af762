#pragma once
// Runs: the one way to run an agent. A request is accepted when it is in the store; then it waits for its session's
// lane, calls the model, and ends in exactly one way, which is stored before anybody is told. One-offs, whose answer
// alone acknowledges them, are stored when they end.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "shared/base/task.h"
#include "shared/config/config.h"
#include "shared/log/log.h"
#include "shared/loop/loop.h"
#include "state/store.h"
#include "worker/agents/lanes.h"
#include "worker/agents/run.h"
#include "worker/agents/run_ends.h"
#include "worker/agents/run_units.h"
#include "worker/providers/catalog.h"

namespace omenia::agents {

// Reasons for which the worker itself stops a run; others come from who asked for it.
inline constexpr const char* stopped_by_restart = "restart";
inline constexpr const char* stopped_by_timeout = "timeout";
inline constexpr const char* stopped_for_nothing = "no-pending-event";

// What the worker gives its runs. The functions answer what is configured now.
struct RunsOptions {
  std::int64_t generation = 0;
  std::vector<std::int64_t> living;  // Generations of other workers that still run: their runs are left to them.
  std::function<std::shared_ptr<const Config>()> config;
  std::function<std::shared_ptr<const providers::Catalog>()> catalog;
};

// The answer to a request.
struct Submission {
  enum class Kind { accepted, in_flight, finished };
  Kind kind = Kind::accepted;  // in_flight, finished: the run id was used before, nothing new was started; or a one-off
                               // that is at its end already.
  std::string run_id;
  std::string session_key;
  std::string session_id;
  std::string agent_id;
  std::int64_t accepted_ms = 0;
  SharedOutcome outcome;  // When finished.
};

using RunPointer = std::shared_ptr<Run>;

class Runs {
 public:
  Runs(Loop& loop, state::Store& store, RunsOptions options, Logger log);
  ~Runs();
  Runs(const Runs&) = delete;
  Runs& operator=(const Runs&) = delete;

  // `observer` must outlive Runs. It is told about every run.
  void observe(RunObserver& observer) { observers_.push_back(&observer); }

  // Answers after the acceptance is on disk, for a one-off at once. Errors: invalid_request (unknown agent, empty or
  // too long message), model_not_configured, unavailable (too many runs, draining), storage.
  Pending<Result<Submission>> submit(RunRequest request);

  // The end of a run under way; nothing when no such run is under way here.
  std::optional<Pending<SharedOutcome>> end_of(const std::string& run_id);
  // The end of a run that is not known here yet: it may be accepted only now, or have been another worker's.
  Pending<SharedOutcome> await_end(const std::string& run_id) { return ends_.wait_for(run_id); }
  std::shared_ptr<const Run> find(const std::string& run_id) const;
  std::vector<std::shared_ptr<const Run>> of_session(const std::string& session_key) const;

  // Stops one run (`run_id`), or all of the session. Answers which were stopped.
  std::vector<std::string> abort(const std::string& session_key, const std::string& run_id, std::string reason);

  // What workers that are gone have left behind: runs that had not started are taken up again, before a new one can
  // get ahead of them when this is awaited before anything is accepted. Answers the others, which are to be ended as
  // interrupted.
  Task<std::vector<state::RunRow>> take_up_left_over();
  Task<void> interrupt(std::vector<state::RunRow> rows);
  Task<void> recover();                              // Both.
  Task<void> recover_from(std::int64_t generation);  // That worker has ended.

  // Images of runs that another worker has: found, waited for, listed and stopped like others. Who keeps the image
  // replays to the observers what happens, and watches its `stop`.
  void show_elsewhere(RunPointer image, std::int64_t generation);
  void replay(Run& image, const std::function<void(RunObserver&)>& call) { tell(image, call); }
  void end_elsewhere(const SharedOutcome& outcome);
  std::vector<RunPointer> ours() const;  // Those that are under way in this worker.

  // Runs that are still there after so long are ended as interrupted. A later call changes the time.
  void stop_all_after(std::int64_t deadline_ms) { drain_deadline_.start(deadline_ms); }
  void make_way();  // The next worker serves: what is stored from now on is for it to see at once.
  // Accepts nothing any more; `drained` is called once, when no run is left.
  void drain(std::function<void()> drained);

  void configuration_changed();  // How many may run at once.
  void set_generation(std::int64_t generation) { options_.generation = generation; }

  std::size_t active() const { return runs_.size(); }

 private:
  // A run's place in its session's lane, and its turn if that was opened as the run was accepted.
  struct Place {
    std::unique_ptr<Lanes::Turn> turn;
    OpenedTurn opened{};
  };

  Task<void> accept(RunPointer run, Resolver<Result<Submission>> resolver);
  Submission submission_of(const Run& run) const;
  Pending<Result<Accepted>> store_acceptance(const RunPointer& run, bool opens);
  Result<void> check(const RunRequest& request) const;
  Place enter_lane(const Run& run);
  Task<void> execute(RunPointer run, Place place);
  Task<bool> take_turn(RunPointer run, Place place);
  bool has_earlier(const Run& run) const;
  Task<RunOutcome> work(RunPointer run, Place place);
  Task<Result<std::vector<providers::Message>>> open_turn(RunPointer run, OpenedTurn opened);
  std::unique_ptr<Timer> begin_deadline(const RunPointer& run);
  Task<void> run_one_off(RunPointer run);
  Task<Result<providers::ModelAnswer>> work_one_off(RunPointer run);
  Task<void> store_beginning(RunPointer run);
  void reveal(Run& run, const state::EntryRow& question);
  Task<void> settle_one_off(RunPointer run, RunOutcome outcome);
  Task<Result<void>> store_turn(std::shared_ptr<const state::TurnRow> turn);
  Task<Result<providers::ModelAnswer>> call_model(RunPointer run, std::vector<providers::Message> history);
  Task<Result<providers::ModelAnswer>> ask_until_it_speaks(RunPointer run,
                                                           std::shared_ptr<providers::Provider> provider,
                                                           providers::ModelRequest request);
  Task<void> settle(RunPointer run, RunOutcome outcome);
  Task<Result<void>> store_end(RunPointer run, std::shared_ptr<RunOutcome> outcome);
  Task<void> wait_behind(RunPointer run, std::string run_ahead);
  void take_up(const state::RunRow& row);
  Task<bool> take_over_turns();
  Task<void> recover_later();
  Task<void> interrupt_left_over(state::RunRow row);
  RunOutcome outcome_of(const Run& run) const;
  RunOutcome outcome_of(const Run& run, Result<providers::ModelAnswer> answer) const;
  void leave(const RunPointer& run, const SharedOutcome& outcome);
  void stop(Run& run, std::string reason);
  void tell(Run& run, const std::function<void(RunObserver&)>& call);
  void announce(Run& run, const state::EntryRow& message);
  void tell_when_drained();
  AgentConfig agent_of(const std::string& agent_id) const;

  Loop& loop_;
  state::Store& store_;
  RunsOptions options_;
  Logger log_;
  Lanes lanes_;
  std::vector<RunObserver*> observers_;
  std::unordered_map<std::string, RunPointer> runs_;        // Accepted and not ended, by run id.
  std::unordered_map<std::string, RunPointer> elsewhere_;   // Images of other workers' runs.
  std::unordered_map<std::string, std::size_t> taking_up_;  // Runs that are being adopted, by session.
  std::size_t accepting_ = 0;                               // On their way to the store.
  RunEnds ends_;
  bool draining_ = false;
  bool has_next_ = false;
  std::function<void()> drained_;
  Timer drain_deadline_;
  TaskScope scope_;
};

}  // namespace omenia::agents
