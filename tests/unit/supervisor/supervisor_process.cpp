#include "tests/unit/supervisor/supervisor_process.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <utility>

#include "shared/base/version.h"
#include "shared/os/child.h"
#include "shared/os/document.h"
#include "supervisor/context.h"
#include "supervisor/startup.h"
#include "supervisor/supervisor.h"
#include "tests/support/child_process.h"
#include "tests/support/deadline.h"

namespace omenia::supervisor {

namespace {

std::string text_of(const Fd& memory) {
  struct stat status {};
  ::fstat(memory.get(), &status);
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  const ssize_t got = ::pread(memory.get(), text.data(), text.size(), 0);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

Result<int> run_quickly(const Ground& ground) {
  TRY_ASSIGN(Log log, open_log(ground.launch));
  TRY_ASSIGN(InstanceLock lock, InstanceLock::take(ground.launch));
  TRY_ASSIGN(std::vector<Listener> listeners, claim_port(ground.launch));
  Context context{.launch = ground.launch,
                  .log = std::move(log),
                  .lock = std::move(lock),
                  .listeners = std::move(listeners),
                  .notify = ServiceNotify(ground.notify_address),
                  .watchdog_ms = ground.watchdog_ms,
                  .deadlines = ground.deadlines,
                  .restart_rules = ground.rules};
  return Supervisor(context).run();
}

}  // namespace

Launch Ground::default_launch() const {
  Launch result;
  result.version = version;
  result.config_path = folder / "OmeniaClaw.json";
  result.state_dir = folder.path();
  result.bind_mode = "loopback";
  result.log_file = folder / "gateway.log";
  result.worker_path = FAKE_WORKER;
  result.listen = {{"127.0.0.1", lease.port()}};
  return result;
}

SupervisorProcess::SupervisorProcess()
    : output_(::memfd_create("output", MFD_CLOEXEC)), errors_(::memfd_create("errors", MFD_CLOEXEC)) {}

SupervisorProcess::SupervisorProcess(SupervisorProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), output_(std::move(other.output_)), errors_(std::move(other.errors_)) {}

SupervisorProcess SupervisorProcess::program(const Ground& ground) {
  return program_with(ground.launch.to_json(), ground.worker);
}

SupervisorProcess SupervisorProcess::program_with(const std::string& document, const std::string& worker) {
  SupervisorProcess started;
  ::setenv("FAKE_WORKER", worker.c_str(), 1);
  const Fd launch = document_of(document).value();
  ChildPlan plan;
  plan.program = SUPERVISOR;
  plan.descriptors = {{launch.get(), launch_descriptor},
                      {started.output_.get(), STDOUT_FILENO},
                      {started.errors_.get(), STDERR_FILENO}};
  plan.dies_with_parent = true;
  started.pid_ = spawn_child(plan).value();
  return started;
}

SupervisorProcess SupervisorProcess::quick(const Ground& ground) {
  SupervisorProcess started;
  started.pid_ = ::fork();
  if (started.pid_ != 0) return started;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setenv("FAKE_WORKER", ground.worker.c_str(), 1);
  if (ground.under_systemd) ::setenv("SYSTEMD_EXEC_PID", std::to_string(::getpid()).c_str(), 1);
  ::dup2(started.output_.get(), STDOUT_FILENO);
  ::dup2(started.errors_.get(), STDERR_FILENO);
  const auto exit_code = run_quickly(ground);
  ::_exit(exit_code.ok() ? exit_code.value() : report(exit_code.error()));
}

SupervisorProcess::~SupervisorProcess() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void SupervisorProcess::signal(int number) const {
  ::kill(pid_, number);
}

int SupervisorProcess::wait() {
  std::optional<ChildEnd> end;
  if (!test::eventually([&] { return (end = reap_child(pid_)).has_value(); })) return -1;
  pid_ = 0;
  return end->exit_code;
}

bool SupervisorProcess::says(const std::string& text) const {
  return test::eventually([&] { return everything().find(text) != std::string::npos; });
}

std::string SupervisorProcess::errors() const {
  return text_of(errors_);
}

std::string SupervisorProcess::everything() const {
  return text_of(output_) + text_of(errors_);
}

pid_t SupervisorProcess::worker_pid() const {
  const auto children = test::children_of(pid_);
  return children.empty() ? 0 : children.back();
}

}  // namespace omenia::supervisor
