#pragma once
// Supervisor: the loop of the process. It turns signals, deadlines and what the worker says into events for the table
// of states, and does what the table's cells decide.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/commands.h"
#include "supervisor/context.h"
#include "supervisor/draining_workers.h"
#include "supervisor/held_responder.h"
#include "supervisor/reload.h"
#include "supervisor/renewal.h"
#include "supervisor/states.h"
#include "supervisor/worker_process.h"

namespace omenia::supervisor {

class Supervisor : private Actions {
 public:
  explicit Supervisor(Context& context);
  Supervisor(Context& context, const Succession& left);  // This program has replaced the one that left it.
  int run();                                             // Until the service ends; the process's exit code.

 private:
  std::int64_t now_ms() override;
  Result<void> spawn_worker() override;
  std::string worker_name() override;
  void tell_drain(int deadline_ms) override;
  void tell_stop() override;
  void kill_worker() override;
  void capture_worker() override;
  Result<void> spawn_next() override;
  std::string next_name() override;
  void promote_next() override;
  void drop_next() override;
  void tell_swap_failed(const std::string& reason) override;
  void look_at_config() override;
  bool degrade() override;
  void start_deadline(std::int64_t delay_ms) override;
  void stop_deadline() override;
  void close_listeners() override;
  void open_held(const std::string& reason) override;
  void close_held() override;
  void notify(const std::string& message) override;
  void complain(const std::string& message) override;
  void end(int exit_code) override;

  void on_hangup();
  void watchdog();
  void on_child_end();
  void hear(const WorkerProcess* worker, Event event, Fact fact);
  void tell_gone(std::int64_t generation);
  void join(WorkerProcess& draining);  // To the worker that serves, by a relay.
  std::vector<std::int64_t> living() const;
  Result<std::unique_ptr<WorkerProcess>> start_worker(Launch launch, const std::vector<Listener>& listeners);
  WorkerProcess::Told told_by(const std::shared_ptr<const WorkerProcess*>& self);
  std::optional<Succession> leave() const;
  Standing standing() const;
  void hear_answer(const WorkerProcess* worker, JsonView message);

  Context& context_;
  Machine machine_;
  Timer deadline_;
  bool has_terminal_;
  int generation_ = 0;
  int exit_code_ = 0;
  std::unique_ptr<WorkerProcess> worker_;
  std::unique_ptr<WorkerProcess> next_;
  Timer next_deadline_;
  DrainingWorkers draining_;
  Timer watchdog_;
  std::int64_t heard_ms_;  // When the worker last gave a sign of life.
  Reload reload_;
  std::optional<HeldResponder> held_;
  std::string swap_problem_ = "the swap could not begin; the log says why: OmeniaClaw logs";
  Commands commands_;
  Renewal renewal_;
  bool goes_on_ = false;  // From where another program of this process stopped.
  std::vector<std::unique_ptr<SignalWatch>> signals_;
};

}  // namespace omenia::supervisor
