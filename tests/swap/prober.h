#pragma once
// Prober: connects to the port again and again, and knows the longest time between two connects that worked, and the
// longest time that a request on such a connection took.

#include <atomic>
#include <cstdint>
#include <thread>

#include "tests/swap/tally.h"

namespace omenia::swap {

class Prober {
 public:
  Prober(int port, Tally& tally);
  ~Prober();

  double longest_gap_ms() const { return static_cast<double>(gap_us_) / 1000.0; }
  double longest_answer_ms() const { return static_cast<double>(answer_us_) / 1000.0; }

 private:
  void run();

  int port_;
  Tally& tally_;
  std::atomic<std::int64_t> gap_us_ = 0;
  std::atomic<std::int64_t> answer_us_ = 0;
  std::thread thread_;
};

}  // namespace omenia::swap
