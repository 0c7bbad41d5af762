// swap_test [--changes N] [--upgrades N] [--seed N]: workers are replaced again and again under many clients. Prints
// what the clients have seen; ends with 1 when something was refused, failed or lost.

#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string_view>

#include "tests/swap/scene.h"

namespace {

using omenia::swap::Effort;

bool read_arguments(int count, char** arguments, Effort& effort) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    const int value = std::atoi(arguments[i + 1]);
    if (name == "--changes") {
      effort.changes = value;
    } else if (name == "--upgrades") {
      effort.upgrades = value;
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
  Effort effort{.seed = std::random_device()() % 1'000'000};
  if (!read_arguments(count, arguments, effort)) {
    std::fprintf(stderr, "usage: swap_test [--changes N] [--upgrades N] [--seed N]\n");
    return 1;
  }
  ::signal(SIGPIPE, SIG_IGN);
  return omenia::swap::Scene(effort).play() ? 0 : 1;
}
