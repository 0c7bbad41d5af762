#pragma once
// Secret: a value that cannot be printed, logged or serialized by accident. Reading it takes a word (`reveal`)
// that a review can search for; comparing it takes constant time.

#include <string>
#include <string_view>
#include <utility>

namespace omenia {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  bool empty() const { return value_.empty(); }
  const std::string& reveal() const { return value_; }

  // Compares digests of both sides, so neither content nor length leaks through time. An empty secret equals nothing.
  bool equals(std::string_view candidate) const;

 private:
  std::string value_;
};

}  // namespace omenia
