// JSON is read with its types, within bounds of depth and size; what is no JSON is refused.
#include <gtest/gtest.h>

#include "shared/json/json.h"

namespace omenia {
namespace {

std::string refusal(std::string_view text) {
  const auto parsed = Json::parse(text);
  return parsed.ok() ? "" : parsed.error().message;
}

TEST(Json, ValuesAreReadWithTheirTypes) {
  const Json value = Json::parse(R"({"a":"text","b":1.5,"c":7,"d":true,"e":null,"f":[1,2],"g":{"h":"deep"}})").value();
  EXPECT_EQ(value["a"].text(), "text");
  EXPECT_EQ(value["b"].number(), 1.5);
  EXPECT_FALSE(value["b"].is_integer());
  EXPECT_EQ(value["c"].integer(), 7);
  EXPECT_TRUE(value["d"].boolean());
  EXPECT_TRUE(value["e"].is_null());
  EXPECT_EQ(value["f"].size(), 2u);
  EXPECT_EQ(value["f"].at(1).integer(), 2);
  EXPECT_EQ(value["g"]["h"].text(), "deep");
}

TEST(Json, WhatIsNotThereIsNothingAllTheWay) {
  const Json value = Json::parse("{}").value();
  EXPECT_FALSE(value["a"]["b"]["c"]);
  EXPECT_EQ(value["a"].text("fallback"), "fallback");
  EXPECT_EQ(value["a"].integer(5), 5);
  EXPECT_EQ(value["a"].optional_text(), std::nullopt);
  EXPECT_FALSE(JsonView().at(3));
}

TEST(Json, NamesAreComparedExactly) {
  const Json value = Json::parse(R"({"Name":1})").value();
  EXPECT_FALSE(value["name"]);
  EXPECT_TRUE(value["Name"]);
}

TEST(Json, WhatIsNoJsonIsRefused) {
  for (const char* text :
       {"", "{", "}", "[1,]", "{\"a\":}", "nul", "'a'", "{a:1}", "// no\n1", "\"\x01\"", "\"a", "1 2", "{} x"})
    EXPECT_NE(refusal(text), "") << text;
}

TEST(Json, DepthIsBounded) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(refusal(nested(limits::json_depth_max)), "");
  EXPECT_NE(refusal(nested(limits::json_depth_max + 1)), "");
  EXPECT_EQ(refusal("\"" + std::string(1000, '[') + "\""), "") << "brackets in a string do not nest";
}

TEST(Json, SizeIsBounded) {
  EXPECT_TRUE(Json::parse("\"1234\"", 6).ok());
  EXPECT_FALSE(Json::parse("\"12345\"", 6).ok());
}

// Neither cut there nor refused: other programs write these for text that they have cut or taken out of a file.
TEST(Json, AnEscapeThatNamesNoCharacterIsReadAsTheReplacementCharacter) {
  const auto read = [](const std::string& text) {
    const auto json = Json::parse("[\"" + text + "\"]");
    return json.ok() ? std::string(json.value().view().first().text()) : json.error().message;
  };
  const std::string replaced = "\uFFFD";
  EXPECT_EQ(read(R"(a\u0000b)"), "a" + replaced + "b");
  EXPECT_EQ(read(R"(a\\u0000b)"), R"(a\u0000b)") << "an escaped backslash, and then plain text";
  EXPECT_EQ(read(R"(a\\\u0000b)"), "a\\" + replaced + "b");
  EXPECT_EQ(read(R"(\ud83d)"), replaced);
  EXPECT_EQ(read(R"(\uDE00\uD83D)"), replaced + replaced) << "the halves of a pair in the wrong order";
  EXPECT_EQ(read(R"(\ud83d\ud83d\ude00)"), replaced + "\U0001F600");
  EXPECT_EQ(read(R"(\uD83D\uDE00\u0000)"), "\U0001F600" + replaced);
  EXPECT_EQ(read(R"(\ud83d\n\ude00)"), replaced + "\n" + replaced);
  EXPECT_NE(read(R"(\ud83d\u12g4)").find("malformed"), std::string::npos) << "no escape at all";
}

TEST(Json, AMemberOfAnEscapedNulIsTheReplacementCharactersToo) {
  const Json json = Json::parse(R"({"a\u0000":1})").value();
  EXPECT_EQ(json["a\uFFFD"].integer(), 1);
  EXPECT_FALSE(json["a"]);
  EXPECT_NE(refusal("\"\\u0000"), "");
  EXPECT_NE(refusal("\"\\"), "");
}

TEST(Json, IntegersAreWholeAndExact) {
  EXPECT_TRUE(Json::parse("9007199254740992").value().view().is_integer());
  EXPECT_FALSE(Json::parse("1e300").value().view().is_integer());
  EXPECT_EQ(Json::parse("1e300").value().view().integer(3), 3);
}

TEST(Json, EqualityLooksAtTheWholeValue) {
  const Json a = Json::parse(R"({"x":1,"y":[true,{"z":"s"}]})").value();
  const Json b = Json::parse(R"({"y":[true,{"z":"s"}],"x":1})").value();
  const Json c = Json::parse(R"({"y":[true,{"z":"t"}],"x":1})").value();
  EXPECT_TRUE(a.view() == b.view());
  EXPECT_FALSE(a.view() == c.view());
}

TEST(Json, AnObjectIsEdited) {
  Json object = Json::object();
  object.set("a", Json::of(1));
  object.set("a", Json::of("two"));
  Json list = Json::array();
  list.push(Json::of(true));
  object.set("b", std::move(list));
  EXPECT_EQ(object.dump(), R"({"a":"two","b":[true]})");
  EXPECT_TRUE(object.remove("a"));
  EXPECT_FALSE(object.remove("a"));
  EXPECT_EQ(object.dump_pretty(), "{\n  \"b\": [true]\n}");
}

}  // namespace
}  // namespace omenia
