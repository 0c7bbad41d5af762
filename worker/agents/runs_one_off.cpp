// One-offs: runs whose session was made for them and whose answer alone acknowledges them, as a chat completion that
// names no session. Nothing of them has to be in the store before they end: the model is asked at once, and the end is
// one record in the journal. One that lasts longer is put into the store as it goes, so that others see it and its end
// is known even when its worker dies.

#include "shared/base/clock.h"
#include "shared/base/ids.h"
#include "worker/agents/runs.h"
#include "worker/agents/transcript.h"

namespace omenia::agents {

Task<void> Runs::run_one_off(RunPointer run) {
  run->is_hidden = true;
  run->session_id = ordered_uuid();
  run->item_id = random_uuid() + ":1";
  runs_[run->request.run_id] = run;
  Result<providers::ModelAnswer> answer = fail(ErrorCode::run_aborted, "the run was stopped before it began");
  const auto turn = std::move(enter_lane(*run).turn);
  const std::stop_callback when_stopped(run->stop.get_token(), [&turn] { turn->cancel(); });
  auto begun = turn->begun();
  const bool our_turn = co_await std::move(begun);
  if (our_turn && !run->stop.stop_requested()) {
    auto working = work_one_off(run);
    answer = co_await std::move(working);
  }
  auto settling = settle_one_off(run, outcome_of(*run, std::move(answer)));
  co_await std::move(settling);
}

Task<Result<providers::ModelAnswer>> Runs::work_one_off(RunPointer run) {
  run->started_ms = wall_ms();
  const auto deadline = begin_deadline(run);
  Timer lasts(loop_, [this, run] { scope_.spawn(store_beginning(run)); });
  lasts.start(limits::turn_unstored_ms);
  std::vector<providers::Message> turn{{providers::Role::user, run->request.message, run->request.images}};
  auto calling = call_model(run, std::move(turn));
  auto answer = co_await std::move(calling);
  co_return answer;
}

// Should that fail it is tried again while the run lasts; its end is stored by itself.
Task<void> Runs::store_beginning(RunPointer run) {
  while (!run->end) {
    auto storing = store_acceptance(run, true);
    const auto stored = co_await std::move(storing);
    if (stored.ok()) {
      if (run->is_hidden && !run->end) reveal(*run, stored.value().turn.entry);
      co_return;
    }
    log_.warn("run " + run->request.run_id + " goes on and could not be stored: " + stored.error().message);
    Sleep pause(loop_, limits::store_again_ms, run->stop.get_token());
    const bool whole = co_await pause;
    if (!whole) co_return;
  }
}

// What was said of it meanwhile is told now, the text in one piece. Who asked for it knows.
void Runs::reveal(Run& run, const state::EntryRow& question) {
  for (RunObserver* observer : observers_) observer->preparing(run, "preparing_context");
  run.is_hidden = false;
  for (RunObserver* observer : observers_) {
    observer->started(run);
    observer->stored(run, question);
    if (!run.provider.empty()) observer->model_called(run);
    if (!run.text.empty()) observer->text_added(run, run.text);
  }
}

// One that others know of ends like any run. One that never began leaves nothing behind: it has asked nothing and said
// nothing.
Task<void> Runs::settle_one_off(RunPointer run, RunOutcome outcome) {
  if (!run->is_hidden) {
    auto settling = settle(run, std::move(outcome));
    co_await std::move(settling);
    co_return;
  }
  outcome.ended_ms = wall_ms();
  auto shared = std::make_shared<RunOutcome>(std::move(outcome));
  if (run->started_ms > 0) {
    const auto turn =
        std::make_shared<const state::TurnRow>(turn_of(*run, *shared, question_of(*run), options_.generation));
    auto storing = store_turn(turn);
    const auto stored = co_await std::move(storing);
    if (stored.ok()) {
      if (run->is_hidden) reveal(*run, turn->question);
      tell(*run, [&](RunObserver& observer) { observer.stored(*run, *turn->answer); });
    } else {
      log_.error("the end of run " + shared->run_id + " could not be stored: " + stored.error().message);
      shared->status = RunStatus::failed;
      shared->error = stored.error();
    }
  }
  leave(run, shared);
}

// Without the journal when another worker is to see it at once.
Task<Result<void>> Runs::store_turn(std::shared_ptr<const state::TurnRow> turn) {
  if (!has_next_ && !draining_ && store_.note(turn)) co_return Result<void>();
  TRY_AWAIT_DONE(store_.write<bool>(
      [turn](state::Tables& tables) -> Result<bool> {
        TRY(tables.turns.store(*turn));
        return true;
      },
      state::Durability::logged));
  co_return Result<void>();
}

void Runs::make_way() {
  has_next_ = true;
  store_.hand_over_noted();
}

}  // namespace omenia::agents
