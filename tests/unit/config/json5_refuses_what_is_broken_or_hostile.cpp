// What is no JSON5, or would be read differently by others, is refused with its place.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/base/limits.h"
#include "shared/json/json5.h"

namespace omenia {

namespace {

using testing::HasSubstr;

struct Broken {
  const char* name;
  std::string text;
  std::string message;
};

void PrintTo(const Broken& broken, std::ostream* out) {
  *out << broken.name;
}

class BrokenJson5 : public testing::TestWithParam<Broken> {};

TEST_P(BrokenJson5, IsRefusedWithItsPlace) {
  const auto document = parse_json5(GetParam().text);
  ASSERT_FALSE(document.ok());
  EXPECT_EQ(document.error().message, "JSON5 parse failed: " + GetParam().message);
}

std::string nested(int levels) {
  return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
}

INSTANTIATE_TEST_SUITE_P(
    Corpus, BrokenJson5,
    testing::Values(
        Broken{"nothing", "", "the document is empty at 1:1"},
        Broken{"only_a_comment", "// a\n", "the document is empty at 2:1"},
        Broken{"unclosed_object", "{a: 1", "expected \",\" or \"}\", found the end at 1:6"},
        Broken{"unclosed_array", "[1,\n", "expected a value, found the end at 2:1"},
        Broken{"unclosed_string", "{\n  a: 'x\n}", "a string is not closed at 2:6"},
        Broken{"unclosed_comment", "{} /* x", "a comment is not closed at 1:4"},
        Broken{"missing_comma", "{a: 1 b: 2}", "expected \",\" or \"}\", found \"b\" at 1:7"},
        Broken{"missing_colon", "{a 1}", "expected \":\" after the name \"a\", found \"1\" at 1:4"},
        Broken{"hyphen_in_a_name", "{my-id: 1}", "expected \":\" after the name \"my\", found \"-\" at 1:4"},
        Broken{"double_comma", "[1,,2]", "expected a value, found \",\" at 1:4"},
        Broken{"only_a_comma", "{,}", "expected a name or \"}\", found \",\" at 1:2"},
        Broken{"text_after", "{} {}", "expected the end, found \"{\" at 1:4"},
        Broken{"word", "{a: yes}", "\"yes\" is no value (a string needs quotes) at 1:5"},
        Broken{"duplicate", "{\n'a': 1,\n a: 2}", "the key \"a\" stands twice in one object at 3:2"},
        Broken{"duplicate_by_escape", R"({a: 1, "\u0061": 2})", "the key \"a\" stands twice in one object at 1:8"},
        Broken{"infinity", "[Infinity]", "Infinity and NaN are not accepted as values at 1:2"},
        Broken{"plus_infinity", "[+Infinity]", "Infinity and NaN are not accepted as values at 1:3"},
        Broken{"not_a_number", "[-NaN]", "Infinity and NaN are not accepted as values at 1:3"},
        Broken{"too_large", "[1e999]", "a number is out of range at 1:7"},
        Broken{"hex_too_large", "[0x10000000000000000]", "a number is too large at 1:21"},
        Broken{"hex_without_digits", "[0x]", "a number needs hexadecimal digits after 0x at 1:4"},
        Broken{"leading_zero", "[012]", "a number may not begin with 0 and another digit at 1:5"},
        Broken{"dot", "[.]", "a number needs digits at 1:3"},
        Broken{"exponent", "[1e+]", "a number needs digits after its exponent sign at 1:5"},
        Broken{"unit", "[5px]", "expected \",\" or \"]\", found \"p\" at 1:3"},
        Broken{"nul_escape", R"(["a\0b"])", "a string may not hold a NUL character at 1:6"},
        Broken{"nul_by_code", R"(["\u0000"])", "a string may not hold a NUL character at 1:9"},
        Broken{"nul_byte", std::string("['\0']", 5), "a string may not hold a NUL character at 1:3"},
        Broken{"nul_byte_outside", std::string("[\0]", 3), "expected a value, found \"\\u0000\" at 1:2"},
        Broken{"high_surrogate", R"(["\ud83d"])", "half of a surrogate pair at 1:9"},
        Broken{"low_surrogate", R"(["\ude00"])", "half of a surrogate pair at 1:9"},
        Broken{"wrong_pair", R"(["\ud83d\u0041"])", "half of a surrogate pair at 1:15"},
        Broken{"short_escape", R"(["\u12"])", "an escape needs 4 hexadecimal digits at 1:9"},
        Broken{"octal_escape", R"(["\1"])", "a digit after a backslash has no meaning at 1:5"},
        Broken{"not_utf8", "{\n a: '\xFF'}", "the text is not UTF-8 at 2:6"},
        Broken{"too_deep", nested(limits::json_depth_max + 1), "nested deeper than 64 levels at 1:65"}),
    [](const auto& info) { return info.param.name; });

TEST(Json5Limits, DepthAtTheLimitIsRead) {
  EXPECT_TRUE(parse_json5(nested(limits::json_depth_max)).ok());
}

TEST(Json5Limits, SizeIsBounded) {
  const std::string text = "'" + std::string(limits::config_file_bytes_max, 'x') + "'";
  const auto document = parse_json5(text);
  ASSERT_FALSE(document.ok());
  EXPECT_THAT(document.error().message, HasSubstr("larger than 2097152 bytes"));
}

// Two million bytes in the shapes that make a careless reader quadratic. The test's own time limit is the assertion.
TEST(Json5Limits, LongLinesTakeLinearTime) {
  std::string strings = "[";
  std::string members = "{";
  for (int i = 0; i < 150'000; ++i) {
    strings += "'',";
    members += "k" + std::to_string(i) + ":1,";
  }
  EXPECT_TRUE(parse_json5(strings + "]").ok());
  EXPECT_TRUE(parse_json5(members + "}").ok());
  EXPECT_FALSE(parse_json5(std::string(1'000'000, '[')).ok());
  EXPECT_FALSE(parse_json5("'" + std::string(2'000'000, 'x')).ok());
}

TEST(Json5Limits, TheErrorCarriesItsLine) {
  const auto document = parse_json5("{\n\n  a: }");
  ASSERT_FALSE(document.ok());
  EXPECT_EQ(document.error().details, R"({"line":3,"column":6})");
}

}  // namespace

}  // namespace omenia
