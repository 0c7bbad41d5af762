#include "shared/log/mask.h"

#include <algorithm>
#include <mutex>

#include "shared/base/utf8.h"

namespace omenia {

namespace {
constexpr std::size_t shown_in_part_bytes_min = 18;
constexpr std::size_t head_bytes = 6;
constexpr std::size_t tail_bytes = 4;

void replace_all(std::string& text, std::string_view secret) {
  std::size_t found = text.find(secret);
  if (found == std::string::npos) return;
  const std::string replacement = masked_secret(secret);
  std::string result;
  std::size_t start = 0;
  for (; found != std::string::npos; found = text.find(secret, start)) {
    result.append(text, start, found - start).append(replacement);
    start = found + secret.size();
  }
  text = result.append(text, start);
}
}  // namespace

std::string masked_secret(std::string_view secret) {
  if (secret.size() < shown_in_part_bytes_min) return "***";
  std::string_view tail = secret.substr(secret.size() - tail_bytes);
  while (!tail.empty() && utf8_sequence_length(tail) == 0) tail.remove_prefix(1);
  return std::string(utf8_prefix(secret, head_bytes)) + "…" + std::string(tail);
}

void SecretMask::add(std::string_view secret) {
  if (secret.empty()) return;
  const std::unique_lock lock(mutex_);
  if (std::find(secrets_.begin(), secrets_.end(), secret) != secrets_.end()) return;
  secrets_.emplace_back(secret);
  std::stable_sort(secrets_.begin(), secrets_.end(),
                   [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  any_.store(true, std::memory_order_release);
}

bool SecretMask::apply(std::string_view text, std::string& masked) const {
  if (!any_.load(std::memory_order_acquire)) return false;
  const std::shared_lock lock(mutex_);
  const auto shown = [text](const std::string& secret) { return text.find(secret) != std::string_view::npos; };
  if (std::none_of(secrets_.begin(), secrets_.end(), shown)) return false;
  masked = text;
  for (const std::string& secret : secrets_) replace_all(masked, secret);
  return true;
}

}  // namespace omenia
