// What a worker does with the runs of other workers: those that died have left theirs behind, those that drain tell
// about theirs.

#include <algorithm>

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
    const auto& living = options_.living;
    if (std::find(living.begin(), living.end(), row.generation) != living.end() || runs_.contains(row.run_id)) continue;
    auto taking = take_over(std::move(row));
    co_await std::move(taking);
  }
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

Task<void> Runs::take_over(state::RunRow row) {
  auto request = RunRequest::from_json(row.request);
  if (row.status == "accepted" && request.ok()) {
    const std::string run_id = row.run_id;
    auto taking = take_up(std::move(row), std::move(request).value());
    const auto taken = co_await std::move(taking);
    if (!taken.ok()) log_.error("run " + run_id + " could not be taken up: " + taken.error().message);
    co_return;
  }
  auto ending = interrupt_left_over(std::move(row));
  co_await std::move(ending);
}

// It becomes a run of this worker before it begins, so that the next one knows whose it is.
Task<Result<void>> Runs::take_up(state::RunRow row, RunRequest request) {
  TRY_AWAIT_DONE(store_.write<void>([run_id = row.run_id, generation = options_.generation](state::Tables& tables) {
    return tables.runs.adopt(run_id, generation);
  }));
  log_.info("run " + row.run_id + " had not started when its worker ended; it is taken up again");
  elsewhere_.erase(row.run_id);
  auto run = std::make_shared<Run>();
  run->request = std::move(request);
  run->session_id = row.session_id;
  run->accepted_ms = row.accepted_ms;
  begin(std::move(run));
  co_return Result<void>();
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
