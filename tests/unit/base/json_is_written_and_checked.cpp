// JSON is written so that it can be read back, and checked against a shape that names every problem.
#include <gtest/gtest.h>

#include <cmath>

#include "shared/json/shape.h"
#include "shared/json/writer.h"

namespace omenia {
namespace {

TEST(JsonWriter, PutsTheCommas) {
  JsonWriter json;
  json.begin_object().member("a", 1).member("b", "two").key("c").begin_array().value(true).null().begin_object();
  json.end_object().end_array().raw_member("d", "[1]").end_object();
  EXPECT_EQ(json.text(), R"({"a":1,"b":"two","c":[true,null,{}],"d":[1]})");
}

TEST(JsonWriter, WhatItWritesCanBeReadBack) {
  const std::string text = "quote \" backslash \\ newline \n tab \t bell \x07 größer € 𝄞";
  JsonWriter json;
  json.begin_array().value(text).end_array();
  EXPECT_EQ(Json::parse(json.text()).value().view().at(0).text(), text);
}

TEST(JsonWriter, BytesThatAreNoUtf8AreReplaced) {
  JsonWriter json;
  json.value("a\xFFz\xE2\x82");
  EXPECT_EQ(json.text(), "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

// Eight bytes are looked at together: each byte at each place among others.
TEST(JsonWriter, EveryByteIsFoundWhereverItStands) {
  for (int byte = 1; byte < 0x80; ++byte) {
    for (std::size_t place = 0; place < 20; ++place) {
      std::string text(20, 'x');
      text[place] = static_cast<char>(byte);
      std::string json;
      append_json_string(json, text);
      const bool is_plain = byte >= 0x20 && byte != '"' && byte != '\\';
      EXPECT_EQ(json.size() == text.size() + 2, is_plain) << byte << " at " << place;
      EXPECT_EQ(Json::parse(json).value().view().text(), text) << byte << " at " << place;
    }
  }
  for (std::size_t place = 0; place < 20; ++place) {
    std::string text(20, 'x');
    std::string json;
    append_json_string(json, text.replace(place, 1, "\x80"));
    EXPECT_EQ(json, "\"" + text.replace(place, 1, "\xEF\xBF\xBD") + "\"") << place;
  }
}

// Short texts are written another way than long ones, and their last bytes are looked at twice.
TEST(JsonWriter, TextsOfEveryLengthAreWhole) {
  for (std::size_t length = 0; length < 80; ++length) {
    for (std::size_t place = 0; place <= length; ++place) {
      std::string text(length, 'x');
      if (place < length) text[place] = '"';
      JsonWriter json;
      json.begin_object().member("first", 1).member(text, text).end_object();
      const auto read = Json::parse(json.text());
      ASSERT_TRUE(read.ok()) << json.text();
      EXPECT_EQ(read.value().view()[text].text(), text);
    }
  }
}

TEST(JsonWriter, NumbersKeepTheirValue) {
  JsonWriter json;
  json.begin_array().value(std::int64_t{-9007199254740993}).value(0.1).value(std::nan("")).end_array();
  EXPECT_EQ(json.text(), "[-9007199254740993,0.1,null]");
}

constexpr Field person_fields[] = {
    {.name = "name", .type = JsonType::text, .required = true, .max = 5},
    {.name = "age", .type = JsonType::integer, .min = 0, .max = 150},
    {.name = "mood", .type = JsonType::string, .allowed = "good|bad"},
};
constexpr Shape person{person_fields};
constexpr Field group_fields[] = {
    {.name = "people", .type = JsonType::array, .required = true, .max = 2, .shape = &person, .item = JsonType::object},
    {.name = "leader", .type = JsonType::object, .shape = &person, .nullable = true},
};
constexpr Shape group{group_fields};

std::string problems(std::string_view text, const Shape& shape) {
  return problems_of(Json::parse(text).value(), shape);
}

TEST(Shape, WhatFitsHasNoProblems) {
  EXPECT_EQ(problems(R"({"name":"Ada","age":36,"mood":"good"})", person), "");
  EXPECT_EQ(problems(R"({"people":[{"name":"Ada"}],"leader":null})", group), "");
}

TEST(Shape, EveryProblemIsToldAtItsPlace) {
  EXPECT_EQ(problems(R"({"age":-1,"mood":"odd","extra":1})", person),
            "must have required property 'name'; at /age: must be >= 0; "
            "at /mood: must be equal to one of the allowed values; at root: unexpected property 'extra'");
  EXPECT_EQ(problems(R"({"people":[{"name":""},7],"leader":[]})", group),
            "at /people/0/name: must NOT have fewer than 1 characters; at /people/1: must be object; "
            "at /leader: must be object");
  EXPECT_EQ(problems("[]", person), "at root: must be object");
}

TEST(Shape, NoMemberMayStandTwice) {
  EXPECT_EQ(problems(R"({"name":"Ada","name":"Eve"})", person), "at root: duplicate property 'name'");
  EXPECT_EQ(problems(R"({"people":[{"name":"Ada","age":1,"age":"x"}]})", group),
            "at /people/0: duplicate property 'age'");
}

TEST(Shape, ListsOfFieldsAreJoinedInOrder) {
  static constexpr auto both = joined(group_fields, person_fields);
  ASSERT_EQ(both.size(), std::size(group_fields) + std::size(person_fields));
  EXPECT_EQ(both.front().name, "people");
  EXPECT_EQ(both.back().name, "mood");
}

TEST(Shape, AFlawOfTypeIsToldOnce) {
  EXPECT_EQ(problems(R"({"name":5})", person), "at /name: must be string");
  EXPECT_EQ(problems(R"({"name":"Ada","age":1.5})", person), "at /age: must be integer");
}

TEST(Shape, TheNumberOfProblemsIsBounded) {
  std::string many = "{";
  for (int i = 0; i < 100; ++i) many += "\"k" + std::to_string(i) + "\":1,";
  many.back() = '}';
  const std::string told = problems(many, person);
  EXPECT_EQ(std::count(told.begin(), told.end(), ';'), 7);
}

TEST(Shape, ParamsAreRefusedWithTheMethodsName) {
  const auto checked = check_params("people.add", Json::parse("{}").value(), person);
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().message, "invalid people.add params: must have required property 'name'");
  EXPECT_EQ(checked.error().code, ErrorCode::invalid_request);
}

}  // namespace
}  // namespace omenia
