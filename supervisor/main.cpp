// OmeniaClaw-supervisor: the process that the service manager knows. It owns the port and the state lock for life and
// keeps a worker running behind them. Started by `OmeniaClaw gateway run`, which hands it the launch document.

#include "shared/os/passed_sockets.h"
#include "supervisor/renewal.h"
#include "supervisor/startup.h"
#include "supervisor/supervisor.h"
#include "supervisor/takeover.h"

namespace omenia::supervisor {

static Result<int> run(bool by_force) {
  TRY_ASSIGN(Launch launch, read_launch());
  std::vector<Fd> passed = take_moved_sockets();
  TRY_ASSIGN(Log log, open_log(launch));
  TakenOver taken;
  if (by_force && passed.empty()) {
    TRY_ASSIGN(taken, take_over(launch, log.logger("supervisor")));
  }
  TRY_ASSIGN(InstanceLock lock, InstanceLock::take(launch, taken.lock_wait_ms));
  adopt_passed(std::move(passed), launch, log.logger("supervisor"), taken.listeners);
  TRY_ASSIGN(std::vector<Listener> listeners, claim_port(launch, taken.listeners));
  taken.listeners.clear();
  Context context{.launch = std::move(launch),
                  .log = std::move(log),
                  .lock = std::move(lock),
                  .listeners = std::move(listeners),
                  .notify = ServiceNotify(notify_address()),
                  .watchdog_ms = watchdog_ms()};
  return Supervisor(context).run();
}

// In the process of a supervisor that this program replaces.
static Result<int> go_on(std::string_view descriptor) {
  TRY_ASSIGN(Succession left, read_succession(descriptor));
  TRY_ASSIGN(Log log, open_log(left.launch));
  TRY_ASSIGN(InstanceLock lock, InstanceLock::adopt(Fd(left.lock), left.launch));
  std::vector<Listener> listeners;
  for (const int socket : left.listeners) {
    TRY_ASSIGN(auto listener, Listener::adopt(Fd(socket)));
    listeners.push_back(std::move(listener));
  }
  Context context{.launch = left.launch,
                  .log = std::move(log),
                  .lock = std::move(lock),
                  .listeners = std::move(listeners),
                  .notify = ServiceNotify(left.notify_address),
                  .watchdog_ms = left.watchdog_ms};
  return Supervisor(context, left).run();
}

}  // namespace omenia::supervisor

int main(int count, char** arguments) {
  using namespace omenia::supervisor;
  const std::string_view argument = count == 2 ? arguments[1] : "";
  const bool by_force = argument == force_argument;
  if (argument == check_succession_argument) return answer_whether_we_can_succeed();
  if (argument.starts_with(succeed_argument)) {
    const auto exit_code = go_on(argument.substr(succeed_argument.size()));
    return exit_code.ok() ? exit_code.value() : report(exit_code.error());
  }
  if (count > 1 && !by_force) return answer_arguments({arguments + 1, arguments + count});
  const auto exit_code = run(by_force);
  return exit_code.ok() ? exit_code.value() : report(exit_code.error());
}
