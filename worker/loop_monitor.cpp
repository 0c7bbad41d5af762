#include "worker/loop_monitor.h"

#include <sys/resource.h>

#include <algorithm>
#include <vector>

#include "shared/base/clock.h"
#include "shared/base/limits.h"
#include "shared/json/writer.h"

namespace omenia::worker {

namespace {

constexpr std::size_t delays_kept = 100;

std::int64_t processor_us() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000'000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

}  // namespace

LoopMonitor::LoopMonitor(Loop& loop, Logger log, std::function<void(std::int64_t)> beat)
    : log_(std::move(log)),
      beat_(std::move(beat)),
      timer_(loop, [this] { measure(); }),
      expected_ms_(steady_ms() + limits::worker_heartbeat_ms),
      last_ms_(steady_ms()),
      last_processor_us_(processor_us()) {
  timer_.start(limits::worker_heartbeat_ms);
}

void LoopMonitor::measure() {
  const std::int64_t now_ms = steady_ms();
  const std::int64_t delay_ms = std::max<std::int64_t>(0, now_ms - expected_ms_);
  delays_ms_.push_back(delay_ms);
  if (delays_ms_.size() > delays_kept) delays_ms_.pop_front();
  if (delay_ms > limits::loop_turn_ms_warn) log_.warn("the event loop was " + std::to_string(delay_ms) + " ms late");
  const std::int64_t used_us = processor_us();
  processor_ratio_ = static_cast<double>(used_us - last_processor_us_) /
                     (1000.0 * static_cast<double>(std::max<std::int64_t>(1, now_ms - last_ms_)));
  last_processor_us_ = used_us;
  last_ms_ = now_ms;
  expected_ms_ = now_ms + limits::worker_heartbeat_ms;
  timer_.start(limits::worker_heartbeat_ms);
  beat_(delay_ms);
}

std::string LoopMonitor::to_json() const {
  std::vector<std::int64_t> sorted(delays_ms_.begin(), delays_ms_.end());
  std::sort(sorted.begin(), sorted.end());
  const std::int64_t max_ms = sorted.empty() ? 0 : sorted.back();
  const std::int64_t p99_ms = sorted.empty() ? 0 : sorted[(sorted.size() - 1) * 99 / 100];
  const bool degraded = !delays_ms_.empty() && delays_ms_.back() > limits::loop_turn_ms_warn;
  JsonWriter writer;
  writer.begin_object().member("degraded", degraded).key("degradedSinceMs").null();
  writer.key("reasons").begin_array();
  if (degraded) writer.value("event-loop-delay");
  writer.end_array().member("intervalMs", limits::worker_heartbeat_ms);
  writer.member("delayP99Ms", p99_ms).member("delayMaxMs", max_ms);
  writer.member("utilization", std::min(1.0, processor_ratio_)).member("cpuCoreRatio", processor_ratio_);
  return writer.end_object().take();
}

}  // namespace omenia::worker
