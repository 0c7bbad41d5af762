#pragma once
// Samples: times of the same thing done many times, and what is told of them.

#include <cstdint>
#include <vector>

#include "shared/base/clock.h"

namespace omenia::bench {

class Samples {
 public:
  void add(std::int64_t time_us) { times_us_.push_back(time_us); }
  void add(const Samples& other);
  std::size_t count() const { return times_us_.size(); }
  // The time that this share of the samples does not exceed; 0 without samples.
  double quantile_ms(double share) const;

 private:
  std::vector<std::int64_t> times_us_;
};

}  // namespace omenia::bench
