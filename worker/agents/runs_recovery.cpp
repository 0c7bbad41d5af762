// What a worker does with the runs that an earlier one left behind when it died.

#include "shared/base/clock.h"
#include "worker/agents/runs.h"

namespace omenia::agents {

Task<void> Runs::recover() {
  auto reading = store_.read<std::vector<state::RunRow>>(
      [generation = options_.generation](state::Tables& tables) { return tables.runs.unfinished_before(generation); });
  auto left_over = co_await std::move(reading);
  if (!left_over.ok()) {
    log_.error("runs of the last worker could not be read: " + left_over.error().message);
    co_return;
  }
  for (state::RunRow& row : left_over.value()) {
    auto request = RunRequest::from_json(row.request);
    if (row.status == "accepted" && request.ok() && !runs_.contains(row.run_id)) {
      log_.info("run " + row.run_id + " had not started when the last worker ended; it is taken up again");
      auto run = std::make_shared<Run>();
      run->request = std::move(request).value();
      run->session_id = row.session_id;
      run->accepted_ms = row.accepted_ms;
      begin(std::move(run));
      continue;
    }
    auto ending = interrupt_left_over(std::move(row));
    co_await std::move(ending);
  }
}

Task<void> Runs::interrupt_left_over(state::RunRow row) {
  log_.warn("run " + row.run_id + " was active when the last worker ended; it is reported as interrupted");
  auto run = std::make_shared<Run>();
  run->request.run_id = row.run_id;
  run->request.session = sessions::SessionKey{row.session_key, row.agent_id, {}};
  run->session_id = row.session_id;
  run->accepted_ms = row.accepted_ms;
  run->started_ms = row.started_ms;
  run->stop_reason = stopped_by_restart;
  auto outcome = std::make_shared<RunOutcome>(outcome_of(*run));
  outcome->ended_ms = wall_ms();
  auto storing = store_end(run, outcome);
  const auto stored = co_await std::move(storing);
  if (!stored.ok()) log_.error("its end could not be stored: " + stored.error().message);
  ends_.tell(outcome);
}

}  // namespace omenia::agents
