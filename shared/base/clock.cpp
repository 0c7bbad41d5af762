#include "shared/base/clock.h"

#include <chrono>
#include <cstdio>
#include <ctime>

namespace omenia {

namespace {
template <typename Clock, typename Unit = std::chrono::milliseconds>
std::int64_t now() {
  return std::chrono::duration_cast<Unit>(Clock::now().time_since_epoch()).count();
}
}  // namespace

std::int64_t wall_ms() {
  return now<std::chrono::system_clock>();
}
std::int64_t steady_ms() {
  return now<std::chrono::steady_clock>();
}
std::int64_t steady_us() {
  return now<std::chrono::steady_clock, std::chrono::microseconds>();
}

std::string iso_utc(std::int64_t wall_time_ms) {
  const std::time_t seconds = static_cast<std::time_t>(wall_time_ms / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text + length, sizeof text - length, ".%03dZ", static_cast<int>(wall_time_ms % 1000));
  return text;
}

}  // namespace omenia
