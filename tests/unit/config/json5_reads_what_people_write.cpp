// JSON5 gives the same value that strict JSON would give, and knows the line of each part of it.

#include <gtest/gtest.h>

#include "shared/json/json5.h"

namespace omenia {

namespace {

struct Sample {
  const char* name;
  std::string_view text;
  std::string_view strict;
};

void PrintTo(const Sample& sample, std::ostream* out) {
  *out << sample.name;
}

class Json5Sample : public testing::TestWithParam<Sample> {};

TEST_P(Json5Sample, EqualsStrictJson) {
  const auto document = parse_json5(GetParam().text);
  ASSERT_TRUE(document.ok()) << document.error().message;
  EXPECT_EQ(document.value().value.dump(), GetParam().strict);
}

INSTANTIATE_TEST_SUITE_P(
    Corpus, Json5Sample,
    testing::Values(Sample{"empty_object", "{}", "{}"}, Sample{"empty_array", "[]", "[]"},
                    Sample{"strict", R"({"a":[1,2.5,"x",true,false,null]})", R"({"a":[1,2.5,"x",true,false,null]})"},
                    Sample{"line_comment", "// first\n{a: 1} // last", R"({"a":1})"},
                    Sample{"block_comment", "/* a\n * b */ {/**/a/*x*/:/*y*/1/*z*/,/**/}", R"({"a":1})"},
                    Sample{"trailing_commas", "{a: [1, 2,], b: {c: 3,},}", R"({"a":[1,2],"b":{"c":3}})"},
                    Sample{"single_quotes", R"({'a': 'it\'s "so"'})", R"({"a":"it's \"so\""})"},
                    Sample{"bare_names", "{$a_1: 1, größe: 2, null: 3}", R"({"$a_1":1,"größe":2,"null":3})"},
                    Sample{"escaped_name", R"({\u0061b: 1})", R"({"ab":1})"},
                    Sample{"line_continuation", "{a: 'one \\\ntwo\\\r\n three'}", R"({"a":"one two three"})"},
                    Sample{"hexadecimal", "[0x1F, -0xff, 0XAB]", "[31,-255,171]"},
                    Sample{"dots_and_signs", "[.5, 5., +7, -.25, -0]", "[0.5,5,7,-0.25,0]"},
                    Sample{"exponents", "[1e3, 2.5E-1, 1e+2]", "[1000,0.25,100]"},
                    Sample{"escapes", R"(["\b\f\n\r\t\x41\u00e9\/\q"])", "[\"\\u0008\\u000c\\n\\r\\tA\u00e9/q\"]"},
                    Sample{"vertical_tab", R"(["\v"])", R"(["\u000b"])"},
                    Sample{"surrogate_pair", R"(["\ud83d\ude00"])", "[\"\U0001F600\"]"},
                    Sample{"line_separator_in_a_string", "['a\u2028b']", "[\"a\u2028b\"]"},
                    Sample{"wide_blanks", "\uFEFF{\u00A0a\u2003:\u30001\u2029}", R"({"a":1})"},
                    Sample{"top_level_text", "'alone'", R"("alone")"}),
    [](const auto& info) { return info.param.name; });

TEST(Json5Numbers, AreExactUpToTheLargestSafeInteger) {
  const auto document = parse_json5("[9007199254740991, -9007199254740991]");
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document.value().value.view().at(0).integer(), 9007199254740991);
  EXPECT_EQ(document.value().value.dump(), "[9007199254740991,-9007199254740991]");
}

TEST(Json5Lines, AreThoseOfTheNames) {
  const auto document = parse_json5(
      "{ // 1\n"
      "  a: 1,\n"
      "  b: {\r\n"
      "    c:\n"
      "      [1,\n"
      "       {d: 2}],\n"
      "  },\n"
      "}\n");
  ASSERT_TRUE(document.ok());
  const auto line = [&](const JsonPath& path) { return document.value().line_of(path); };
  EXPECT_EQ(line({}), 1);
  EXPECT_EQ(line({"a"}), 2);
  EXPECT_EQ(line({"b"}), 3);
  EXPECT_EQ(line({"b", "c"}), 4);
  EXPECT_EQ(line({"b", "c", "0"}), 5);
  EXPECT_EQ(line({"b", "c", "1", "d"}), 6);
  EXPECT_EQ(line({"b", "missing", "deeper"}), 3);
}

}  // namespace

}  // namespace omenia
