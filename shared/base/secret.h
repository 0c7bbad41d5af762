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

  // Takes the time of the candidate's length, wherever they differ and however long the secret is. An empty secret
  // equals nothing.
  bool equals(std::string_view candidate) const;

 private:
  std::string value_;
};

}  // namespace omenia
