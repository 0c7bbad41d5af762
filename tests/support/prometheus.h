#pragma once
// Prometheus: its text format 0.0.4, read as strictly as it can be: what a lenient reader would let pass is a problem.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace omenia::test {

struct Sample {
  std::string name;
  std::map<std::string, std::string> labels;  // Unescaped.
  double value = 0;
};

struct Family {
  std::string name;
  std::string type;
  std::string help;
  std::vector<Sample> samples;

  // Of the sample with exactly these labels; -1: there is none.
  double value(const std::map<std::string, std::string>& labels = {}) const { return value_of(name, labels); }
  double value_of(const std::string& sample, const std::map<std::string, std::string>& labels = {}) const;
  double sum() const;  // Of all counts.
};

struct Scrape {
  std::vector<Family> families;
  std::vector<std::string> problems;  // "line 3: ..."

  const Family& family(std::string_view name) const;  // An empty one when it is not there.
};

Scrape read_prometheus(std::string_view text);

}  // namespace omenia::test
