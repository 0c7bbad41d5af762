// GHSA-m8wm-r5vq-qjpg: the secret was resolved once at start, so a rotated one was not noticed.
#include "tests/flow/reload.h"

namespace omenia::test {
namespace {

using ARotatedSecret = Reload;

TEST_F(ARotatedSecret, ClosesWhoHasTheOldOneAndOpensForTheNew) {
  start_with({});
  WsClient client = gateway.client();
  Identity with_device = gateway.backend();
  with_device.id = with_device.mode = "cli";
  WsClient device_client(gateway.port());
  ASSERT_TRUE(device_client.connect(with_device, Device())["ok"].boolean());
  change_to({.token = "the-new-token"});
  for (WsClient* each : {&client, &device_client}) {
    const WsClose closed = each->closing();
    EXPECT_EQ(closed.code, 4001);
    EXPECT_EQ(closed.reason, "gateway auth changed");
  }
  const Json refused = WsClient(gateway.port()).connect(gateway.backend());
  EXPECT_EQ(refused["error"]["details"]["code"].text(), "AUTH_TOKEN_MISMATCH");
  EXPECT_EQ(status_of("/v1/models", gateway.token()), 401);
  EXPECT_TRUE(WsClient(gateway.port()).connect({.token = "the-new-token"})["ok"].boolean());
  EXPECT_EQ(status_of("/v1/models", "the-new-token"), 200);
}

TEST_F(ARotatedSecret, CountsForWhatIsStillOnItsWay) {
  start_with({});
  HttpClient client(gateway.port());
  const std::string body = chat_body("OmeniaClaw", "hi");
  client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + gateway.token() +
              "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nExpect: 100-continue\r\n\r\n");
  std::string received;
  ASSERT_EQ(client.socket().receive(received), Received::data) << "its head has been read with the old token";
  ASSERT_THAT(received, StartsWith("HTTP/1.1 100 "));
  change_to({.token = "the-new-token"});
  ASSERT_TRUE(eventually([this] { return status_of("/v1/models", "the-new-token") == 200; }));
  client.send(body);
  EXPECT_EQ(client.read().status, 401);
}

}  // namespace
}  // namespace omenia::test
