// What is measured while something changes: a swap, a crash, an edit of the configuration.
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include "shared/base/limits.h"
#include "tests/bench/measurements.h"
#include "tests/support/gateway.h"
#include "tests/support/note.h"
#include "tests/support/notify_socket.h"

namespace omenia::bench {

namespace {

using test::Gateway;

bool failed(const std::string& what) {
  test::note("bench: " + what);
  return false;
}

// Connects without a pause until it is told to stop; the longest time between two connects that worked.
class GapWatch {
 public:
  explicit GapWatch(int port) : thread_([this, port] { run(port); }) {}
  double stop_ms() {
    stopping_ = true;
    thread_.join();
    return static_cast<double>(longest_us_) / 1000.0;
  }

 private:
  void run(int port) {
    for (std::int64_t last_us = steady_us(); !stopping_;) {
      if (!test::Socket(port).open()) continue;
      const std::int64_t now_us = steady_us();
      longest_us_ = std::max(longest_us_, now_us - last_us);
      last_us = now_us;
      ::poll(nullptr, 0, 1);
    }
  }
  std::atomic<bool> stopping_ = false;
  std::int64_t longest_us_ = 0;
  std::thread thread_;
};

bool until_healthy(const Gateway& gateway) {
  const test::Deadline deadline;
  while (!deadline.passed()) {
    test::HttpClient client(gateway.port());
    client.send(test::HttpRequest{.target = "/healthz"}.text());
    std::string head;
    if (client.socket().receive(head) == test::Received::data && head.starts_with("HTTP/1.1 200 ")) return true;
  }
  return false;
}

// Replaced in one step, as an editor does it.
void write_age(Gateway& gateway, int age) {
  const std::string path = gateway.instance().config_path();
  std::string text = test::read_file(path);
  const std::size_t value = text.find("max-age=") + std::string_view("max-age=").size();
  text.replace(value, text.find('"', value) - value, std::to_string(age));
  test::write_file(path + ".new", text);
  std::filesystem::rename(path + ".new", path);
}

bool until_age(const Gateway& gateway, int age) {
  const std::string wanted = "max-age=" + std::to_string(age);
  return test::eventually([&] { return gateway.get("/healthz").header("Strict-Transport-Security") == wanted; });
}

}  // namespace

bool measure_swap(Table& table, const Effort& effort) {
  Gateway gateway(0);
  const std::string notify_path = gateway.instance().home() + "/notify";
  test::NotifySocket notify(notify_path);
  gateway.instance().variables()["NOTIFY_SOCKET"] = notify_path;
  if (!gateway.start() || !notify.wait_for_worker()) return false;
  Samples swaps;
  GapWatch gap(gateway.port());
  bool all = true;
  for (int i = 0; i < effort.starts && all; ++i) {
    notify.forget();
    const std::int64_t start_us = steady_us();
    gateway.process().signal(SIGUSR1);
    all = notify.wait_for_worker();
    swaps.add(steady_us() - start_us);
  }
  const double gap_ms = gap.stop_ms();
  if (!all) return failed("a swap failed\n" + gateway.everything_said());
  table.add_times("swap: SIGUSR1 to the next worker serving", swaps);
  table.add("swap: longest gap between connects", "ms", gap_ms);
  return true;
}

// Each worker has served for a while before it is killed: one that dies early is restarted with a delay.
bool measure_recovery(Table& table, const Effort& effort) {
  Gateway gateway(0);
  if (!gateway.start()) return false;
  Samples recoveries;
  for (int i = 0; i < std::max(1, effort.starts / 4); ++i) {
    ::poll(nullptr, 0, limits::crash_early_ms + 100);
    const pid_t worker = gateway.worker_pid();
    const std::int64_t start_us = steady_us();
    ::kill(worker, SIGKILL);
    if (!until_healthy(gateway)) return failed("no recovery\n" + gateway.everything_said());
    recoveries.add(steady_us() - start_us);
    if (gateway.worker_pid() == worker) return failed("the killed worker still answers");
  }
  table.add_times("recovery: SIGKILL of the worker to the first 200", recoveries);
  return true;
}

// The first change is not counted: a worker that has just started looks at the file by itself.
bool measure_hot_apply(Table& table, const Effort& effort) {
  Gateway gateway(0);
  gateway.instance().configure(0);
  std::string text = test::read_file(gateway.instance().config_path());
  text.insert(text.find(R"("mode":"local")"), R"("http":{"securityHeaders":{"strictTransportSecurity":"max-age=1"}},)");
  gateway.instance().write_config(text);
  if (!gateway.start()) return false;
  Samples applies;
  for (int i = 0; i <= std::max(1, effort.starts / 2); ++i) {
    const std::int64_t start_us = steady_us();
    write_age(gateway, i + 2);
    if (!until_age(gateway, i + 2)) return failed("a change has no effect\n" + gateway.everything_said());
    if (i > 0) applies.add(steady_us() - start_us);
  }
  table.add_times("hot key: write to effect", applies);
  table.add("hot key: of which the file must be quiet", "ms", limits::config_settle_ms);
  table.add("hot key: the rest, p50", "ms", applies.quantile_ms(0.5) - limits::config_settle_ms);
  return true;
}

}  // namespace omenia::bench
