// Probes, unknown paths and wrong methods, and the headers that every answer has.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

TEST_F(Flow, LivenessNeedsNoCredential) {
  for (const char* path : {"/health", "/healthz"}) {
    const HttpAnswer answer = http(gateway.port(), {.target = path});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"ok":true,"status":"live"})");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("Content-Type"), "application/json; charset=utf-8");
  }
}

TEST_F(Flow, ReadinessTellsLocalCallersDetails) {
  for (const char* path : {"/ready", "/readyz"}) {
    const HttpAnswer answer = http(gateway.port(), {.target = path});
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.json()["ready"].boolean());
    EXPECT_EQ(answer.json()["failing"].size(), 0u);
    EXPECT_TRUE(answer.json()["uptimeMs"].is_integer());
  }
}

TEST_F(Flow, StartupTellsTheVersion) {
  for (const char* path : {"/startup", "/startupz"}) {
    const HttpAnswer answer = http(gateway.port(), {.target = path});
    EXPECT_EQ(answer.json()["status"].text(), "started");
    EXPECT_FALSE(answer.json()["version"].text().empty());
  }
}

TEST_F(Flow, HeadHasTheHeadersAndNoBody) {
  HttpClient client(gateway.port());
  const HttpAnswer answer = client.ask({.method = "HEAD", .target = "/healthz"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Length"), "27");
  EXPECT_EQ(client.ask({.target = "/healthz"}).status, 200) << "no body bytes were in between";
}

TEST_F(Flow, AProbeTakesNoOtherMethod) {
  const HttpAnswer answer = http(gateway.port(), {.method = "POST", .target = "/health"});
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("Allow"), "GET, HEAD");
}

TEST_F(Flow, EveryAnswerHasTheSecurityHeaders) {
  for (const char* path : {"/healthz", "/v1/models", "/nothing/here"}) {
    const HttpAnswer answer = http(gateway.port(), {.target = path, .headers = "Accept: application/json\r\n"});
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer") << path;
    EXPECT_EQ(answer.header("Permissions-Policy"), "camera=(), microphone=(self), geolocation=()") << path;
  }
}

TEST_F(Flow, UnknownPathsAre404) {
  for (const char* path : {"/v1", "/v1/completions", "/V1/models", "/v1/chat/completions/", "/api/v1/admin/rpc"}) {
    EXPECT_EQ(gateway.get(path).status, 404) << path;
  }
}

TEST_F(Flow, WrongMethodsAre405BeforeAuth) {
  const HttpAnswer models = http(gateway.port(), {.method = "POST", .target = "/v1/models"});
  EXPECT_EQ(models.status, 405);
  EXPECT_EQ(models.header("Allow"), "GET");
  const HttpAnswer chat = http(gateway.port(), {.target = "/v1/chat/completions"});
  EXPECT_EQ(chat.status, 405);
  EXPECT_EQ(chat.header("Allow"), "POST");
  const HttpAnswer preflight = http(gateway.port(), {.method = "OPTIONS", .target = "/v1/chat/completions"});
  EXPECT_EQ(preflight.status, 405);
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "");
}

TEST_F(Flow, ForwardingHeadersOfAnUntrustedPeerAreRefused) {
  const HttpAnswer answer =
      http(gateway.port(),
           {.target = "/v1/models", .token = gateway.token(), .headers = "X-Forwarded-For: 203.0.113.9\r\n"});
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.json()["error"]["type"].text(), "proxy_attribution_required");
  EXPECT_EQ(http(gateway.port(), {.target = "/healthz", .headers = "X-Forwarded-For: 203.0.113.9\r\n"}).status, 200);
}

}  // namespace
}  // namespace omenia::test
