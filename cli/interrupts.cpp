// See interrupts.h.

#include "cli/interrupts.h"

#include <sys/signalfd.h>
#include <csignal>

namespace omenia::cli {

namespace {

sigset_t held_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

Interrupts::Interrupts() {
  const sigset_t signals = held_signals();
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  descriptor_ = Fd(::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!descriptor_.valid()) release();
}

Interrupts::~Interrupts() {
  release();
}

int Interrupts::take() {
  signalfd_siginfo signal{};
  if (::read(descriptor_.get(), &signal, sizeof signal) != sizeof signal) return 0;
  release();
  return static_cast<int>(signal.ssi_signo);
}

void Interrupts::release() {
  const sigset_t signals = held_signals();
  ::sigprocmask(SIG_UNBLOCK, &signals, nullptr);
}

}  // namespace omenia::cli
