#pragma once
// Counter and Histogram: what happened since this worker started. Everything that is counted happens on the loop's
// thread, so that counting is an addition and nothing more.

#include <array>
#include <cstddef>
#include <cstdint>

namespace omenia::worker {

class Counter {
 public:
  void add(std::uint64_t more = 1) { value_ += more; }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

// How long something took.
class Histogram {
 public:
  // Upper bounds of the buckets, in microseconds; what took longer is in none of them.
  static constexpr std::array<std::int64_t, 17> bounds_us = {
      500,     1'000,     2'500,     5'000,     10'000,     25'000,     50'000,     100'000,    250'000,
      500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000, 30'000'000, 60'000'000, 300'000'000};

  void observe(std::int64_t took_us) {
    if (took_us < 0) took_us = 0;
    std::size_t bucket = 0;
    while (bucket < bounds_us.size() && took_us > bounds_us[bucket]) ++bucket;
    ++counts_[bucket];
    sum_us_ += static_cast<std::uint64_t>(took_us);
  }

  std::uint64_t count_in(std::size_t bucket) const { return counts_[bucket]; }  // Of this bucket alone.
  std::uint64_t count_above() const { return counts_[bounds_us.size()]; }
  std::uint64_t sum_us() const { return sum_us_; }

 private:
  std::array<std::uint64_t, bounds_us.size() + 1> counts_{};
  std::uint64_t sum_us_ = 0;
};

}  // namespace omenia::worker
