// CVE-2026-41399: any number of WebSocket upgrades was kept open for clients that never authenticate.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

using UnauthenticatedUpgrades = Flow;

TEST_F(UnauthenticatedUpgrades, AreBoundedAndWhoIsConnectedNoticesNothing) {
  WsClient client = gateway.client();
  std::vector<WsClient> waiting;
  for (int i = 0; i < 32; ++i) waiting.emplace_back(gateway.port());
  for (int i = 0; i < 50; ++i) EXPECT_EQ(WsClient(gateway.port()).upgrade_status(), 503);
  EXPECT_TRUE(client.call("health")["ok"].boolean());
  EXPECT_TRUE(waiting.back().connect(gateway.backend())["ok"].boolean());
}

TEST_F(UnauthenticatedUpgrades, MaySendLittle) {
  WsClient client(gateway.port());
  client.event("connect.challenge");
  client.send(std::string(70'000, ' '));
  EXPECT_EQ(client.closing().code, 1009);
}

// Frames that come before the connect is decided are kept, but not without end.
TEST_F(UnauthenticatedUpgrades, MaySendFew) {
  WsClient client(gateway.port());
  const Json challenge = client.event("connect.challenge");
  client.send_request("connect", gateway.backend().params());
  for (int i = 0; i < 10; ++i) client.send_request("health");
  EXPECT_TRUE(client.answer("r1")["ok"].boolean());
  for (int i = 2; i <= 11; ++i) EXPECT_TRUE(client.answer("r" + std::to_string(i))["ok"].boolean()) << i;
}

TEST_F(FlowNotStarted, UnauthenticatedUpgradesEndByThemselves) {
  gateway.instance().variables()["OmeniaClaw_HANDSHAKE_TIMEOUT_MS"] = "200";
  ASSERT_TRUE(gateway.start());
  std::vector<WsClient> waiting;
  for (int i = 0; i < 32; ++i) waiting.emplace_back(gateway.port());
  for (WsClient& each : waiting) EXPECT_EQ(each.closing().code, 1000);
  EXPECT_EQ(WsClient(gateway.port()).upgrade_status(), 101);
}

}  // namespace
}  // namespace omenia::test
