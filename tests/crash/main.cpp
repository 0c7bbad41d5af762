// crash_test [--kills N] [--supervisor-kills N] [--seed N]: the processes of a gateway are killed again and again under
// clients that send and write. Prints what is found again; ends with 1 when something is lost, or was done twice.

#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string_view>

#include "tests/crash/scene.h"
#include "tests/support/note.h"

namespace {

using omenia::crash::Effort;

bool read_arguments(int count, char** arguments, Effort& effort) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    const int value = std::atoi(arguments[i + 1]);
    if (name == "--kills") {
      effort.kills = value;
    } else if (name == "--supervisor-kills") {
      effort.supervisor_kills = value;
    } else if (name == "--seed") {
      effort.seed = static_cast<std::uint32_t>(value);
    } else {
      return false;
    }
  }
  return count % 2 == 1;
}

}  // namespace

int main(int count, char** arguments) {
  Effort effort;
  effort.seed = std::random_device()() % 1'000'000;
  if (!read_arguments(count, arguments, effort)) {
    std::fprintf(stderr, "usage: crash_test [--kills N] [--supervisor-kills N] [--seed N]\n");
    return 1;
  }
  ::signal(SIGPIPE, SIG_IGN);
  omenia::test::keep_notes_quiet();
  return omenia::crash::Scene(effort).play() ? 0 : 1;
}
