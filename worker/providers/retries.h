#pragma once
// Retries: whether a failed call to a provider is tried once more, and when. Pure.

#include <cstdint>
#include <optional>

#include "shared/base/result.h"

namespace omenia::providers {

class Retries {
 public:
  explicit Retries(std::int64_t begun_ms) : begun_ms_(begun_ms) {}

  // How long to wait before the next attempt; nothing when this failure is final. What the server asks to wait is
  // kept, or not waited for at all.
  std::optional<std::int64_t> pause_ms(const Error& error, std::int64_t now_ms);

 private:
  std::int64_t begun_ms_;
  int attempts_ = 1;
};

}  // namespace omenia::providers
