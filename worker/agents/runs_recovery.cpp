// What a worker does with the runs of other workers: those that died have left theirs behind, those that drain tell
// about theirs.

#include <algorithm>

#include "shared/base/clock.h"
#include "worker/agents/runs.h"

namespace omenia::agents {

namespace {

bool can_be_taken_up(const state::RunRow& row) {
  return row.status == "accepted" && RunRequest::from_json(row.request).ok();
}

// They become runs of this worker before one of them begins, all in one commit, so that the next worker knows whose
// they are and a short life is enough for many.
Result<std::vector<std::string>> adopt(state::Tables& tables, const std::vector<std::string>& run_ids,
                                       std::int64_t generation) {
  for (const std::string& run_id : run_ids) TRY(tables.runs.adopt(run_id, generation));
  return run_ids;
}

}  // namespace

Task<bool> Runs::take_over_turns() {
  auto taking = store_.take_over_journals();
  const auto taken = co_await std::move(taking);
  if (taken.ok()) {
    for (const std::string& problem : taken.value().problems) log_.error("a turn was left out: " + problem);
  } else {
    log_.error("ended turns of the last worker could not be stored: " + taken.error().message);
  }
  co_return taken.ok();
}

Task<std::vector<state::RunRow>> Runs::take_up_left_over() {
  std::vector<state::RunRow> others;
  auto taking_over = take_over_turns();
  const bool taken_over = co_await std::move(taking_over);
  if (!taken_over) {  // Which of the runs have ended is not known.
    scope_.spawn(recover_later());
    co_return others;
  }
  auto reading = store_.read<std::vector<state::RunRow>>(
      [generation = options_.generation](state::Tables& tables) { return tables.runs.unfinished_before(generation); });
  auto left_over = co_await std::move(reading);
  if (!left_over.ok()) {
    log_.error("runs of the last worker could not be read: " + left_over.error().message);
    co_return others;
  }
  std::vector<state::RunRow> taken;
  std::vector<std::string> run_ids;
  for (state::RunRow& row : left_over.value()) {
    const auto& living = options_.living;
    if (std::find(living.begin(), living.end(), row.generation) != living.end() || runs_.contains(row.run_id)) continue;
    const bool is_taken = can_be_taken_up(row);
    if (is_taken) run_ids.push_back(row.run_id);
    (is_taken ? taken : others).push_back(std::move(row));
  }
  if (taken.empty()) co_return others;
  for (const state::RunRow& row : taken) ++taking_up_[row.session_key];
  auto adopting =
      store_.write<std::vector<std::string>>([run_ids, generation = options_.generation](state::Tables& tables) {
        return adopt(tables, run_ids, generation);
      });
  const auto adopted = co_await std::move(adopting);
  for (const state::RunRow& row : taken)
    if (const auto here = taking_up_.find(row.session_key); --here->second == 0) taking_up_.erase(here);
  if (adopted.ok()) {
    for (const state::RunRow& row : taken) take_up(row);
  } else {
    log_.error("runs of the last worker could not be taken up: " + adopted.error().message);
  }
  co_return others;
}

Task<void> Runs::interrupt(std::vector<state::RunRow> rows) {
  for (state::RunRow& row : rows) {
    auto ending = interrupt_left_over(std::move(row));
    co_await std::move(ending);
  }
}

Task<void> Runs::recover() {
  auto taking = take_up_left_over();
  auto others = co_await std::move(taking);
  auto interrupting = interrupt(std::move(others));
  co_await std::move(interrupting);
}

Task<void> Runs::recover_later() {
  Sleep pause(loop_, limits::store_again_ms, {});
  [[maybe_unused]] const bool whole = co_await pause;
  auto recovering = recover();
  co_await std::move(recovering);
}

Task<void> Runs::recover_from(std::int64_t generation) {
  std::erase(options_.living, generation);
  auto recovering = recover();
  co_await std::move(recovering);
  // An image is left only when its run's end could neither be told nor be found.
  std::vector<RunPointer> images;
  for (const auto& [id, run] : elsewhere_)
    if (run->elsewhere == generation) images.push_back(run);
  for (const RunPointer& image : images) {
    image->stop_reason = stopped_by_restart;
    end_elsewhere(std::make_shared<const RunOutcome>(outcome_of(*image)));
  }
}

void Runs::take_up(const state::RunRow& row) {
  log_.info("run " + row.run_id + " had not started when its worker ended; it is taken up again");
  elsewhere_.erase(row.run_id);
  auto run = std::make_shared<Run>();
  run->request = RunRequest::from_json(row.request).value();
  run->number = row.number;
  run->session_id = row.session_id;
  run->accepted_ms = row.accepted_ms;
  runs_[row.run_id] = run;
  scope_.spawn(execute(run, enter_lane(*run)));
}

Task<void> Runs::interrupt_left_over(state::RunRow row) {
  log_.warn("run " + row.run_id + " was active when its worker ended; it is reported as interrupted");
  const auto image = elsewhere_.extract(row.run_id);
  const RunPointer run = image.empty() ? std::make_shared<Run>() : image.mapped();
  run->elsewhere = 0;
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
  tell(*run, [&](RunObserver& observer) { observer.ended(*run, *outcome); });
  ends_.tell(outcome);
}

void Runs::show_elsewhere(RunPointer image, std::int64_t generation) {
  image->elsewhere = generation;
  const std::string run_id = image->request.run_id;
  if (!runs_.contains(run_id)) elsewhere_[run_id] = std::move(image);
}

void Runs::end_elsewhere(const SharedOutcome& outcome) {
  if (const auto image = elsewhere_.extract(outcome->run_id); !image.empty())
    tell(*image.mapped(), [&](RunObserver& observer) { observer.ended(*image.mapped(), *outcome); });
  ends_.tell(outcome);
}

std::vector<RunPointer> Runs::ours() const {
  std::vector<RunPointer> ours;
  for (const auto& [id, run] : runs_) ours.push_back(run);
  return ours;
}

}  // namespace omenia::agents
