// GHSA-rqpp-rjj8-7wv8: a client with the shared secret kept the scopes that it declared for itself.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class DeclaredScopes : public Flow {
 protected:
  std::string granted(Identity identity) {
    const Json hello = WsClient(gateway.port()).connect(identity);
    return hello["payload"]["auth"]["scopes"].dump();
  }
};

TEST_F(DeclaredScopes, OfAProgramWithoutADeviceAreNotKept) {
  Identity identity = gateway.backend();
  for (const auto& [id, mode] : {std::pair("test", "test"), std::pair("webchat", "ui"), std::pair("cli", "probe"),
                                 std::pair("gateway-client", "test"), std::pair("openclaw-probe", "backend")}) {
    identity.id = id, identity.mode = mode;
    EXPECT_EQ(granted(identity), "[]") << id << "/" << mode;
  }
}

TEST_F(DeclaredScopes, ThatAreNoScopesAreNotKept) {
  Identity identity = gateway.backend();
  identity.scopes = R"(["operator.read","operator.root","*","operator.*"])";
  EXPECT_EQ(granted(identity), R"(["operator.read"])");
}

TEST_F(DeclaredScopes, OfADeviceAreNotKeptWhenItsTokenHasFewer) {
  const Device device;
  Identity identity = gateway.backend();
  identity.id = identity.mode = "cli";
  identity.scopes = R"(["operator.read"])";
  const Json hello = WsClient(gateway.port()).connect(identity, device);
  identity.device_token = hello["payload"]["auth"]["deviceToken"].text();
  identity.token.clear();
  identity.scopes = R"(["operator.read","operator.admin"])";
  const Json wider = WsClient(gateway.port()).connect(identity, device);
  EXPECT_EQ(wider["error"]["details"]["code"].text(), "AUTH_SCOPE_MISMATCH");
}

TEST_F(DeclaredScopes, OfANodeAreNotKept) {
  Identity identity = gateway.backend();
  identity.id = "node-host", identity.mode = identity.role = "node";
  WsClient client(gateway.port());
  const Json hello = client.connect(identity, Device());
  EXPECT_EQ(hello["payload"]["auth"]["scopes"].dump(), "[]") << hello.dump();
  EXPECT_EQ(error_message(client.call("config.get")), "unauthorized role: node");
}

}  // namespace
}  // namespace omenia::test
