#include "tests/bench/measurements.h"

#include "tests/bench/memory.h"
#include "tests/bench/samples.h"
#include "tests/support/gateway.h"
#include "tests/support/note.h"

namespace omenia::bench {

namespace {

using test::Gateway;

bool failed(const std::string& what) {
  test::note("bench: " + what);
  return false;
}

// Waits without pauses, so that the time is the gateway's and not the clock's.
bool until_open(Gateway& gateway, const test::Deadline& deadline) {
  while (!test::Socket(gateway.port()).open()) {
    if (deadline.passed() || !gateway.process().running()) return false;
  }
  return true;
}

bool one_start(Samples& opened, Samples& answered) {
  Gateway gateway(0);
  const test::Deadline deadline;
  const std::int64_t start_us = steady_us();
  gateway.launch();
  if (!until_open(gateway, deadline)) return failed("the port does not open\n" + gateway.everything_said());
  opened.add(steady_us() - start_us);
  const test::HttpAnswer answer = test::http(gateway.port(), {.target = "/healthz"});
  if (answer.status != 200) return failed("no answer after the start\n" + gateway.everything_said());
  answered.add(steady_us() - start_us);
  return gateway.stop() == 0;
}

void add_memory(Table& table, const std::string& process, const Memory& memory) {
  table.add("idle memory: " + process + ", resident", "KiB", memory.resident_kib);
  table.add("idle memory: " + process + ", proportional", "KiB", memory.proportional_kib);
  table.add("idle memory: " + process + ", private", "KiB", memory.private_kib);
}

}  // namespace

bool measure_start(Table& table, const Effort& effort) {
  Samples opened, answered;
  for (int i = 0; i < effort.starts; ++i) {
    if (!one_start(opened, answered)) return false;
  }
  table.add_times("start: exec to port open", opened);
  table.add_times("start: exec to first 200", answered);
  return true;
}

bool measure_memory(Table& table, const Effort&) {
  Gateway gateway(0);
  if (!gateway.start()) return false;
  const auto supervisor = memory_of(gateway.supervisor_pid());
  const auto worker = memory_of(gateway.worker_pid());
  if (!supervisor || !worker) return failed("memory cannot be read");
  add_memory(table, "supervisor", *supervisor);
  add_memory(table, "worker", *worker);
  table.add("idle memory: both, proportional", "KiB", supervisor->proportional_kib + worker->proportional_kib);
  return true;
}

}  // namespace omenia::bench
