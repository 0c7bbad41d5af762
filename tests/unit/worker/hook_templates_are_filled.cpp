// Places in a mapping's templates are filled with what a sender has said, once, and never with credentials.
#include <gtest/gtest.h>

#include "shared/base/limits.h"
#include "worker/hooks/templates.h"

namespace omenia::hooks {
namespace {

class Template : public testing::Test {
 protected:
  Template() {
    request.query = "k=v&box=in%20box";
    request.headers = {{"X-Kind", "urgent"}, {"Authorization", "Bearer secret"}, {"Cookie", "secret"}};
  }
  std::string filled(std::string_view text, std::string_view payload = R"({"a":[{"b":"deep"},7],"t":"text","o":{"x":1},
      "n":null,"f":false,"dotted.name":"d","{{t}}":"no"})") {
    const auto json = Json::parse(payload);
    const auto rendered = render(text, {json.value(), request, "mail/in"});
    EXPECT_TRUE(rendered.ok());
    return rendered.ok() ? rendered.value() : "";
  }
  http::Request request;
};

TEST_F(Template, IsFilledByPath) {
  EXPECT_EQ(filled("{{t}}"), "text");
  EXPECT_EQ(filled("<{{ payload.a[0].b }}|{{a[1]}}|{{a[0]}}|{{o}}|{{f}}>"),
            "<deep|7|{\"b\":\"deep\"}|{\"x\":1}|false>");
  EXPECT_EQ(filled("{{headers.x-kind}} {{query.box}} {{path}}"), "urgent in box mail/in");
  EXPECT_EQ(filled("{{now}}").size(), 24u);
  EXPECT_EQ(filled("{{payload}}", R"({"a":1})"), R"({"a":1})");
}

TEST_F(Template, IsEmptyForWhatIsNotThere) {
  for (const char* place :
       {"none", "n", "a[2]", "a[0].c", "a[x]", "a[-1]", "a[", "a]", "t.x", "t[0]", "o[0]", "", "payload.none",
        "headers.none", "headers", "query.none", "a[99999999999999999999]", "o.x.y"})
    EXPECT_EQ(filled("<{{" + std::string(place) + "}}>"), "<>") << place;
}

TEST_F(Template, IsNotReadAgain) {
  EXPECT_EQ(filled("{{t}}", R"({"t":"{{u}}","u":"no"})"), "{{u}}");
  EXPECT_EQ(filled("{{{{t}}}}", R"({"t":"u","u":"no"})"), "}}");
}

TEST_F(Template, ShowsNoCredentials) {
  EXPECT_EQ(filled("{{headers.authorization}}{{headers.AUTHORIZATION}}{{headers.cookie}}"), "");
}

TEST_F(Template, ThatIsNotClosedStaysAsItIs) {
  EXPECT_EQ(filled("a {{t"), "a {{t");
  EXPECT_EQ(filled("a }} b"), "a }} b");
  EXPECT_EQ(filled(""), "");
  EXPECT_TRUE(has_places("x {{"));
  EXPECT_FALSE(has_places("x { {"));
}

TEST_F(Template, ThatGrowsTooLongIsRefused) {
  const Json payload = Json::parse("{\"t\":\"" + std::string(100'000, 'x') + "\"}").value();
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += "{{t}}";
  const auto refused = render(text, {payload, request, "x"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_request);
}

}  // namespace
}  // namespace omenia::hooks
