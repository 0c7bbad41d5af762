#include "supervisor/supervisor.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "shared/base/clock.h"
#include "shared/base/folders.h"
#include "shared/base/version.h"
#include "shared/os/replace_program.h"

namespace omenia::supervisor {

namespace {

struct SignalRow {
  int number;
  Event event;
  const char* name;
};
constexpr SignalRow signal_rows[] = {
    {SIGTERM, Event::stop, "SIGTERM"},
    {SIGINT, Event::stop, "SIGINT"},
    {SIGUSR1, Event::swap, "SIGUSR1"},
    {SIGUSR2, Event::swap, "SIGUSR2"},
};

}  // namespace

Supervisor::Supervisor(Context& context)
    : context_(context),
      machine_(*this, context.log.logger("supervisor"), RestartPolicy(context.restart_rules), context.deadlines),
      deadline_(context.loop, [this] { machine_.handle(Event::deadline, {}); }),
      has_terminal_(::isatty(STDIN_FILENO) == 1),
      next_deadline_(context.loop, [this] { machine_.handle(Event::next_late, {}); }),
      draining_(context.loop, machine_.deadlines, machine_.log),
      watchdog_(context.loop, [this] { watchdog(); }),
      heard_ms_(steady_ms()),
      reload_(
          context, [this] { return machine_.state() == State::serving ? worker_.get() : nullptr; },
          [this] { machine_.handle(Event::reload, {.text = "configuration changed"}); },
          [this](std::string reason) { machine_.handle(Event::swap, {.text = std::move(reason)}); }),
      commands_(context, {.standing = [this] { return standing(); },
                          .swap = [this](const std::string& why) { machine_.handle(Event::swap, {.text = why}); },
                          .stop = [this](const std::string& why) { machine_.handle(Event::stop, {.text = why}); },
                          .renew = [this] { renewal_.begin(); }}),
      renewal_(context, {.leave = [this] { return leave(); },
                         .failed = [this](const std::string& problem) { commands_.renewal_failed(problem); }}) {
  ::signal(SIGPIPE, SIG_IGN);
  if (context.watchdog_ms > 0) watchdog_.start_repeating(std::max(1, context.watchdog_ms / 2));
  const auto watch = [this](int number, std::function<void()> arrived) {
    signals_.push_back(std::make_unique<SignalWatch>(context_.loop, number, std::move(arrived)));
  };
  for (const SignalRow& row : signal_rows)
    watch(row.number, [this, &row] { machine_.handle(row.event, {.text = row.name}); });
  watch(SIGHUP, [this] { on_hangup(); });
  watch(SIGCHLD, [this] { on_child_end(); });
}

Supervisor::Supervisor(Context& context, const Succession& left) : Supervisor(context) {
  goes_on_ = true;
  generation_ = left.generation;
  for (const Succession::Worker& each : left.workers) {
    const auto self = std::make_shared<const WorkerProcess*>(nullptr);
    auto worker = WorkerProcess::adopt(context, each, told_by(self));
    *self = worker.get();
    if (each.serves) {
      worker_ = std::move(worker);
    } else {
      draining_.adopt(std::move(worker), each);
    }
  }
  commands_.adopt(left.callers);
}

int Supervisor::run() {
  if (goes_on_) {
    machine_.go_on(worker_ != nullptr, std::string("supervisor of release ") + version + " has taken over");
    take_waiting_signals();
    on_child_end();  // One that died in between has told nobody.
  } else {
    machine_.begin();
  }
  if (machine_.state() != State::ended) context_.loop.run();
  context_.log.flush();
  return exit_code_;
}

// From an operator it asks for a reload; when our terminal is gone, it says so.
void Supervisor::on_hangup() {
  const bool terminal_gone = has_terminal_ && ::isatty(STDIN_FILENO) == 0;
  machine_.handle(terminal_gone ? Event::stop : Event::reload, {.text = "SIGHUP"});
}

// A silent worker is replaced by us; only when that does not help, the manager replaces us. Where there is no worker by
// our own decision, none is missed.
void Supervisor::watchdog() {
  const Deadlines& deadlines = machine_.deadlines;
  const bool is_expected = machine_.state() == State::serving || machine_.state() == State::swapping;
  const std::int64_t silent_ms_max = deadlines.worker_silent_ms + deadlines.worker_capture_ms + context_.watchdog_ms;
  if (!is_expected || steady_ms() - heard_ms_ <= silent_ms_max) context_.notify.send("WATCHDOG=1");
}

void Supervisor::on_child_end() {
  renewal_.on_child_end();
  for (const std::int64_t generation : draining_.take_ended()) tell_gone(generation);
  if (const auto end = next_ ? next_->take_end() : std::nullopt)
    machine_.handle(Event::next_died, {next_->name() + " " + end->words, end->exit_code});
  if (const auto end = worker_ ? worker_->take_end() : std::nullopt) {
    if (next_) next_->tell_gone(worker_->store_generation());
    machine_.handle(Event::died, {worker_->name() + " " + end->words, end->exit_code});
  }
  if (machine_.state() == State::ended && draining_.empty()) context_.loop.stop();
}

// Before the worker that serves is asked anything about its runs, it takes them over.
void Supervisor::tell_gone(std::int64_t generation) {
  if (worker_) worker_->tell_gone(generation);
  if (next_) next_->tell_gone(generation);
}

void Supervisor::hear(const WorkerProcess* worker, Event event, Fact fact) {
  if (worker == worker_.get()) {
    heard_ms_ = steady_ms();
    machine_.handle(event, fact);
    if (event != Event::ready) return;
    draining_.each([this](WorkerProcess& draining) { join(draining); });
    return reload_.look();  // Names its files, and finds a change made while it started.
  }
  if (worker != next_.get()) return draining_.hear(*worker, event);
  switch (event) {
    case Event::ready: machine_.handle(Event::next_ready, fact); return reload_.look();
    case Event::refused: return machine_.handle(Event::next_refused, fact);
    case Event::lost: return next_->kill();  // And next_died follows.
    default: return;                         // It lives, and that is all.
  }
}

void Supervisor::hear_answer(const WorkerProcess* worker, JsonView message) {
  if (worker != worker_.get()) return;
  if (message["type"].text() == "planned") return reload_.planned(message);
  reload_.applied(message);
}

Standing Supervisor::standing() const {
  const std::string serving = worker_ ? worker_->name() : "";
  return {machine_.state(), machine_.swap_wanted.has_value(), renewal_.running(), serving, swap_problem_};
}

// What the next program of this process finds; nothing while somebody starts, talks or leaves for good.
std::optional<Succession> Supervisor::leave() const {
  const bool is_served = machine_.state() == State::serving && worker_ && worker_->running();
  if ((!is_served && machine_.state() != State::held) || machine_.swap_wanted || next_) return std::nullopt;
  if (is_served && worker_->talks()) return std::nullopt;
  auto workers = draining_.leave();
  auto callers = commands_.leave();
  if (!workers || !callers) return std::nullopt;
  Succession left;
  left.launch = context_.launch;
  left.launch.announce = false;
  left.generation = generation_;
  left.lock = context_.lock.descriptor();
  for (const Listener& listener : context_.listeners) left.listeners.push_back(listener.fd());
  left.notify_address = context_.notify.address();
  left.watchdog_ms = context_.watchdog_ms;
  left.workers = std::move(*workers);
  left.callers = std::move(*callers);
  if (!is_served) return left;
  left.workers.push_back(worker_->leave());
  left.workers.back().serves = true;
  return left;
}

std::int64_t Supervisor::now_ms() {
  return steady_ms();
}

std::vector<std::int64_t> Supervisor::living() const {
  std::vector<std::int64_t> generations = draining_.generations();
  if (worker_) generations.push_back(worker_->store_generation());
  return generations;
}

WorkerProcess::Told Supervisor::told_by(const std::shared_ptr<const WorkerProcess*>& self) {
  return {[this, self](Event event, const Fact& fact) { hear(*self, event, fact); },
          [this, self](JsonView message) { hear_answer(*self, message); }};
}

Result<std::unique_ptr<WorkerProcess>> Supervisor::start_worker(Launch launch, const std::vector<Listener>& listeners) {
  launch.living_generations = living();
  launch.announce = launch.announce && generation_ == 0;
  const auto self = std::make_shared<const WorkerProcess*>(nullptr);
  TRY_ASSIGN(auto worker, WorkerProcess::start(context_, launch, listeners, ++generation_, told_by(self)));
  *self = worker.get();
  return worker;
}

Result<void> Supervisor::spawn_worker() {
  worker_.reset();
  TRY_ASSIGN(worker_, start_worker(context_.launch, context_.listeners));
  return {};
}

Result<void> Supervisor::spawn_next() {
  const auto& front = reload_.next_front();
  Launch launch = front ? front->launch : context_.launch;
  launch.degraded = false;  // A swap is for the file as it is now.
  TRY_ASSIGN(next_, start_worker(std::move(launch), front ? front->listeners : context_.listeners));
  next_deadline_.start(machine_.deadlines.worker_start_ms);
  return {};
}

std::string Supervisor::next_name() {
  return next_ ? next_->name() : "worker " + std::to_string(generation_);
}

void Supervisor::promote_next() {
  next_deadline_.stop();
  reload_.take_next_front();
  context_.launch.degraded = false;
  std::unique_ptr<WorkerProcess> old = std::exchange(worker_, std::move(next_));
  draining_.each([this](WorkerProcess& draining) { join(draining); });
  if (!old || !old->running()) return;
  join(*old);  // Before it drains, so that it shows its runs when its clients leave, not later.
  old->tell_drain({.deadline_ms = machine_.deadlines.swap_drain_ms, .swap = true});
  draining_.add(std::move(old));
}

void Supervisor::join(WorkerProcess& draining) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    machine_.log.error(std::string("cannot join two workers: ") + std::strerror(errno));
    return;
  }
  draining.tell_peer(worker_->store_generation(), Fd(ends[0]));
  worker_->tell_peer(draining.store_generation(), Fd(ends[1]));
}

