// An edit changes one value: the others keep their place, their text and their ${VAR}.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/config/edit.h"
#include "shared/json/json5.h"

namespace omenia {

namespace {

using testing::HasSubstr;

Json document(std::string_view text) {
  auto parsed = parse_json5(text);
  EXPECT_TRUE(parsed.ok());
  return std::move(parsed.value().value);
}

std::string after_set(std::string_view text, std::string_view path, std::string_view value) {
  Json edited = document(text);
  const JsonPath place = parse_json_path(path).value();
  const auto done = set_value(edited, place, value_from_text(value, place));
  return done.ok() ? edited.dump() : done.error().message;
}

TEST(Edit, SetsInPlace) {
  EXPECT_EQ(after_set("{a: '${X}', gateway: {port: 1, bind: 'lan'}, z: 1}", "gateway.port", "20000"),
            R"({"a":"${X}","gateway":{"port":20000,"bind":"lan"},"z":1})");
}

TEST(Edit, MakesWhatIsMissingOnTheWay) {
  EXPECT_EQ(after_set("{}", "models.providers[\"my id\"].baseUrl", "http://h/v1"),
            R"({"models":{"providers":{"my id":{"baseUrl":"http://h/v1"}}}})");
  EXPECT_EQ(after_set("{}", "models.providers.p.models[0].id", "m"),
            R"({"models":{"providers":{"p":{"models":[{"id":"m"}]}}}})");
  EXPECT_EQ(after_set("{}", "gateway.trustedProxies.0", "::1"), R"({"gateway":{"trustedProxies":["::1"]}})");
}

TEST(Edit, TakesElementsByIndex) {
  EXPECT_EQ(after_set("{a: [1, 2]}", "a[1]", "7"), R"({"a":[1,7]})");
  EXPECT_EQ(after_set("{a: [1, 2]}", "a.2", "7"), R"({"a":[1,2,7]})");
  EXPECT_EQ(after_set("{a: [1, 2]}", "a[3]", "7"), "Cannot set a.3: a has no such index");
  EXPECT_EQ(after_set("{a: 1}", "a.b", "7"), "Cannot set a.b: a is not an object");
}

TEST(Edit, GivesAModelItsLongFormWhenThatIsNeeded) {
  EXPECT_EQ(after_set("{agents: {defaults: {model: 'a/b'}}}", "agents.defaults.model.primary", "c/d"),
            R"({"agents":{"defaults":{"model":{"primary":"c/d"}}}})");
  const Json short_form = document("{agents: {defaults: {model: 'a/b'}}}");
  EXPECT_EQ(value_at(short_form, {"agents", "defaults", "model", "primary"}).text(), "a/b");
}

TEST(Edit, RemovesOneValue) {
  Json edited = document("{a: {b: 1, c: 2}, d: [1, 2, 3]}");
  EXPECT_TRUE(unset_value(edited, {"a", "b"}));
  EXPECT_TRUE(unset_value(edited, {"d", "1"}));
  EXPECT_FALSE(unset_value(edited, {"a", "x"}));
  EXPECT_FALSE(unset_value(edited, {}));
  EXPECT_EQ(edited.dump(), R"({"a":{"c":2},"d":[1,3]})");
}

TEST(EditedValue, IsJson5OrTheTextItself) {
  EXPECT_EQ(value_from_text("{a: [1,],}", {"x"}).dump(), R"({"a":[1]})");
  EXPECT_EQ(value_from_text("hello world", {"x"}).dump(), R"("hello world")");
  EXPECT_EQ(value_from_text("'quoted'", {"x"}).dump(), R"("quoted")");
  EXPECT_EQ(value_from_text("0x10", {"gateway", "port"}).dump(), "16");
  EXPECT_EQ(value_from_text("12345", {"gateway", "auth", "token"}).dump(), R"("12345")");
  EXPECT_EQ(value_from_text("{source: 'env', id: 'T'}", {"gateway", "auth", "token"}).dump(),
            R"({"source":"env","id":"T"})");
  EXPECT_EQ(value_from_text("", {"x"}).dump(), R"("")");
}

}  // namespace

}  // namespace omenia
