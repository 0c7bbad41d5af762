// GHSA-qjpc-qf9m-xwmr: behind a trusted proxy a client kept the scopes that it declared for itself. The user whom the
// proxy names may do what the operator has written down, and only a proxy that the operator has named names anybody.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class BehindAProxy : public FlowNotStarted {
 protected:
  // The proxy runs on this machine in these tests.
  void start(const std::string& proxies, const std::string& more = {}) {
    configure(proxies, more);
    ASSERT_TRUE(gateway.start());
  }
  void configure(const std::string& proxies, const std::string& more) {
    gateway.instance().write_config("{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) +
                                    ", trustedProxies: [" + proxies +
                                    "], controlUi: {allowedOrigins: ['https://page.example']}, auth: {mode: "
                                    "'trusted-proxy', password: 'local-password', trustedProxy: {userHeader: 'x-user', "
                                    "allowLoopback: true" +
                                    more + "}}}, plugins: {entries: {'admin-http-rpc': {enabled: true}}}}");
  }
  static std::string headers(const std::string& user) {
    return "X-Forwarded-For: 203.0.113.9\r\nOrigin: https://page.example\r\n" +
           (user.empty() ? "" : "X-User: " + user + "\r\n");
  }
  Json connect(const std::string& headers, const std::string& password = {}) {
    const Identity page{.password = password, .id = "openclaw-control-ui", .mode = "webchat"};
    return WsClient(gateway.port(), "/", headers).connect(page);
  }
  static std::string detail(const Json& answer) { return std::string(answer["error"]["details"]["code"].text()); }
};

TEST_F(BehindAProxy, APageGetsWhatTheOperatorHasWrittenDown) {
  start("'127.0.0.1'", ", scopes: ['operator.read']");
  const Json hello = connect(headers("alice"));
  ASSERT_TRUE(hello["ok"].boolean()) << hello.dump();
  EXPECT_EQ(hello["payload"]["auth"]["scopes"].dump(), R"(["operator.read"])");
  EXPECT_EQ(hello["payload"]["auth"]["method"].text(), "trusted-proxy");
}

TEST_F(BehindAProxy, APageGetsNothingWhenNothingIsWrittenDown) {
  start("'127.0.0.1'");
  EXPECT_EQ(connect(headers("alice"))["payload"]["auth"]["scopes"].dump(), "[]");
}

// CVE-2026-34503: who had come in before kept what he was given then.
TEST_F(BehindAProxy, APageIsSentAwayWhenLessIsWrittenDown) {
  start("'127.0.0.1'", ", scopes: ['operator.admin']");
  WsClient page(gateway.port(), "/", headers("alice"));
  ASSERT_TRUE(page.connect({.id = "openclaw-control-ui", .mode = "webchat"})["ok"].boolean());
  configure("'127.0.0.1'", ", scopes: ['operator.read']");
  EXPECT_EQ(page.closing().code, 4001);
  EXPECT_EQ(connect(headers("alice"))["payload"]["auth"]["scopes"].dump(), R"(["operator.read"])");
}

TEST_F(BehindAProxy, WhoIsShutOutWhileHisRequestIsOnItsWayDoesNothing) {
  start("'127.0.0.1'", ", scopes: ['operator.read']");
  HttpClient client(gateway.port());
  const std::string body = R"({"method":"config.get"})";
  client.send("POST /api/v1/admin/rpc HTTP/1.1\r\nHost: x\r\n" + headers("mallory") +
              "Content-Length: " + std::to_string(body.size()) + "\r\nExpect: 100-continue\r\n\r\n");
  std::string received;
  ASSERT_EQ(client.socket().receive(received), Received::data) << "his head has been read";
  ASSERT_THAT(received, StartsWith("HTTP/1.1 100 "));
  configure("'127.0.0.1'", ", scopes: ['operator.read'], allowUsers: ['alice']");
  ASSERT_TRUE(eventually(
      [this] { return http(gateway.port(), {.target = "/v1/models", .headers = headers("mallory")}).status == 401; }));
  client.send(body);
  EXPECT_EQ(client.read().status, 401);
}

TEST_F(BehindAProxy, NobodyIsAdmittedWithoutAName) {
  start("'127.0.0.1'");
  const Json refused = connect(headers(""));
  EXPECT_EQ(detail(refused), "AUTH_UNAUTHORIZED");
  EXPECT_EQ(refused["error"]["details"]["authReason"].text(), "trusted_proxy_user_missing");
  EXPECT_EQ(http(gateway.port(), {.target = "/v1/models", .headers = "X-Forwarded-For: 203.0.113.9\r\n"}).status, 401);
  EXPECT_EQ(
      http(gateway.port(), {.target = "/v1/models", .headers = "X-Forwarded-For: 203.0.113.9\r\nX-User: alice\r\n"})
          .status,
      200);
}

TEST_F(BehindAProxy, ANameThatStandsTwiceIsNobodys) {
  start("'127.0.0.1'");
  EXPECT_EQ(detail(connect(headers("alice") + "X-User: admin\r\n")), "AUTH_UNAUTHORIZED");
}

TEST_F(BehindAProxy, SomebodyElsesWordIsNotBelieved) {
  start("'192.0.2.1'");
  EXPECT_EQ(http(gateway.port(), {.target = "/v1/models", .headers = "X-User: alice\r\n"}).status, 401);
  EXPECT_EQ(WsClient(gateway.port(), "/", headers("alice")).upgrade_status(), 403);
}

TEST_F(BehindAProxy, ThePasswordOfThisMachineIsNoWayAround) {
  start("'127.0.0.1'");
  EXPECT_EQ(http(gateway.port(), {.target = "/v1/models", .token = "local-password"}).status, 200);
  EXPECT_EQ(http(gateway.port(),
                 {.target = "/v1/models", .token = "local-password", .headers = "X-Forwarded-For: 203.0.113.9\r\n"})
                .status,
            401);
  EXPECT_EQ(detail(connect(headers(""), "local-password")), "AUTH_PASSWORD_MISMATCH");
}

}  // namespace
}  // namespace omenia::test
