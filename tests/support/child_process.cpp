#include "tests/support/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fstream>
#include <utility>

#include "shared/base/ensure.h"
#include "tests/support/note.h"

namespace omenia::test {

namespace {

std::string text_of(const Fd& memory) {
  struct stat status {};
  ::fstat(memory.get(), &status);
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  const ssize_t count = ::pread(memory.get(), text.data(), text.size(), 0);
  text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return text;
}

// Several processes write at once, and memory keeps no position for each write of its own.
Fd memory_for(const char* name) {
  Fd memory(::memfd_create(name, MFD_CLOEXEC));
  ::fcntl(memory.get(), F_SETFL, O_APPEND);
  return memory;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Between fork and exec: only what is safe there. The death signal ends a child whose test was killed.
[[noreturn]] void become(char* const* arguments, char* const* environment, int output, int errors) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  ::execve(arguments[0], arguments, environment);
  ::_exit(127);
}

}  // namespace

std::vector<pid_t> children_of(pid_t parent) {
  const std::string process = std::to_string(parent);
  std::ifstream list("/proc/" + process + "/task/" + process + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; list >> child;) children.push_back(child);
  return children;
}

bool process_exists(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(status, line)) return false;
  const std::size_t name_end = line.rfind(") ");
  return name_end != std::string::npos && line[name_end + 2] != 'Z';
}

ChildProcess::ChildProcess(const std::string& program, const std::vector<std::string>& arguments,
                           const Variables& variables)
    : output_(memory_for("output")), errors_(memory_for("errors")) {
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> assignments;
  for (const auto& [name, value] : variables) assignments.push_back(name + "=" + value);
  const std::vector<char*> argument_list = pointers_to(words);
  const std::vector<char*> environment = pointers_to(assignments);
  pid_ = ::fork();
  ensure(pid_ >= 0, "a test can start a process");
  if (pid_ == 0) become(argument_list.data(), environment.data(), output_.get(), errors_.get());
  ::setpgid(pid_, pid_);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      exit_code_(other.exit_code_),
      ended_(std::exchange(other.ended_, true)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)) {}

ChildProcess::~ChildProcess() {
  if (pid_ < 0) return;
  ::kill(-pid_, SIGKILL);  // The group is ours alone: the child leads it.
  if (!ended_) ::waitpid(pid_, nullptr, 0);
}

void ChildProcess::signal(int number) {
  if (running()) ::kill(pid_, number);
}

bool ChildProcess::reap() {
  int status = 0;
  if (ended_ || ::waitpid(pid_, &status, WNOHANG) != pid_) return ended_;
  ended_ = true;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

bool ChildProcess::running() {
  return !reap();
}

int ChildProcess::wait(int wait_ms) {
  if (!eventually([this] { return reap(); }, wait_ms)) note("a process did not end in time:\n" + errors());
  return exit_code_;
}

std::string ChildProcess::output() const {
  return text_of(output_);
}
std::string ChildProcess::errors() const {
  return text_of(errors_);
}

bool ChildProcess::says(const std::string& text) {
  const auto said = [&] {
    return output().find(text) != std::string::npos || errors().find(text) != std::string::npos;
  };
  if (eventually([&] { return said() || reap(); }) && said()) return true;
  note("a process never said \"" + text + "\"; it said:\n" + output() + errors());
  return false;
}

}  // namespace omenia::test
