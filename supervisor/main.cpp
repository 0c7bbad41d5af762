// OmeniaClaw-supervisor: the process that the service manager knows. It owns the port and the state lock for life and
// keeps a worker running behind them. Started by `OmeniaClaw gateway run`, which hands it the launch document.

#include "supervisor/startup.h"
#include "supervisor/supervisor.h"

namespace omenia::supervisor {

static Result<int> run() {
  TRY_ASSIGN(Launch launch, read_launch());
  TRY_ASSIGN(Log log, open_log(launch));
  TRY_ASSIGN(InstanceLock lock, InstanceLock::take(launch));
  TRY_ASSIGN(std::vector<Listener> listeners, claim_port(launch));
  Context context{.launch = std::move(launch),
                  .log = std::move(log),
                  .lock = std::move(lock),
                  .listeners = std::move(listeners),
                  .notify = ServiceNotify(notify_address())};
  return Supervisor(context).run();
}

}  // namespace omenia::supervisor

int main(int count, char** arguments) {
  using namespace omenia::supervisor;
  if (count > 1) return answer_arguments({arguments + 1, arguments + count});
  const auto exit_code = run();
  return exit_code.ok() ? exit_code.value() : report(exit_code.error());
}
