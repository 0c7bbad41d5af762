#include "supervisor/draining_workers.h"

#include <algorithm>
#include <utility>

#include "shared/base/clock.h"

namespace omenia::supervisor {

void DrainingWorkers::wait(Leaving& leaving, std::int64_t time_ms) {
  leaving.ends_ms = steady_ms() + time_ms;
  leaving.deadline->start(time_ms);
}

void DrainingWorkers::adopt(std::unique_ptr<WorkerProcess> worker, const Succession::Worker& left) {
  Leaving& leaving = leaving_.emplace_back();
  leaving.worker = std::move(worker);
  leaving.told_to_leave = left.told_to_leave;
  leaving.deadline = std::make_unique<Timer>(loop_, [this, &leaving] { leave_or_die(leaving); });
  wait(leaving, left.leave_ms);
}

std::optional<std::vector<Succession::Worker>> DrainingWorkers::leave() const {
  std::vector<Succession::Worker> all;
  for (const Leaving& leaving : leaving_) {
    if (leaving.worker->talks()) return std::nullopt;
    Succession::Worker left = leaving.worker->leave();
    left.told_to_leave = leaving.told_to_leave;
    left.leave_ms = std::max<std::int64_t>(0, leaving.ends_ms - steady_ms());
    all.push_back(left);
  }
  return all;
}

void DrainingWorkers::add(std::unique_ptr<WorkerProcess> worker) {
  adopt(std::move(worker), {.leave_ms = deadlines_.swap_drain_ms + deadlines_.stop_close_ms});
  if (leaving_.size() <= static_cast<std::size_t>(limits::draining_workers_max)) return;
  log_.warn("more than " + std::to_string(limits::draining_workers_max) + " workers drain; " +
            leaving_.front().worker->name() + " leaves now");
  leave_or_die(leaving_.front());
}

// First the word, then the signal.
void DrainingWorkers::leave_or_die(Leaving& leaving) {
  if (std::exchange(leaving.told_to_leave, true)) {
    log_.error(leaving.worker->name() + " did not leave; killing it");
    return leaving.worker->kill();
  }
  leaving.worker->tell_stop();
  wait(leaving, deadlines_.worker_leave_ms);
}

void DrainingWorkers::hear(const WorkerProcess& worker, Event event) {
  for (Leaving& leaving : leaving_) {
    if (leaving.worker.get() != &worker) continue;
    if (event == Event::drained && !leaving.told_to_leave) leave_or_die(leaving);
    if (event == Event::lost && !leaving.told_to_leave) leaving.worker->kill();  // A last word it would have said.
  }
}

void DrainingWorkers::shorten() {
  for (Leaving& leaving : leaving_) {
    if (leaving.told_to_leave) continue;
    leaving.worker->tell_drain({.deadline_ms = deadlines_.stop_drain_ms});
    wait(leaving, deadlines_.stop_drain_ms + deadlines_.stop_close_ms);
  }
}

std::vector<std::int64_t> DrainingWorkers::take_ended() {
  std::vector<std::int64_t> ended;
  for (auto leaving = leaving_.begin(); leaving != leaving_.end();) {
    const auto end = leaving->worker->take_end();
    if (!end) {
      ++leaving;
      continue;
    }
    const std::string words = leaving->worker->name() + " " + end->words;
    if (end->exit_code == 0) {
      log_.info(words + " after its drain");
    } else {
      log_.warn(words + " while it drained");
    }
    ended.push_back(leaving->worker->store_generation());
    leaving = leaving_.erase(leaving);
  }
  return ended;
}

std::vector<std::int64_t> DrainingWorkers::generations() const {
  std::vector<std::int64_t> generations;
  for (const Leaving& leaving : leaving_) generations.push_back(leaving.worker->store_generation());
  return generations;
}

void DrainingWorkers::each(const std::function<void(WorkerProcess&)>& call) {
  for (Leaving& leaving : leaving_) call(*leaving.worker);
}

}  // namespace omenia::supervisor
