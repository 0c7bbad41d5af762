// CVE-2026-34503, CVE-2026-41356: a device whose token was revoked or rotated, or that was removed, kept its live
// connection.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class WhatWasRevoked : public Flow {
 protected:
  void SetUp() override {
    Flow::SetUp();
    identity = gateway.backend();
    identity.id = identity.mode = "cli";
    identity.scopes = R"(["operator.read"])";
    client = std::make_unique<WsClient>(gateway.port());
    const Json hello = client->connect(identity, device);
    ASSERT_TRUE(hello["ok"].boolean()) << hello.dump();
    token = hello["payload"]["auth"]["deviceToken"].text();
    admin = std::make_unique<WsClient>(gateway.client());
  }
  void do_it(const std::string& method, const std::string& more = {}) {
    const Json answer = admin->call(method, "{\"deviceId\":\"" + device.id() + "\"" + more + "}");
    ASSERT_TRUE(answer["ok"].boolean()) << answer.dump();
  }
  void expect_closed(const std::string& reason) {
    const WsClose closed = client->closing();
    EXPECT_EQ(closed.code, 4001);
    EXPECT_EQ(closed.reason, "client invalidated: " + reason);
  }
  std::string refused_token() {
    Identity by_token = identity;
    by_token.token.clear();
    by_token.device_token = token;
    const Json answer = WsClient(gateway.port()).connect(by_token, device);
    return std::string(answer["error"]["details"]["code"].text());
  }
  Device device;
  Identity identity;
  std::string token;
  std::unique_ptr<WsClient> client, admin;
};

TEST_F(WhatWasRevoked, ByRemovalIsClosed) {
  do_it("device.pair.remove");
  expect_closed("device removed");
  EXPECT_EQ(refused_token(), "AUTH_DEVICE_TOKEN_MISMATCH");
}

TEST_F(WhatWasRevoked, ByRotationIsClosed) {
  do_it("device.token.rotate", R"(,"role":"operator")");
  expect_closed("device token rotated");
  EXPECT_EQ(refused_token(), "AUTH_DEVICE_TOKEN_MISMATCH");
}

TEST_F(WhatWasRevoked, ByRevocationIsClosed) {
  do_it("device.token.revoke", R"(,"role":"operator")");
  expect_closed("device token revoked");
  EXPECT_EQ(refused_token(), "AUTH_DEVICE_TOKEN_MISMATCH");
}

// A device that is removed and pairs again does not get its old token back.
TEST_F(WhatWasRevoked, StaysRevokedWhenTheDeviceComesBack) {
  do_it("device.pair.remove");
  const Json again = WsClient(gateway.port()).connect(identity, device);
  ASSERT_TRUE(again["ok"].boolean()) << again.dump();
  EXPECT_NE(again["payload"]["auth"]["deviceToken"].text(), token);
  EXPECT_EQ(refused_token(), "AUTH_DEVICE_TOKEN_MISMATCH");
}

TEST_F(WhatWasRevoked, TouchesNobodyElse) {
  WsClient other(gateway.port());
  ASSERT_TRUE(other.connect(identity, Device())["ok"].boolean());
  do_it("device.pair.remove");
  expect_closed("device removed");
  EXPECT_TRUE(other.call("health")["ok"].boolean());
}

// It was the device's own wish: it gets its answer, and the new token, before it is closed.
TEST_F(WhatWasRevoked, ByTheDeviceItselfIsAnsweredFirst) {
  identity.scopes = R"(["operator.read","operator.pairing"])";
  WsClient own(gateway.port());
  ASSERT_TRUE(own.connect(identity, device)["ok"].boolean());
  const Json answer = own.call("device.token.rotate", "{\"deviceId\":\"" + device.id() + R"(","role":"operator"})");
  EXPECT_EQ(answer["payload"]["tokenDelivery"].text(), "in-band") << answer.dump();
  EXPECT_EQ(own.closing().code, 4001);
  token = answer["payload"]["token"].text();
  EXPECT_EQ(refused_token(), "");
}

TEST_F(WhatWasRevoked, IsNotForOtherDevicesToDecide) {
  identity.scopes = R"(["operator.pairing"])";
  WsClient other(gateway.port());
  ASSERT_TRUE(other.connect(identity, Device())["ok"].boolean());
  const Json answer = other.call("device.pair.remove", "{\"deviceId\":\"" + device.id() + "\"}");
  EXPECT_EQ(error_message(answer), "unknown deviceId");
  EXPECT_TRUE(client->call("health")["ok"].boolean());
}

}  // namespace
}  // namespace omenia::test
