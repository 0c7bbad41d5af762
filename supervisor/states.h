#pragma once
// States: what the supervisor does when something happens, as a table of states by events with one short function a
// cell. It touches the world only through Actions, so the whole table can be read and tested by itself.

#include <cstdint>
#include <optional>
#include <string>

#include "shared/base/limits.h"
#include "shared/base/result.h"
#include "shared/log/log.h"
#include "supervisor/restart_policy.h"

namespace omenia::supervisor {

enum class State {
  starting,  // A worker runs and is not ready yet.
  serving,   // It is ready.
  delayed,   // None runs; the next one is started at the deadline.
  swapping,  // The next one starts beside the serving one.
  held,      // None is started any more; the port answers with the reason.
  draining,  // The service stops; the worker finishes what it has.
  ending,    // The worker was told to leave at once.
  ended,     // The loop stops.
};
inline constexpr int state_count = 8;

enum class Event {
  ready,         // The worker can serve.
  refused,       // It cannot with this configuration. Fact: its message and the exit code it asks for.
  heartbeat,     // Its loop turns.
  drained,       // It has finished everything.
  died,          // Its process is gone. Fact: who and how, exit code.
  lost,          // It broke or closed the control channel. Fact: how.
  deadline,      // The time set by Actions::start_deadline is over.
  stop,          // SIGTERM, SIGINT. Fact: which.
  swap,          // Another worker shall serve: SIGUSR1, SIGUSR2, a change of the configuration. Fact: why.
  reload,        // SIGHUP, or a file of the configuration has changed.
  next_ready,    // Of the worker that starts beside the serving one, as above.
  next_refused,  // Fact: its message.
  next_died,     // Fact: who and how.
  next_late,     // It was not ready in time.
};
inline constexpr int event_count = 14;

struct Fact {
  std::string text{};
  int exit_code = 0;
};

// What the cells can do.
class Actions {
 public:
  virtual ~Actions() = default;
  virtual std::int64_t now_ms() = 0;
  virtual Result<void> spawn_worker() = 0;
  virtual std::string worker_name() = 0;  // "worker 3 (pid 4711)", of the one spawned last.
  virtual void tell_drain(int deadline_ms) = 0;
  virtual void tell_stop() = 0;
  virtual void kill_worker() = 0;
  virtual void capture_worker() = 0;      // It writes where its loop stands, when it still can.
  virtual Result<void> spawn_next() = 0;  // Beside the serving one. next_late comes when it is not ready in time.
  virtual std::string next_name() = 0;
  virtual void promote_next() = 0;  // It is the worker from now on; the old one, when it lives, drains.
  virtual void drop_next() = 0;     // Kills it.
  virtual void tell_swap_failed(const std::string& reason) = 0;  // To the worker that goes on serving, for `status`.
  virtual void look_at_config() = 0;
  virtual bool degrade() = 0;  // Later workers start with the last good configuration; false: they do so already.
  virtual void start_deadline(std::int64_t delay_ms) = 0;  // Replaces the one that runs.
  virtual void stop_deadline() = 0;
  virtual void close_listeners() = 0;                     // New connections are refused from now on.
  virtual void open_held(const std::string& reason) = 0;  // Answers every request with it.
  virtual void close_held() = 0;
  virtual void notify(const std::string& message) = 0;    // To the service manager.
  virtual void complain(const std::string& message) = 0;  // To whoever started us, without log decoration.
  virtual void end(int exit_code) = 0;
};

struct Deadlines {
  int worker_start_ms = limits::worker_start_ms_max;
  int worker_silent_ms = limits::worker_silent_ms_max;
  int worker_capture_ms = limits::worker_capture_ms;
  int worker_leave_ms = limits::worker_leave_ms_max;
  int swap_drain_ms = limits::swap_drain_ms;
  int stop_drain_ms = limits::stop_drain_ms;
  int stop_close_ms = limits::stop_close_ms;
  int stop_escalate_ms = limits::stop_escalate_ms;
};

class Machine {
 public:
  Machine(Actions& the_actions, Logger the_log, RestartPolicy the_policy, Deadlines the_deadlines)
      : actions(the_actions), log(std::move(the_log)), policy(the_policy), deadlines(the_deadlines) {}

  void begin();  // Spawns the first worker.
  // Another program of this process has come so far: a worker serves, or none does. Either way a new one follows.
  void go_on(bool is_served, const std::string& why);
  void handle(Event event, const Fact& fact);
  State state() const { return state_; }

  // For the cells.
  Actions& actions;
  Logger log;
  RestartPolicy policy;
  Deadlines deadlines;
  std::optional<std::int64_t> ready_at_ms;  // Of the running worker.
  bool is_captured = false;                 // The running worker, since it is silent.
  bool has_served = false;                  // Any worker was ever ready.
  std::optional<std::string> swap_wanted;   // Why, while one cannot begin yet.
  std::int64_t stop_began_ms = 0;
  std::optional<int> refusal_exit_code;  // Of a first worker that refused: what we end with when it is gone.

 private:
  State state_ = State::starting;
};

}  // namespace omenia::supervisor
