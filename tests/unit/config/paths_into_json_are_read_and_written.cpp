// A path is written with dots and brackets, and comes back as it was.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/json/json_path.h"

namespace omenia {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(JsonPath, TakesDotsBracketsAndQuotes) {
  EXPECT_THAT(parse_json_path("gateway.port").value(), ElementsAre("gateway", "port"));
  EXPECT_THAT(parse_json_path("models.providers[\"my id\"].baseUrl").value(),
              ElementsAre("models", "providers", "my id", "baseUrl"));
  EXPECT_THAT(parse_json_path("a['b.c'][0].d").value(), ElementsAre("a", "b.c", "0", "d"));
  EXPECT_THAT(parse_json_path(R"(["a\"]b"])").value(), ElementsAre("a\"]b"));
}

TEST(JsonPath, ComesBackAsWritten) {
  for (const char* text : {"gateway.port", "a.0.b", "models.providers[\"my id\"].baseUrl", "[\"\"]", "a[\"b.c\"]"}) {
    const auto path = parse_json_path(text);
    ASSERT_TRUE(path.ok()) << path.error().message;
    EXPECT_EQ(to_text(path.value()), text);
  }
  EXPECT_EQ(to_text({}), "<root>");
}

TEST(JsonPath, RefusesWhatIsNoPath) {
  for (const char* text : {"", ".a", "a.", "a..b", "a[", "a[]", "a[0", "a[\"x]", "a[0]b", "\xFF"}) {
    const auto path = parse_json_path(text);
    ASSERT_FALSE(path.ok()) << text;
    EXPECT_THAT(path.error().message, HasSubstr("Invalid config path"));
  }
  std::string deep = "a";
  for (int i = 0; i < 100; ++i) deep += ".a";
  EXPECT_FALSE(parse_json_path(deep).ok());
}

TEST(JsonPath, FindsMembersAndElements) {
  const auto document = Json::parse(R"({"a":[{"b":7}]})");
  EXPECT_EQ(find(document.value(), {"a", "0", "b"}).integer(), 7);
  EXPECT_FALSE(find(document.value(), {"a", "1"}));
  EXPECT_FALSE(find(document.value(), {"a", "00"}));
  EXPECT_FALSE(find(document.value(), {"a", "b", "c"}));
}

}  // namespace

}  // namespace omenia
