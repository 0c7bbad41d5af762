// The same credential for every endpoint, and nothing without it.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

HttpRequest models(const std::string& headers) {
  return {.target = "/v1/models", .headers = headers};
}

TEST_F(Flow, EveryEndpointWantsTheToken) {
  const HttpRequest requests[] = {
      {.target = "/v1/models"},
      {.target = "/v1/models/OmeniaClaw"},
      {.method = "POST", .target = "/v1/chat/completions", .body = chat_body("OmeniaClaw", "hi")},
      {.method = "POST", .target = "/v1/embeddings", .body = R"({"model":"OmeniaClaw","input":"hi"})"}};
  for (HttpRequest request : requests) {
    const HttpAnswer missing = http(gateway.port(), request);
    EXPECT_EQ(missing.status, 401) << request.target;
    EXPECT_EQ(missing.body, R"({"error":{"message":"Unauthorized","type":"unauthorized"}})") << request.target;
    request.token = "wrong";
    EXPECT_EQ(http(gateway.port(), request).status, 401) << request.target;
    request.token = gateway.token();
    EXPECT_EQ(http(gateway.port(), request).status, 200) << request.target;
  }
}

TEST_F(Flow, TheSchemeIsReadInAnyLetterCase) {
  EXPECT_EQ(http(gateway.port(), models("authorization: bEaReR  " + gateway.token() + " \r\n")).status, 200);
}

TEST_F(Flow, OtherCredentialsAreNotTaken) {
  EXPECT_EQ(http(gateway.port(), models("Authorization: Basic " + gateway.token() + "\r\n")).status, 401);
  EXPECT_EQ(http(gateway.port(), models("x-api-key: " + gateway.token() + "\r\n")).status, 401);
  EXPECT_EQ(http(gateway.port(), {.target = "/v1/models?token=" + gateway.token()}).status, 401);
}

TEST_F(Flow, WithABearerTheOriginDoesNotMatter) {
  const HttpAnswer answer = http(
      gateway.port(), {.target = "/v1/models", .token = gateway.token(), .headers = "Origin: http://evil.example\r\n"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "");
}

TEST_F(Flow, ALargeBodyWithoutACredentialIsNotRead) {
  HttpClient client(gateway.port());
  client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n{");
  EXPECT_EQ(client.read().status, 401);
}

TEST_F(FlowNotStarted, GuessingIsSlowedDownOrLockedOut) {
  gateway.instance().write_config("{\"gateway\":{\"mode\":\"local\",\"port\":" + std::to_string(gateway.port()) +
                                  ",\"auth\":{\"token\":\"" + gateway.token() +
                                  R"(","rateLimit":{"maxAttempts":3,"exemptLoopback":false}}}})");
  ASSERT_TRUE(gateway.start());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(http(gateway.port(), {.target = "/v1/models", .token = "wrong"}).status, 401);
  const HttpAnswer locked = http(gateway.port(), {.target = "/v1/models", .token = gateway.token()});
  EXPECT_EQ(locked.status, 429);
  EXPECT_EQ(locked.json()["error"]["type"].text(), "rate_limited");
  EXPECT_GT(std::atoi(locked.header("Retry-After").c_str()), 0);
  EXPECT_EQ(http(gateway.port(), {.target = "/healthz"}).status, 200);
}

}  // namespace
}  // namespace omenia::test
