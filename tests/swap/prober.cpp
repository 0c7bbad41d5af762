#include "tests/swap/prober.h"

#include <sys/resource.h>

#include <algorithm>

#include "shared/base/clock.h"
#include "tests/support/http_client.h"

namespace omenia::swap {

namespace {

constexpr int before_others = -10;  // As the second argument of nice; taken from root alone.
constexpr int answer_every = 16;    // Of the connects: so many are followed by a request.

}  // namespace

Prober::Prober(int port, Tally& tally) : port_(port), tally_(tally), thread_([this] { run(); }) {}

Prober::~Prober() {
  tally_.stopping = true;
  thread_.join();
}

// What is measured is the port, and not when this thread has its turn among hundreds of clients: where it may, it goes
// before them.
void Prober::run() {
  ::setpriority(PRIO_PROCESS, 0, before_others);
  std::int64_t last_us = steady_us();
  for (int number = 1; !tally_.stopping; ++number) {
    test::HttpClient client(port_);
    const std::int64_t connected_us = steady_us();
    if (tally_.stopping) return;
    if (!client.open()) {
      ++tally_.refused;
      continue;
    }
    ++tally_.connects;
    gap_us_ = std::max<std::int64_t>(gap_us_, connected_us - last_us);
    last_us = connected_us;
    if (number % answer_every == 0) {
      const bool answered = client.ask({.target = "/healthz", .headers = "Connection: close\r\n"}).status == 200;
      if (!answered && !tally_.stopping) ++tally_.http_failures, tally_.complain("a probe was not answered");
      answer_us_ = std::max<std::int64_t>(answer_us_, steady_us() - connected_us);
      last_us = steady_us();  // The time of the request is told for itself.
    }
    ::poll(nullptr, 0, test::poll_ms);
  }
}

}  // namespace omenia::swap
