// What is a UTF-8 character and what is not, and where a text may be cut.
#include <gtest/gtest.h>

#include "shared/base/utf8.h"

namespace omenia {
namespace {

TEST(Utf8, CharactersOfEveryLengthAreMeasured) {
  EXPECT_EQ(utf8_sequence_length("a"), 1);
  EXPECT_EQ(utf8_sequence_length("é"), 2);
  EXPECT_EQ(utf8_sequence_length("€"), 3);
  EXPECT_EQ(utf8_sequence_length("𝄞"), 4);
  EXPECT_EQ(utf8_sequence_length(""), 0);
}

TEST(Utf8, WhatTheStandardForbidsIsNoCharacter) {
  for (const char* bytes : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                            "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x82", "\xE2\x28\xA1"})
    EXPECT_EQ(utf8_sequence_length(bytes), 0);
}

TEST(Utf8, ATextIsWholeOrNot) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("größer € 𝄞"));
  EXPECT_FALSE(
      is_utf8("gr\xF6\xDF"
              "er"));
  EXPECT_FALSE(is_utf8("cut \xE2\x82"));
}

TEST(Utf8, LengthsAreCountedAsJavaScriptCountsThem) {
  EXPECT_EQ(utf16_length(""), 0u);
  EXPECT_EQ(utf16_length("aß€"), 3u);
  EXPECT_EQ(utf16_length("𝄞!"), 3u);
  EXPECT_EQ(utf16_length("cut \xE2\x82"), 6u);
}

TEST(Utf8, APrefixEndsBetweenCharacters) {
  EXPECT_EQ(utf8_prefix("abc", 5), "abc");
  EXPECT_EQ(utf8_prefix("a€b", 3), "a");
  EXPECT_EQ(utf8_prefix("a€b", 4), "a€");
  EXPECT_EQ(utf8_prefix("€", 2), "");
  EXPECT_EQ(utf8_prefix("€", 0), "");
}

}  // namespace
}  // namespace omenia
