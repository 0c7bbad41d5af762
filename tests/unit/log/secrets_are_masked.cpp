// Registered secrets are masked wherever they stand in a text.
#include <gtest/gtest.h>

#include "shared/log/mask.h"

namespace omenia {
namespace {

std::string masked(const SecretMask& mask, std::string_view text) {
  std::string result;
  return mask.apply(text, result) ? result : std::string(text);
}

TEST(SecretMask, WithoutSecretsNothingChanges) {
  std::string result = "untouched";
  EXPECT_FALSE(SecretMask().apply("any text", result));
  EXPECT_EQ(result, "untouched");
}

TEST(SecretMask, ALongSecretShowsItsEndsAShortOneNothing) {
  EXPECT_EQ(masked_secret("0123456789abcdefgh"), "012345…efgh");
  EXPECT_EQ(masked_secret("0123456789abcdefg"), "***");
}

TEST(SecretMask, EveryOccurrenceIsMasked) {
  SecretMask mask;
  mask.add("hunter22");
  EXPECT_EQ(masked(mask, "hunter22 and hunter22hunter22"), "*** and ******");
  EXPECT_EQ(masked(mask, "hunter2"), "hunter2");
}

TEST(SecretMask, ASecretInsideAnotherLeavesNoRest) {
  SecretMask mask;
  mask.add("inner");
  mask.add("an inner secret");
  EXPECT_EQ(masked(mask, "<an inner secret>"), "<***>");
}

TEST(SecretMask, AnEmptySecretIsNone) {
  SecretMask mask;
  mask.add("");
  EXPECT_EQ(masked(mask, "text"), "text");
}

TEST(SecretMask, ACharacterIsNotCutApart) {
  EXPECT_EQ(masked_secret("12345€ 0123456789€€"), "12345…€");
}

}  // namespace
}  // namespace omenia
