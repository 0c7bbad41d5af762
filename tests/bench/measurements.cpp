#include "tests/bench/measurements.h"

#include <memory>

#include "tests/bench/load.h"
#include "tests/bench/memory.h"
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

LoadResult completions(int port, const std::string& token, const std::string& model, int connections,
                       const Effort& effort) {
  const test::HttpRequest request{
      .method = "POST", .target = "/v1/chat/completions", .token = token, .body = test::chat_body(model, "hello")};
  return run_load(port, request.text(), connections, effort.load_ms);
}

void add_load(Table& table, const std::string& name, const LoadResult& load) {
  table.add(name + ", answers", "1/s", load.per_second);
  table.add(name + ", p50", "ms", load.times.quantile_ms(0.5));
  table.add(name + ", p99", "ms", load.times.quantile_ms(0.99));
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

bool measure_completions(Table& table, const Effort& effort) {
  test::ChildProcess mock(test::program_path("tests/mock-upstream"), {}, {});
  if (!mock.says("\n")) return false;
  const int mock_port = std::stoi(mock.output());
  Gateway gateway(mock_port);
  if (!gateway.start()) return false;
  for (const int connections : {1, 16}) {
    const std::string suffix = std::to_string(connections) + " connection" + (connections == 1 ? "" : "s");
    const LoadResult direct = completions(mock_port, "mock-key", "mock-1", connections, effort);
    const LoadResult through = completions(gateway.port(), gateway.token(), "OmeniaClaw", connections, effort);
    add_load(table, "model directly, " + suffix, direct);
    add_load(table, "model through the gateway, " + suffix, through);
    table.add("gateway to direct, " + suffix, "x", through.per_second / direct.per_second);
    table.add("added time, p50, " + suffix, "ms", through.times.quantile_ms(0.5) - direct.times.quantile_ms(0.5));
    if (direct.failures + through.failures > 0) {
      return failed(std::to_string(through.failures) + " requests failed\n" + gateway.everything_said());
    }
  }
  return true;
}

}  // namespace omenia::bench
