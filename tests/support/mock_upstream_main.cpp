// mock-upstream [--port N]: the mock model server as a program, for the bench and for the clients of other projects.
// Prints the port when it listens; runs until it is ended.

#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/support/mock_upstream.h"

int main(int argc, char** argv) {
  int port = 0;
  if (argc == 3 && std::string_view(argv[1]) == "--port") {
    port = std::atoi(argv[2]);
  } else if (argc != 1) {
    std::fprintf(stderr, "usage: mock-upstream [--port N]\n");
    return 1;
  }
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  const omenia::test::MockUpstream mock(port, false);
  std::printf("%d\n", mock.port());
  std::fflush(stdout);
  int arrived = 0;
  ::sigwait(&ends, &arrived);
  return 0;
}
