// A Result carries a value or the first failure; every error row has facts that make sense.
#include <gtest/gtest.h>

#include <memory>

#include "shared/base/result.h"

namespace omenia {
namespace {

Result<int> half_of(int number) {
  if (number % 2 != 0) return fail(ErrorCode::invalid_request, std::to_string(number) + " is odd");
  return number / 2;
}

Result<int> quarter_of(int number) {
  TRY_ASSIGN(const int half, half_of(number));
  TRY_ASSIGN(const int quarter, half_of(half));
  return quarter;
}

Result<void> check_both(int first, int second) {
  TRY(half_of(first));
  TRY(half_of(second));
  return {};
}

TEST(Result, AValueComesThrough) {
  EXPECT_EQ(quarter_of(8).value(), 2);
  EXPECT_TRUE(check_both(2, 4).ok());
}

TEST(Result, TheFirstFailureIsPassedOn) {
  EXPECT_EQ(quarter_of(6).error().message, "3 is odd");
  EXPECT_EQ(quarter_of(7).error().message, "7 is odd");
  EXPECT_EQ(check_both(2, 5).error().message, "5 is odd");
  EXPECT_EQ(check_both(1, 5).error().code, ErrorCode::invalid_request);
}

TEST(Result, AValueThatOnlyMovesMoves) {
  const auto make = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(7); };
  const auto pass = [&]() -> Result<std::unique_ptr<int>> {
    TRY_ASSIGN(auto value, make());
    return value;
  };
  EXPECT_EQ(*pass().value(), 7);
}

TEST(ErrorRows, EveryErrorHasFactsThatMakeSense) {
  for (const ErrorRow& row : error_rows) {
    EXPECT_FALSE(row.name.empty());
    EXPECT_FALSE(row.wire.empty()) << row.name;
    EXPECT_FALSE(row.http_type.empty()) << row.name;
    EXPECT_TRUE(row.http_status >= 400 && row.http_status < 600) << row.name;
    EXPECT_TRUE(row.close_code >= 1000 && row.close_code < 5000) << row.name;
    EXPECT_TRUE(row.exit_code == 1 || row.exit_code == 78 || row.exit_code == 2) << row.name;
  }
}

}  // namespace
}  // namespace omenia
