#pragma once
// SecretMask: the texts that a log line must never show, and their replacement. Used from several threads: secrets are
// added rarely, every line asks.

#include <atomic>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace omenia {

class SecretMask {
 public:
  void add(std::string_view secret);  // An empty one is ignored.

  // True, and the masked text in `masked`, when `text` shows a secret. Costs one load while there are no secrets.
  bool apply(std::string_view text, std::string& masked) const;

 private:
  std::atomic<bool> any_ = false;
  mutable std::shared_mutex mutex_;
  std::vector<std::string> secrets_;  // The longest first, so that one inside another leaves no rest.
};

// First 6 and last 4 characters of a long secret, "***" for one shorter than 18 bytes.
std::string masked_secret(std::string_view secret);

}  // namespace omenia
