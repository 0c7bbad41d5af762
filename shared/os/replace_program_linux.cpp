#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "shared/os/replace_program.h"

namespace omenia {

Error replace_program(const std::string& program, const std::vector<std::string>& arguments,
                      const std::vector<int>& descriptors) {
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  for (const int descriptor : descriptors) ::fcntl(descriptor, F_SETFD, 0);
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  ::execv(program.c_str(), words.data());
  const int cause = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  for (const int descriptor : descriptors) ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return fail(ErrorCode::system, "cannot start " + program + ": " + std::strerror(cause));
}

void take_waiting_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace omenia
