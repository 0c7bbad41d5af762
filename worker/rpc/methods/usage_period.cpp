#include "worker/rpc/methods/usage_period.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <optional>

#include "shared/base/clock.h"

namespace omenia::rpc::methods {

namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t days_default = 30;
constexpr std::int64_t days_max = 3'660;
constexpr std::size_t date_chars = 10;

std::optional<int> digits(std::string_view text) {
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

// Days since 1970 of "2026-11-23".
std::optional<std::int64_t> day_of(std::string_view text) {
  if (text.size() != date_chars || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  if (!year || !month || !day || *month < 0 || *day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

std::string date_of(std::int64_t day) {
  return iso_utc(day * day_ms).substr(0, date_chars);
}

Result<std::int64_t> day_in(JsonView params, const char* name, std::int64_t fallback) {
  if (!params[name]) return fallback;
  if (const auto day = day_of(params[name].text())) return *day;
  return fail(ErrorCode::invalid_request, std::string(name) + " must be a date as 2026-11-23");
}

// "UTC+2", "UTC-5:30".
std::optional<std::int64_t> offset_in(std::string_view text) {
  if (!text.starts_with("UTC") || text.size() < 5 || (text[3] != '+' && text[3] != '-')) return std::nullopt;
  const std::string_view clock = text.substr(4);
  const auto colon = clock.find(':');
  const auto hours = digits(clock.substr(0, colon));
  const auto minutes = colon == std::string_view::npos ? std::optional(0) : digits(clock.substr(colon + 1));
  if (!hours || !minutes || *hours < 0 || *hours > 14 || *minutes < 0 || *minutes > 59) return std::nullopt;
  const std::int64_t offset_ms = (*hours * 60 + *minutes) * std::int64_t{60'000};
  return text[3] == '-' ? -offset_ms : offset_ms;
}

// Of this machine, now.
std::int64_t own_offset_ms(std::int64_t now_ms) {
  const auto seconds = static_cast<std::time_t>(now_ms / 1000);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return std::int64_t{local.tm_gmtoff} * 1000;
}

Result<std::int64_t> zone_offset(JsonView params, std::int64_t now_ms) {
  if (params["mode"].text() == "gateway") return own_offset_ms(now_ms);
  if (params["mode"].text() != "specific" || !params["utcOffset"]) return 0;
  if (const auto offset = offset_in(params["utcOffset"].text())) return *offset;
  return fail(ErrorCode::invalid_request, "utcOffset must look like UTC+2 or UTC-5:30");
}

std::int64_t days_in(JsonView params) {
  const std::string_view range = params["range"].text();
  if (range == "7d") return 7;
  if (range == "90d") return 90;
  if (range == "1y") return 365;
  if (range == "all") return days_max;
  return std::clamp<std::int64_t>(params["days"].integer(days_default), 1, days_max);
}

}  // namespace

Result<UsagePeriod> UsagePeriod::read(JsonView params, std::int64_t now_ms) {
  UsagePeriod period;
  TRY_ASSIGN(period.zone_offset_ms, zone_offset(params, now_ms));
  const std::int64_t today = (now_ms + period.zone_offset_ms) / day_ms;
  TRY_ASSIGN(const std::int64_t last, day_in(params, "endDate", today));
  TRY_ASSIGN(const std::int64_t first, day_in(params, "startDate", last - days_in(params) + 1));
  if (first > last) return fail(ErrorCode::invalid_request, "startDate is after endDate");
  if (last - first >= days_max) return fail(ErrorCode::invalid_request, "the time between the dates is too long");
  period.start_date = date_of(first);
  period.end_date = date_of(last);
  period.days = last - first + 1;
  period.since_ms = first * day_ms - period.zone_offset_ms;
  period.until_ms = (last + 1) * day_ms - period.zone_offset_ms;
  return period;
}

std::vector<std::string> UsagePeriod::dates() const {
  std::vector<std::string> all;
  const std::int64_t first = (since_ms + zone_offset_ms) / day_ms;
  for (std::int64_t day = first; day < first + days; ++day) all.push_back(date_of(day));
  return all;
}

}  // namespace omenia::rpc::methods
