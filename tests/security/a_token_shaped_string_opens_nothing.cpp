// CVE-2026-28472: a handshake that checked whether a token is present, not whether it is right.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class ATokenShapedString : public Flow {
 protected:
  std::string refused_as(const Identity& identity) {
    const Json answer = WsClient(gateway.port()).connect(identity);
    EXPECT_FALSE(answer["ok"].boolean(true)) << answer.dump();
    return std::string(answer["error"]["details"]["code"].text());
  }
};

TEST_F(ATokenShapedString, OpensNothingInAnyField) {
  const std::string shaped(gateway.token().size(), 'a');
  EXPECT_EQ(refused_as({.token = shaped}), "AUTH_TOKEN_MISMATCH");
  EXPECT_EQ(refused_as({.password = shaped}), "AUTH_TOKEN_MISMATCH");
  EXPECT_EQ(refused_as({.device_token = shaped}), "DEVICE_IDENTITY_REQUIRED");
  EXPECT_EQ(refused_as({.bootstrap_token = shaped}), "DEVICE_IDENTITY_REQUIRED");
  EXPECT_EQ(refused_as({.token = gateway.token() + "a"}), "AUTH_TOKEN_MISMATCH");
  EXPECT_EQ(refused_as({.token = " " + gateway.token()}), "AUTH_TOKEN_MISMATCH");
}

TEST_F(ATokenShapedString, OpensNothingWithADevice) {
  const std::string shaped(43, 'a');
  for (const Identity& identity : {Identity{.device_token = shaped}, Identity{.bootstrap_token = shaped}}) {
    WsClient client(gateway.port());
    const Json answer = client.connect(identity, Device());
    EXPECT_FALSE(answer["ok"].boolean(true)) << answer.dump();
    EXPECT_EQ(client.closing().code, 1008);
  }
}

// The token of one device is nothing in the hands of another.
TEST_F(ATokenShapedString, OfAnotherDeviceOpensNothing) {
  const Device device;
  Identity identity = gateway.backend();
  identity.id = identity.mode = "cli";
  const Json hello = WsClient(gateway.port()).connect(identity, device);
  const std::string token(hello["payload"]["auth"]["deviceToken"].text());
  ASSERT_EQ(token.size(), 43u) << hello.dump();
  identity.token.clear();
  identity.device_token = token;
  EXPECT_TRUE(WsClient(gateway.port()).connect(identity, device)["ok"].boolean());
  const Json stolen = WsClient(gateway.port()).connect(identity, Device());
  EXPECT_EQ(stolen["error"]["details"]["code"].text(), "AUTH_DEVICE_TOKEN_MISMATCH");
  EXPECT_EQ(http(gateway.port(), {.target = "/v1/models", .token = token}).status, 401);
}

}  // namespace
}  // namespace omenia::test
