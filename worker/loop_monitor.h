#pragma once
// LoopMonitor: is the loop keeping up? Measures how late a regular timer comes, and what the process uses of its
// processor.

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "shared/log/log.h"
#include "shared/loop/loop.h"

namespace omenia::worker {

class LoopMonitor {
 public:
  // `beat` is called at each measurement with the last delay in milliseconds.
  LoopMonitor(Loop& loop, Logger log, std::function<void(std::int64_t delay_ms)> beat);

  std::string to_json() const;  // The `eventLoop` object of health, status and /readyz.

 private:
  void measure();

  Logger log_;
  std::function<void(std::int64_t)> beat_;
  Timer timer_;
  std::int64_t expected_ms_ = 0;
  std::int64_t last_ms_ = 0;
  std::int64_t last_processor_us_ = 0;
  double processor_ratio_ = 0;
  std::deque<std::int64_t> delays_ms_;
};

}  // namespace omenia::worker
