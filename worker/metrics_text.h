#pragma once
// MetricsText: figures in the text format of Prometheus, version 0.0.4.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "worker/counter.h"

namespace omenia::worker {

class MetricsText {
 public:
  struct Label {
    std::string_view name;
    std::string_view value;
  };
  using Labels = std::initializer_list<Label>;

  // The samples that follow are of this family. A family without a sample is left out.
  void begin(std::string_view name, std::string_view type, std::string_view doc);

  void sample(std::uint64_t value, Labels labels = {});
  void sample(double value, Labels labels = {});
  void sample(const Counter& counter, Labels labels = {}) { sample(counter.value(), labels); }
  void sample(const Histogram& histogram, Labels labels = {});  // In seconds.

  std::string take() { return std::move(text_); }

 private:
  void line(std::string_view suffix, Labels labels, std::string_view bound, std::string_view value);
  void write_head();

  std::string text_;
  std::string_view name_;
  std::string_view type_;
  std::string_view doc_;
  bool head_written_ = false;
};

}  // namespace omenia::worker
