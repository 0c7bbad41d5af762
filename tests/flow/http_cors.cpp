// Pages of elsewhere read nothing, unless the operator has listed their origin; then they bring the secret themselves.
#include "tests/flow/reload.h"

namespace omenia::test {
namespace {

constexpr const char* listed = "http: {cors: {allowedOrigins: ['https://chat.example', 'app://obsidian.md']}}";

class Cors : public Reload {
 protected:
  static std::string from(const std::string& origin) { return "Origin: " + origin + "\r\n"; }
  HttpAnswer preflight(const std::string& origin, const std::string& target, const std::string& more = {}) {
    return http(gateway.port(), {.method = "OPTIONS",
                                 .target = target,
                                 .headers = from(origin) + "Access-Control-Request-Method: POST\r\n" + more});
  }
  HttpAnswer models(const std::string& origin, const std::string& token) {
    return http(gateway.port(), {.target = "/v1/models", .token = token, .headers = from(origin)});
  }
  static void expect_nothing_allowed(const HttpAnswer& answer) {
    EXPECT_THAT(answer.head, Not(HasSubstr("Access-Control-")));
  }
};

TEST_F(Cors, IsOffByDefault) {
  start_with({});
  const HttpAnswer refused = preflight("https://chat.example", "/v1/chat/completions");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.header("Allow"), "POST");
  expect_nothing_allowed(refused);
  expect_nothing_allowed(models("https://chat.example", gateway.token()));
}

TEST_F(Cors, LetsListedPagesAskAndRead) {
  start_with({.gateway = listed});
  const HttpAnswer asked = preflight("https://chat.example", "/v1/chat/completions",
                                     "Access-Control-Request-Headers: authorization,x-stainless-os\r\n");
  EXPECT_EQ(asked.status, 204);
  EXPECT_EQ(asked.header("Access-Control-Allow-Origin"), "https://chat.example");
  EXPECT_EQ(asked.header("Access-Control-Allow-Methods"), "POST");
  EXPECT_EQ(asked.header("Access-Control-Allow-Headers"), "authorization,x-stainless-os");
  EXPECT_EQ(asked.header("Access-Control-Max-Age"), "600");
  EXPECT_EQ(asked.header("Access-Control-Allow-Credentials"), "");
  const HttpAnswer answer = models("https://chat.example", gateway.token());
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "https://chat.example");
  EXPECT_EQ(answer.header("Vary"), "Origin");
  EXPECT_THAT(std::string(answer.header("Access-Control-Expose-Headers")), HasSubstr("X-Should-Retry"));
  EXPECT_EQ(models("app://obsidian.md", gateway.token()).header("Access-Control-Allow-Origin"), "app://obsidian.md");
  EXPECT_EQ(models("https://chat.example", "wrong").header("Access-Control-Allow-Origin"), "https://chat.example")
      << "a page can read why it is refused";
}

TEST_F(Cors, StreamsToListedPagesToo) {
  start_with({.gateway = listed});
  HttpClient client(gateway.port());
  client.send(HttpRequest{.method = "POST",
                          .target = "/v1/chat/completions",
                          .token = gateway.token(),
                          .headers = from("https://chat.example"),
                          .body = chat_body("OmeniaClaw", "hi", R"(,"stream":true)")}
                  .text());
  EXPECT_EQ(client.read_head().header("Access-Control-Allow-Origin"), "https://chat.example");
}

TEST_F(Cors, LetsNobodyElse) {
  start_with({.gateway = listed});
  for (const char* origin : {"https://evil.example", "null", "https://chat.example.evil.example", "http://chat.example",
                             "https://chat.example:8443", "*"}) {
    const HttpAnswer refused = preflight(origin, "/v1/chat/completions");
    EXPECT_EQ(refused.status, 405) << origin;
    expect_nothing_allowed(refused);
    expect_nothing_allowed(models(origin, gateway.token()));
  }
}

TEST_F(Cors, AnswersForNoPathThatNobodyServes) {
  start_with({.gateway = listed});
  EXPECT_EQ(preflight("https://chat.example", "/v1/nothing").status, 404);
}

// There a browser's request is let in for where it comes from: a page of elsewhere could use that.
TEST_F(Cors, IsForTheModesWithASecretAlone) {
  gateway.instance().write_config("{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) +
                                  ", auth: {mode: 'none'}, " + listed + "}}");
  ASSERT_TRUE(gateway.start());
  const HttpAnswer answer = preflight("https://chat.example", "/v1/models");
  EXPECT_EQ(answer.status, 405);
  expect_nothing_allowed(answer);
  EXPECT_EQ(models("https://chat.example", "").status, 401);
}

TEST_F(Cors, IsChangedWhileItRuns) {
  start_with({});
  expect_applied({.gateway = listed}, "gateway.http.cors.allowedOrigins");
  EXPECT_EQ(preflight("https://chat.example", "/v1/models").status, 204);
  expect_applied({}, "gateway.http.cors.allowedOrigins");
  EXPECT_EQ(preflight("https://chat.example", "/v1/models").status, 405);
}

TEST_F(Cors, TakesNoWildcard) {
  gateway.instance().write_config("{gateway: {mode: 'local', http: {cors: {allowedOrigins: ['*']}}}}");
  ChildProcess check = gateway.instance().command({"config", "validate"});
  EXPECT_NE(check.wait(), 0);
  EXPECT_THAT(check.output() + check.errors(), HasSubstr("gateway.http.cors.allowedOrigins.0"));
}

}  // namespace
}  // namespace omenia::test
