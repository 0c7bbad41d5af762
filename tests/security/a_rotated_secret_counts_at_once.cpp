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

}  // namespace
}  // namespace omenia::test
