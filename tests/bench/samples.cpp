#include "tests/bench/samples.h"

#include <algorithm>

namespace omenia::bench {

void Samples::add(const Samples& other) {
  times_us_.insert(times_us_.end(), other.times_us_.begin(), other.times_us_.end());
}

double Samples::quantile_ms(double share) const {
  if (times_us_.empty()) return 0;
  std::vector<std::int64_t> sorted = times_us_;
  std::sort(sorted.begin(), sorted.end());
  const auto last = static_cast<double>(sorted.size() - 1);
  return static_cast<double>(sorted[static_cast<std::size_t>(last * share + 0.5)]) / 1000.0;
}

}  // namespace omenia::bench
