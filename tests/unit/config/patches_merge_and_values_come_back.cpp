// Merge patches, and the way back of what a client was shown.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/config/patch.h"
#include "shared/config/redact.h"
#include "shared/config/restore.h"
#include "shared/json/json5.h"
#include "tests/unit/config/variables.h"

namespace omenia {

namespace {

using testing::HasSubstr;

Json json5(std::string_view text) {
  return std::move(parse_json5(text).value().value);
}

std::string patch(std::string_view document, std::string_view change, const std::vector<JsonPath>& replaceable = {}) {
  const auto result = patched(json5(document), json5(change), replaceable);
  return result.ok() ? result.value().dump() : "refused: " + result.error().message;
}

TEST(Patches, MergeObjectsAndRemoveByNull) {
  EXPECT_EQ(patch("{a: {b: 1, c: 2}, d: 3}", "{a: {b: null, e: {f: null, g: 4}}, d: 'x'}"),
            R"({"a":{"c":2,"e":{"g":4}},"d":"x"})");
  EXPECT_THAT(patch("{}", "[1]"), HasSubstr("has to be an object"));
}

TEST(Patches, MergeListsById) {
  EXPECT_EQ(patch("{m: [{id: 'a', n: 1}, {id: 'b'}]}", "{m: [{id: 'a', n: 2}, {id: 'c'}]}"),
            R"({"m":[{"id":"a","n":2},{"id":"b"},{"id":"c"}]})");
  EXPECT_EQ(patch("{m: [{id: 'a'}, {id: 'b'}]}", "{m: [{id: 'c'}]}", {{"m"}}), R"({"m":[{"id":"c"}]})");
}

TEST(Patches, LetOtherListsLoseElementsOnlyWhenNamed) {
  EXPECT_EQ(patch("{o: ['a']}", "{o: ['b', 'a']}"), R"({"o":["b","a"]})");
  EXPECT_THAT(patch("{x: {o: ['a']}}", "{x: {o: ['b']}}"),
              HasSubstr("refused: the patch would take elements out of x.o"));
  EXPECT_EQ(patch("{x: {o: ['a']}}", "{x: {o: ['b']}}", {{"x", "o"}}), R"({"x":{"o":["b"]}})");
}

class Restoring : public testing::Test {
 protected:
  LoadedConfig current = check_config(
      "{gateway: {auth: {token: 'secret', password: '${PASS}'}, remote: {url: 'ws://${NAME}'}},"
      " models: {providers: {p: {baseUrl: 'http://h', apiKey: 'k', headers: {x: 'y'},"
      "                          models: [{id: 'a', name: '${NAME}'}, {id: 'b'}]}}}}",
      "/c/OmeniaClaw.json", test::environment_of({{"NAME", "h"}, {"PASS", "w"}}));
};

TEST_F(Restoring, GivesBackWhatWasHidden) {
  EXPECT_TRUE(restored(redacted(current.resolved, {}), current).view() == current.source.view());
  EXPECT_TRUE(restored(redacted(current.source, {}), current).view() == current.source.view());
}

TEST_F(Restoring, KeepsWhatTheClientChanged) {
  Json document = redacted(current.source, {});
  document =
      std::move(patched(document, json5("{gateway: {auth: {token: 'new'}, remote: {url: 'ws://other'}}}"), {})).value();
  const Json result = restored(document, current);
  EXPECT_EQ(result["gateway"]["auth"]["token"].text(), "new");
  EXPECT_EQ(result["gateway"]["auth"]["password"].text(), "${PASS}");
  EXPECT_EQ(result["gateway"]["remote"]["url"].text(), "ws://other");
}

TEST_F(Restoring, MatchesListElementsByTheirId) {
  const Json result =
      restored(json5("{models: {providers: {p: {models: [{id: 'b'}, {id: 'a', name: 'h'}]}}}}"), current);
  EXPECT_EQ(result["models"]["providers"]["p"]["models"].at(1)["name"].text(), "${NAME}");
}

TEST_F(Restoring, LeavesAPlaceholderWithoutACounterpart) {
  EXPECT_TRUE(holds_redaction(restored(json5("{hooks: {token: '__OmeniaClaw_REDACTED__'}}"), current)));
}

}  // namespace

}  // namespace omenia
