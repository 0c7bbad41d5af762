#include "shared/os/child.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "shared/base/fd.h"

namespace omenia {

namespace {

Error failure(const std::string& program, int cause) {
  return fail(ErrorCode::system, "cannot start " + program + ": " + std::strerror(cause));
}

// Everything the child needs, made before the fork: after it only calls are allowed that a signal handler may make.
struct Prepared {
  explicit Prepared(const ChildPlan& the_plan) : plan(the_plan) {}

  const ChildPlan& plan;
  std::vector<char*> arguments;
  std::vector<Fd> sources;  // Above every target number, so that no dup2 overwrites a source or meets itself.
  pid_t parent = ::getpid();
  Fd report_read;
  Fd report_write;
};

Result<void> prepare(Prepared& prepared) {
  const ChildPlan& plan = prepared.plan;
  prepared.arguments.push_back(const_cast<char*>(plan.program.c_str()));
  for (const std::string& argument : plan.arguments) prepared.arguments.push_back(const_cast<char*>(argument.c_str()));
  prepared.arguments.push_back(nullptr);
  int first_free = STDERR_FILENO + 1;
  for (const ChildDescriptor& descriptor : plan.descriptors) first_free = std::max(first_free, descriptor.number + 1);
  for (const ChildDescriptor& descriptor : plan.descriptors) {
    prepared.sources.emplace_back(::fcntl(descriptor.source, F_DUPFD_CLOEXEC, first_free));
    if (!prepared.sources.back().valid()) return failure(plan.program, errno);
  }
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failure(plan.program, errno);
  prepared.report_read = Fd(ends[0]);
  const Fd low_end(ends[1]);
  prepared.report_write = Fd(::fcntl(low_end.get(), F_DUPFD_CLOEXEC, first_free));
  if (!prepared.report_write.valid()) return failure(plan.program, errno);
  return {};
}

void reset_signals(const std::vector<int>& ignored) {
  struct sigaction action {};
  for (int number = 1; number < NSIG; ++number) {
    const bool ignore = std::find(ignored.begin(), ignored.end(), number) != ignored.end();
    action.sa_handler = ignore ? SIG_IGN : SIG_DFL;
    ::sigaction(number, &action, nullptr);
  }
}

[[noreturn]] void become(const Prepared& prepared) {
  const ChildPlan& plan = prepared.plan;
  if (plan.own_group) ::setpgid(0, 0);
  if (plan.dies_with_parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != prepared.parent) ::_exit(127);
  }
  reset_signals(plan.ignored_signals);
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);  // Those placed now stay open: dup2 takes the mark off.
  bool placed = true;
  for (std::size_t i = 0; i < plan.descriptors.size(); ++i)
    placed = placed && ::dup2(prepared.sources[i].get(), plan.descriptors[i].number) >= 0;
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (placed) ::execv(plan.program.c_str(), prepared.arguments.data());
  const int cause = errno;
  [[maybe_unused]] const ssize_t put = ::write(prepared.report_write.get(), &cause, sizeof cause);
  ::_exit(127);
}

// Signals wait during the fork: a handler of ours must not run in the child.
pid_t fork_with_signals_blocked(const Prepared& prepared) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  if (pid == 0) become(prepared);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return pid;
}

// Nothing to read means that the exec closed the pipe: the program runs.
int cause_of_failure(int report) {
  int cause = 0;
  ssize_t got = 0;
  do got = ::read(report, &cause, sizeof cause);
  while (got < 0 && errno == EINTR);
  return got == sizeof cause ? cause : 0;
}

}  // namespace

Result<pid_t> spawn_child(const ChildPlan& plan) {
  Prepared prepared(plan);
  TRY(prepare(prepared));
  const pid_t pid = fork_with_signals_blocked(prepared);
  if (pid < 0) return failure(plan.program, errno);
  prepared.report_write.reset();
  if (const int cause = cause_of_failure(prepared.report_read.get()); cause != 0) {
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) continue;
    return failure(plan.program, cause);
  }
  return pid;
}

std::optional<ChildEnd> reap_child(pid_t pid) {
  int status = 0;
  if (::waitpid(pid, &status, WNOHANG) != pid) return std::nullopt;
  if (WIFEXITED(status))
    return ChildEnd{WEXITSTATUS(status), "exited with code " + std::to_string(WEXITSTATUS(status))};
  const int number = WTERMSIG(status);
  return ChildEnd{128 + number, "was ended by signal " + std::to_string(number) + " (" + ::strsignal(number) + ")",
                  true};
}

}  // namespace omenia
