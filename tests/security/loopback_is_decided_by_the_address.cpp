// PR #42507: loopback was decided by the prefix "127." of a host name; others believed forwarding headers. What is
// local is decided by the peer's parsed address, and a name counts only when it is one of this machine.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class Loopback : public Flow {
 protected:
  void SetUp() override {
    Flow::SetUp();
    identity = gateway.backend();
    identity.id = identity.mode = "cli";
  }
  Json connect(const std::string& headers) {
    return WsClient(gateway.port(), "/", headers).connect(identity, Device());
  }
  Identity identity;
};

TEST_F(Loopback, IsNotANameThatBeginsLikeIt) {
  for (const char* host : {"127.evil.com", "127.0.0.1.evil.com", "localhost.evil.com", "evil.com"}) {
    const Json answer = connect("Host: " + std::string(host) + "\r\n");
    EXPECT_EQ(answer["error"]["details"]["code"].text(), "PAIRING_REQUIRED") << host << " " << answer.dump();
    EXPECT_EQ(answer["error"]["details"]["reason"].text(), "not-paired");
    EXPECT_FALSE(answer["error"]["details"]["requestId"].text().empty());
  }
  EXPECT_TRUE(connect("")["ok"].boolean());
}

TEST_F(Loopback, IsNotWhatAHeaderSays) {
  for (const char* headers : {"X-Forwarded-For: 127.0.0.1\r\n", "Forwarded: for=127.0.0.1\r\n",
                              "X-Real-IP: 127.0.0.1\r\n", "X-Forwarded-Host: localhost\r\n"}) {
    EXPECT_EQ(WsClient(gateway.port(), "/", headers).upgrade_status(), 403) << headers;
    EXPECT_EQ(http(gateway.port(), {.target = "/v1/models", .token = gateway.token(), .headers = headers}).status, 403);
  }
}

TEST_F(FlowNotStarted, LoopbackIsNotWhatATrustedProxyPassesOn) {
  gateway.instance().write_config("{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) +
                                  ", trustedProxies: ['127.0.0.1'], auth: {mode: 'token', token: '" + gateway.token() +
                                  "'}}}");
  ASSERT_TRUE(gateway.start());
  Identity identity = gateway.backend();
  identity.id = identity.mode = "cli";
  // The visitor wrote the first address himself.
  WsClient client(gateway.port(), "/", "X-Forwarded-For: 127.0.0.1, 203.0.113.9\r\n");
  const Json answer = client.connect(identity, Device());
  EXPECT_EQ(answer["error"]["details"]["code"].text(), "PAIRING_REQUIRED") << answer.dump();
  EXPECT_EQ(WsClient(gateway.port(), "/", "X-Forwarded-For: 127.0.0.1\r\n").upgrade_status(), 403);
}

}  // namespace
}  // namespace omenia::test
