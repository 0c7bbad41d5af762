#pragma once
// Table: the figures of one run of the bench, printed for people and written as JSON.

#include <string>
#include <vector>

#include "tests/bench/samples.h"

namespace omenia::bench {

struct Figure {
  std::string name;  // "start: exec to port open"
  std::string unit;  // "ms", "KiB", "1/s", "x"
  double value = 0;
};

class Table {
 public:
  void add(const std::string& name, const std::string& unit, double value) { figures_.push_back({name, unit, value}); }
  // Smallest, median and 90 % of times.
  void add_times(const std::string& name, const Samples& samples);

  void print() const;
  bool write_json(const std::string& path) const;

 private:
  std::vector<Figure> figures_;
};

}  // namespace omenia::bench