void Supervisor::drop_next() {
  next_deadline_.stop();
  next_.reset();
  reload_.drop_next_front();
}

void Supervisor::tell_swap_failed(const std::string& reason) {
  swap_problem_ = reason;
  worker_->tell_swap_failed(reason);
}

void Supervisor::look_at_config() {
  reload_.look();
}

bool Supervisor::degrade() {
  return !std::exchange(context_.launch.degraded, true);
}

std::string Supervisor::worker_name() {
  return worker_ ? worker_->name() : "worker " + std::to_string(generation_);
}

void Supervisor::tell_drain(int deadline_ms) {
  worker_->tell_drain({.deadline_ms = deadline_ms});
  draining_.shorten();
}
void Supervisor::tell_stop() {
  worker_->tell_stop();
}
void Supervisor::kill_worker() {
  worker_->kill();
}
void Supervisor::capture_worker() {
  make_private_folders(context_.launch.state_dir + "/logs/stability");
  worker_->capture();
}
void Supervisor::start_deadline(std::int64_t delay_ms) {
  deadline_.start(delay_ms);
}
void Supervisor::stop_deadline() {
  deadline_.stop();
}

void Supervisor::close_listeners() {
  held_.reset();
  context_.listeners.clear();
}

void Supervisor::open_held(const std::string& reason) {
  held_.emplace(context_.loop, context_.listeners, reason);
}
// Whoever releases it has mended something: the file is tried again.
void Supervisor::close_held() {
  held_.reset();
  context_.launch.degraded = false;
}

// Whatever the service manager is told may be what a command waits for; its state holds when this turn is over.
void Supervisor::notify(const std::string& message) {
  context_.notify.send(message);
  context_.loop.post([this] { commands_.look(); });
}

// After what the log still has to say, so that the reason is the last thing on the terminal.
void Supervisor::complain(const std::string& message) {
  context_.log.flush();
  std::fprintf(stderr, "%s\n", message.c_str());
}

void Supervisor::end(int exit_code) {
  exit_code_ = exit_code;
  if (draining_.empty()) context_.loop.stop();
}

}  // namespace omenia::supervisor
