// Probes, unknown paths and wrong methods, and the headers that every answer has.
#include <map>

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

TEST_F(Flow, UnknownPathsOfProgramsAre404InTheFormOfTheirArea) {
  const std::map<std::string, std::string> bodies = {
      {"/v1", R"({"error":{"message":"Not Found","type":"invalid_request_error"}})"},
      {"/v1/completions", R"({"error":{"message":"Not Found","type":"invalid_request_error"}})"},
      {"/v1/chat/completions/", R"({"error":{"message":"Not Found","type":"invalid_request_error"}})"},
      {"/health/x", R"({"error":{"message":"Not Found","type":"invalid_request_error"}})"},
      {"/api/tags", R"({"ok":false,"error":{"type":"not_found","message":"Not Found"}})"},
      {"/tools/nothing", R"({"ok":false,"error":{"type":"not_found","message":"Not Found"}})"},
      {"/hooks/nothing", R"({"ok":false,"error":"Not Found"})"}};
  for (const auto& [path, body] : bodies) {
    const HttpAnswer answer = http(gateway.port(), {.target = path, .headers = "Accept: text/html\r\n"});
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.body, body) << path;
    EXPECT_EQ(answer.header("Content-Type"), "application/json; charset=utf-8") << path;
  }
  const HttpAnswer page = gateway.get("/V1/models");
  EXPECT_EQ(page.status, 404);
  EXPECT_EQ(page.body, "Not Found");
}

TEST_F(Flow, WrongMethodsAre405BeforeAuth) {
  const HttpAnswer models = http(gateway.port(), {.method = "POST", .target = "/v1/models"});
  EXPECT_EQ(models.status, 405);
  EXPECT_EQ(models.header("Allow"), "GET, HEAD");
  EXPECT_EQ(models.body, R"({"error":{"message":"Method Not Allowed","type":"invalid_request_error"}})");
  const HttpAnswer chat = http(gateway.port(), {.target = "/v1/chat/completions"});
  EXPECT_EQ(chat.status, 405);
  EXPECT_EQ(chat.header("Allow"), "POST");
}

TEST_F(Flow, OptionsTellWhatAPathCanBeAskedWith) {
  const std::map<std::string, std::string> allowed = {
      {"/v1/chat/completions", "POST, OPTIONS"}, {"/healthz", "GET, HEAD, OPTIONS"}, {"*", "GET, HEAD, POST, OPTIONS"}};
  for (const auto& [target, methods] : allowed) {
    const HttpAnswer answer = http(gateway.port(), {.method = "OPTIONS", .target = target});
    EXPECT_EQ(answer.status, 204) << target;
    EXPECT_EQ(answer.header("Allow"), methods) << target;
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "");
  }
  EXPECT_EQ(http(gateway.port(), {.method = "OPTIONS", .target = "/v1/nothing"}).status, 404);
}

TEST_F(Flow, HeadOfTheModelsTakesTheCredentialToo) {
  EXPECT_EQ(http(gateway.port(), {.method = "HEAD", .target = "/v1/models"}).status, 401);
  const HttpAnswer head = http(gateway.port(), {.method = "HEAD", .target = "/v1/models", .token = gateway.token()});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), std::to_string(gateway.get("/v1/models").body.size()));
}

TEST_F(Flow, OtherExpectationsAndUpgradesAndTunnelsAreRefused) {
  const HttpAnswer expected = http(gateway.port(), {.target = "/healthz", .headers = "Expect: tea\r\n"});
  EXPECT_EQ(expected.status, 417);
  EXPECT_EQ(expected.body, "");
  const HttpAnswer upgrade = http(
      gateway.port(), {.target = "/healthz", .headers = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"});
  EXPECT_EQ(upgrade.status, 400);
  EXPECT_EQ(upgrade.header("Connection"), "close");
  HttpClient tunnel(gateway.port());
  tunnel.send("CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n");
  EXPECT_TRUE(tunnel.closed_by_server());
}

TEST_F(FlowNotStarted, ARequestsNameStandsInItsAnswerAndInTheLog) {
  gateway.instance().write_config("{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) +
                                  ", auth: {token: '" + gateway.token() + "'}}, logging: {file: '" +
                                  gateway.instance().log_path() + "'}}");
  ASSERT_TRUE(gateway.start());
  const HttpAnswer answer =
      http(gateway.port(), {.target = "/v1/models", .token = "wrong", .headers = "X-Request-Id: of-a-test-42\r\n"});
  EXPECT_EQ(answer.header("X-Request-Id"), "of-a-test-42");
  EXPECT_FALSE(http(gateway.port(), {.target = "/nothing"}).header("X-Request-Id").empty());
  EXPECT_TRUE(eventually([this] {
    return gateway.everything_said().find("GET /v1/models of 127.0.0.1: 401 after") != std::string::npos &&
           gateway.everything_said().find("request of-a-test-42") != std::string::npos;
  }));
}

// A page that has made its name point here would read as its own what this machine alone may see.
TEST_F(Flow, ANameThatIsNotOursIsNotAnswered) {
  const auto ask = [this](const std::string& target, const std::string& host, const std::string& more = {}) {
    HttpClient client(gateway.port());
    client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "Authorization: Bearer " +
                gateway.token() + "\r\n\r\n");
    return client.read();
  };
  for (const char* target : {"/v1/models", "/readyz", "/", "/v1/nothing"}) {
    const HttpAnswer answer = ask(target, "evil.example:" + std::to_string(gateway.port()));
    EXPECT_EQ(answer.status, 421) << target;
    EXPECT_EQ(answer.json()["error"]["type"].text(), "misdirected_request");
    EXPECT_THAT(answer.body, HasSubstr("evil.example"));
  }
  for (const char* host : {"localhost", "127.0.0.1", "[::1]:18789", "gateway", "box.local", "203.0.113.5"})
    EXPECT_EQ(ask("/v1/models", host).status, 200) << host;
  EXPECT_EQ(ask("/healthz", "evil.example").status, 200) << "it tells nothing, and load balancers ask by any name";
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
