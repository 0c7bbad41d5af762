// What is measured over the control protocol: handshakes, calls, one event to many, the memory of connections that are
// silent.
#include <algorithm>

#include "tests/bench/crowd.h"
#include "tests/bench/measurements.h"
#include "tests/bench/memory.h"
#include "tests/support/gateway.h"
#include "tests/support/note.h"

namespace omenia::bench {

namespace {

using test::Gateway;

constexpr std::size_t at_once = 16;  // Fewer than one address may have before connect.
constexpr std::size_t crowd_small = 1'000;
constexpr std::size_t crowd_large = 10'000;

bool failed(const Gateway& gateway, const std::string& what) {
  test::note("bench: " + what + "\n" + gateway.everything_said());
  return false;
}

void add_load(Table& table, const std::string& name, const LoadResult& load) {
  table.add(name, "1/s", load.per_second);
  table.add(name + ", p50", "ms", load.times.quantile_ms(0.5));
  table.add(name + ", p99", "ms", load.times.quantile_ms(0.99));
}

// One event to all of them, `rounds` times.
bool add_fan_out(Table& table, Crowd& crowd, int rounds) {
  Samples times;
  for (int i = 0; i < rounds; ++i) {
    const std::int64_t time_us = crowd.event_to_all("health", "health", R"({"probe":true})");
    if (time_us < 0) return false;
    times.add(time_us);
  }
  table.add_times("socket: one event to the last of " + std::to_string(crowd.size()), times);
  return true;
}

}  // namespace

bool measure_handshakes(Table& table, const Effort& effort) {
  for (const std::size_t lanes : {std::size_t{1}, at_once}) {
    Gateway gateway(0);
    if (!gateway.start()) return false;
    Crowd crowd(gateway.port(), gateway.token());
    const LoadResult load = crowd.handshakes(lanes, effort.load_ms);
    if (load.failures > 0) return failed(gateway, "handshakes fail");
    add_load(table, "socket: handshakes, " + std::to_string(lanes) + " at once", load);
  }
  return true;
}

bool measure_rpc(Table& table, const Effort& effort) {
  Gateway gateway(0);
  if (!gateway.start()) return false;
  Crowd crowd(gateway.port(), gateway.token());
  Samples handshakes;
  for (const std::size_t connections : {std::size_t{1}, std::size_t{64}}) {
    if (!crowd.grow(connections, at_once, handshakes)) return failed(gateway, "a connection is refused");
    const LoadResult load = crowd.calls(connections, effort.load_ms);
    if (load.failures > 0) return failed(gateway, "a health call is not answered");
    const std::string suffix = std::to_string(connections) + " connection" + (connections == 1 ? "" : "s");
    add_load(table, "socket: health calls, " + suffix, load);
  }
  return true;
}

bool measure_crowd(Table& table, const Effort& effort) {
  raise_descriptor_limit();
  Gateway gateway(0);
  if (!gateway.start()) return false;
  Crowd crowd(gateway.port(), gateway.token());
  Samples handshakes;
  // What is made for the first clients is there for all; it is no connection's memory.
  if (!crowd.grow(64, at_once, handshakes)) return failed(gateway, "a connection is refused");
  const auto before = memory_of(gateway.worker_pid());
  if (!crowd.grow(crowd_small, at_once, handshakes)) return failed(gateway, "a connection is refused");
  const int rounds = std::max(3, effort.starts);
  if (!add_fan_out(table, crowd, rounds)) return failed(gateway, "an event does not reach everybody");
  if (!crowd.grow(crowd_large, at_once, handshakes)) return failed(gateway, "a connection is refused");
  const auto after = memory_of(gateway.worker_pid());
  if (!before || !after) return failed(gateway, "memory cannot be read");
  const double grown_kib = after->private_kib - before->private_kib;
  table.add("socket: worker memory of an idle connection at " + std::to_string(crowd_large), "KiB",
            grown_kib / static_cast<double>(crowd_large - 64));
  if (!add_fan_out(table, crowd, rounds)) return failed(gateway, "an event does not reach everybody");
  const auto later = memory_of(gateway.worker_pid());
  if (later)
    table.add("socket: the same after " + std::to_string(rounds) + " events", "KiB",
              (later->private_kib - before->private_kib) / static_cast<double>(crowd_large - 64));
  return true;
}

}  // namespace omenia::bench
