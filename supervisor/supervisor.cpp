#include "supervisor/supervisor.h"

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "shared/base/clock.h"

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
    {SIGUSR2, Event::upgrade, "SIGUSR2"},
};

}  // namespace

Supervisor::Supervisor(Context& context)
    : context_(context),
      machine_(*this, context.log.logger("supervisor"), RestartPolicy(context.restart_rules), context.deadlines),
      deadline_(context.loop, [this] { machine_.handle(Event::deadline, {}); }),
      has_terminal_(::isatty(STDIN_FILENO) == 1) {
  ::signal(SIGPIPE, SIG_IGN);
  const auto watch = [this](int number, std::function<void()> arrived) {
    signals_.push_back(std::make_unique<SignalWatch>(context_.loop, number, std::move(arrived)));
  };
  for (const SignalRow& row : signal_rows)
    watch(row.number, [this, &row] { machine_.handle(row.event, {.text = row.name}); });
  watch(SIGHUP, [this] { on_hangup(); });
  watch(SIGCHLD, [this] { on_child_end(); });
}

int Supervisor::run() {
  machine_.begin();
  if (machine_.state() != State::ended) context_.loop.run();
  context_.log.flush();
  return exit_code_;
}

// From an operator it asks for a reload; when our terminal is gone, it says so.
void Supervisor::on_hangup() {
  const bool terminal_gone = has_terminal_ && ::isatty(STDIN_FILENO) == 0;
  machine_.handle(terminal_gone ? Event::stop : Event::reload, {.text = "SIGHUP"});
}

void Supervisor::on_child_end() {
  const auto end = worker_ ? worker_->take_end() : std::nullopt;
  if (end) machine_.handle(Event::died, {worker_->name() + " " + end->words, end->exit_code});
}

std::int64_t Supervisor::now_ms() {
  return steady_ms();
}

Result<void> Supervisor::spawn_worker() {
  worker_.reset();
  const auto told = [this](Event event, const Fact& fact) { machine_.handle(event, fact); };
  TRY_ASSIGN(worker_, WorkerProcess::start(context_, ++generation_, told));
  return {};
}

std::string Supervisor::worker_name() {
  return worker_ ? worker_->name() : "worker " + std::to_string(generation_);
}

void Supervisor::tell_drain(int deadline_ms) {
  worker_->tell_drain(deadline_ms);
}
void Supervisor::tell_stop() {
  worker_->tell_stop();
}
void Supervisor::kill_worker() {
  worker_->kill();
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
void Supervisor::close_held() {
  held_.reset();
}

void Supervisor::notify(const std::string& message) {
  context_.notify.send(message);
}

// After what the log still has to say, so that the reason is the last thing on the terminal.
void Supervisor::complain(const std::string& message) {
  context_.log.flush();
  std::fprintf(stderr, "%s\n", message.c_str());
}

void Supervisor::end(int exit_code) {
  exit_code_ = exit_code;
  context_.loop.stop();
}

}  // namespace omenia::supervisor
