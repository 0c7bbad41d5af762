// "ClawJacked": any web page could open a socket to a gateway on localhost and guess its secret.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class APage : public Flow {
 protected:
  Json connect(const std::string& origin, const Identity& identity) {
    return WsClient(gateway.port(), "/", "Origin: " + origin + "\r\n").connect(identity);
  }
  static std::string detail(const Json& answer) { return std::string(answer["error"]["details"]["code"].text()); }
};

TEST_F(APage, OfSomebodyElseIsRefusedBeforeItsSecretIsLookedAt) {
  for (const char* origin : {"https://evil.example", "http://127.evil.com", "http://localhost.evil.com", "null",
                             "http://127.0.0.1.evil.com:80", "file://"})
    EXPECT_EQ(detail(connect(origin, gateway.backend())), "CONTROL_UI_ORIGIN_NOT_ALLOWED") << origin;
}

TEST_F(APage, OfThisMachineIsLockedOutAfterTenGuesses) {
  const std::string own = "http://127.0.0.1:" + std::to_string(gateway.port());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(detail(connect(own, {.token = "guess"})), "AUTH_TOKEN_MISMATCH") << i;
  EXPECT_EQ(detail(connect(own, gateway.backend())), "AUTH_RATE_LIMITED");
  EXPECT_TRUE(gateway.client().call("health")["ok"].boolean()) << "the operator's own programs go on";
}

TEST_F(APage, OfAnotherPortWithEveryGuessIsCountedOn) {
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(detail(connect("http://localhost:" + std::to_string(3000 + i), {.token = "guess"})),
              "AUTH_TOKEN_MISMATCH")
        << i;
  EXPECT_EQ(detail(connect("http://localhost:4000", gateway.backend())), "AUTH_RATE_LIMITED");
}

// A name that was made to point here makes the page's own address match the gateway's.
TEST_F(APage, ThatHasMadeItsNamePointHereIsRefused) {
  const std::string headers = "Host: evil.example\r\nOrigin: http://evil.example\r\n";
  EXPECT_EQ(WsClient(gateway.port(), "/", headers).upgrade_status(), 421);
}

TEST_F(FlowNotStarted, APageThatHasMadeItsNamePointHereReadsNothingWithoutAuthentication) {
  gateway.instance().write_config("{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) +
                                  ", auth: {mode: 'none'}}}");
  ASSERT_TRUE(gateway.start());
  const auto status = [this](const std::string& host) {
    HttpClient client(gateway.port());
    client.send("GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    return client.read().status;
  };
  EXPECT_EQ(status("evil.example"), 421);
  EXPECT_EQ(status("evil"), 401) << "a name of the network, which somebody there may have given";
  EXPECT_EQ(status("127.0.0.1"), 200);
}

}  // namespace
}  // namespace omenia::test
