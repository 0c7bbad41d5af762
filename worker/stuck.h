#pragma once
// Stuck: tells where a loop that no longer turns stands. The supervisor sends the signal before it kills such a worker;
// the handler writes the stack of the thread it interrupts into a file of its own.

#include <string>

namespace omenia::worker {

// From now on SIGUSR2 writes `<state_dir>/logs/stability/OmeniaClaw-stuck-<seconds>-<pid>.txt`, mode 0600. The folder
// is made by who sends the signal; without it nothing is written.
void write_stack_when_asked(const std::string& state_dir);

}  // namespace omenia::worker
