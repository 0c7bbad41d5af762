// Devices: paired without asking where that is allowed, by the operator elsewhere; tokens instead of the secret.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

std::string decode_base64url(std::string text) {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char letter : text) {
    bits = bits << 6 | static_cast<unsigned>(letters.find(letter));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> count & 0xff));
  }
  return bytes;
}

class Devices : public FlowNotStarted {
 protected:
  void start(bool approve_local = true) {
    if (!approve_local)
      gateway.instance().write_config("{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) +
                                      ", auth: {token: '" + gateway.token() +
                                      "'}, nodes: {pairing: {autoApproveLocal: false}}}}");
    ASSERT_TRUE(gateway.start());
    identity = gateway.backend();
    identity.id = identity.mode = "cli";
    identity.scopes = R"(["operator.read","operator.write"])";
  }
  Json connect(const Identity& as) { return WsClient(gateway.port()).connect(as, device); }
  Identity by_token(const std::string& token) const {
    Identity own = identity;
    own.token.clear();
    own.device_token = token;
    return own;
  }
  static std::string token_of(const Json& hello) { return std::string(hello["payload"]["auth"]["deviceToken"].text()); }
  static std::string detail(const Json& answer) { return std::string(answer["error"]["details"]["code"].text()); }

  int run(const std::vector<std::string>& arguments) {
    ChildProcess process = gateway.instance().command(arguments);
    const int code = process.wait();
    output = process.output();
    errors = process.errors();
    return code;
  }

  Device device;
  Identity identity;
  std::string output, errors;
};

TEST_F(Devices, OfThisMachineArePairedAndGetATokenThatStaysTheSame) {
  start();
  WsClient admin = gateway.client();
  const Json first = connect(identity);
  ASSERT_TRUE(first["ok"].boolean()) << first.dump();
  const JsonView auth = first["payload"]["auth"];
  EXPECT_EQ(auth["method"].text(), "token");
  EXPECT_EQ(auth["scopes"].dump(), R"(["operator.read","operator.write"])");
  EXPECT_EQ(auth["deviceToken"].text().size(), 43u);
  EXPECT_GT(auth["issuedAtMs"].integer(), 0);
  const Json resolved = admin.event("device.pair.resolved");
  EXPECT_EQ(resolved["payload"]["deviceId"].text(), device.id());
  EXPECT_EQ(resolved["payload"]["decision"].text(), "approved");

  EXPECT_EQ(token_of(connect(identity)), token_of(first));
  Identity narrower = by_token(token_of(first));
  narrower.scopes = R"(["operator.read"])";
  const Json by_own = connect(narrower);
  ASSERT_TRUE(by_own["ok"].boolean()) << by_own.dump();
  EXPECT_EQ(by_own["payload"]["auth"]["method"].text(), "device-token");
  EXPECT_EQ(by_own["payload"]["auth"]["scopes"].dump(), R"(["operator.read"])");
  EXPECT_EQ(token_of(by_own), token_of(first));
}

TEST_F(Devices, MaySignTheOlderVersion) {
  start();
  device = Device(Device::Version::v2);
  EXPECT_TRUE(connect(identity)["ok"].boolean());
}

TEST_F(Devices, OutliveTheWorker) {
  start();
  const std::string token = token_of(connect(identity));
  ASSERT_TRUE(gateway.kill_worker());
  EXPECT_EQ(token_of(connect(by_token(token))), token);
}

TEST_F(Devices, ThatGetMoreGetAnotherTokenAndMayUseTheOldOneUntilThen) {
  start();
  const std::string first = token_of(connect(identity));
  identity.scopes = R"(["operator.read","operator.admin"])";
  const Json wider = connect(identity);
  const std::string second = token_of(wider);
  EXPECT_NE(second, first);
  identity.scopes = R"(["operator.read"])";
  EXPECT_EQ(token_of(connect(by_token(first))), second) << "the answer with the new token was lost";
  EXPECT_EQ(token_of(connect(by_token(second))), second);
  EXPECT_EQ(detail(connect(by_token(first))), "AUTH_DEVICE_TOKEN_MISMATCH");
}

TEST_F(Devices, ThatAreNotKnownWaitForTheOperator) {
  start(false);
  WsClient admin = gateway.client();
  WsClient client(gateway.port());
  const Json refused = client.connect(identity, device);
  EXPECT_EQ(error_code(refused), "NOT_PAIRED");
  EXPECT_EQ(error_message(refused), "pairing required: device is not approved yet");
  const JsonView details = refused["error"]["details"];
  const std::string request(details["requestId"].text());
  EXPECT_EQ(details["code"].text(), "PAIRING_REQUIRED");
  EXPECT_EQ(details["deviceId"].text(), device.id());
  EXPECT_EQ(details["requestedScopes"].dump(), identity.scopes);
  EXPECT_THAT(std::string(details["remediationHint"].text()), HasSubstr("devices approve " + request));
  const WsClose closed = client.closing();
  EXPECT_EQ(closed.code, 1008);
  EXPECT_EQ(closed.reason, "pairing required: device is not approved yet (requestId: " + request + ")");
  const Json requested = admin.event("device.pair.requested");
  EXPECT_EQ(requested["payload"]["requestId"].text(), request);
  EXPECT_EQ(requested["payload"]["publicKey"].text(), device.public_key());

  EXPECT_EQ(connect(identity)["error"]["details"]["requestId"].text(), request) << "asked again: the same request";
  const Json listed = admin.call("device.pair.list");
  EXPECT_EQ(listed["payload"]["pending"].at(0)["requestId"].text(), request);

  const Json approved = admin.call("device.pair.approve", one_member("requestId", request));
  ASSERT_TRUE(approved["ok"].boolean()) << approved.dump();
  EXPECT_EQ(approved["payload"]["device"]["scopes"].dump(), identity.scopes);
  EXPECT_EQ(admin.event("device.pair.resolved")["payload"]["decision"].text(), "approved");
  EXPECT_TRUE(connect(identity)["ok"].boolean());
  EXPECT_EQ(error_message(admin.call("device.pair.approve", one_member("requestId", request))), "unknown requestId");
}

TEST_F(Devices, ThatAreRejectedMayAskAgain) {
  start(false);
  WsClient admin = gateway.client();
  const std::string request(connect(identity)["error"]["details"]["requestId"].text());
  EXPECT_TRUE(admin.call("device.pair.reject", one_member("requestId", request))["ok"].boolean());
  EXPECT_EQ(admin.event("device.pair.resolved")["payload"]["decision"].text(), "rejected");
  const std::string again(connect(identity)["error"]["details"]["requestId"].text());
  EXPECT_NE(again, request);
}

TEST_F(Devices, AreApprovedOnlyByWhoHasWhatIsGiven) {
  start(false);
  identity.scopes = R"(["operator.admin"])";
  const std::string request(connect(identity)["error"]["details"]["requestId"].text());
  Identity clerk = gateway.backend();
  clerk.scopes = R"(["operator.pairing","operator.read"])";
  WsClient client = connected(gateway.port(), clerk);
  const Json answer = client.call("device.pair.approve", one_member("requestId", request));
  EXPECT_EQ(error_message(answer), "missing scope: operator.admin");
  EXPECT_FALSE(connect(identity)["ok"].boolean(true));
}

TEST_F(Devices, ThatAreApprovedForMoreUseItWithTheTokenTheyHave) {
  start();
  const std::string token = token_of(connect(identity));
  Identity wider = by_token(token);
  wider.scopes = R"(["operator.read","operator.approvals"])";
  EXPECT_EQ(detail(connect(wider)), "AUTH_SCOPE_MISMATCH");
  Identity elsewhere = identity;
  elsewhere.scopes = wider.scopes;
  WsClient remote(gateway.port(), "/", "Host: gateway.example\r\n");
  const Json refused = remote.connect(elsewhere, device);
  EXPECT_EQ(refused["error"]["details"]["reason"].text(), "scope-upgrade") << refused.dump();
  EXPECT_EQ(refused["error"]["details"]["approvedScopes"].dump(), identity.scopes);
  WsClient admin = gateway.client();
  EXPECT_TRUE(
      admin.call("device.pair.approve", one_member("requestId", refused["error"]["details"]["requestId"].text()))["ok"]
          .boolean());
  EXPECT_TRUE(connect(wider)["ok"].boolean());
}

TEST_F(Devices, GetInOnceWithASetupCode) {
  start(false);
  WsClient admin = gateway.client();
  const Json made = admin.call("device.pair.setupCode", R"({"bootstrapProfile":"limited","publicUrl":"ws://gw:1"})");
  ASSERT_TRUE(made["ok"].boolean()) << made.dump();
  const std::string setup(made["payload"]["setupId"].text());
  EXPECT_EQ(admin.call("device.pair.setupStatus", one_member("setupId", setup))["payload"].dump(), "{}");
  std::string code(made["payload"]["setupCode"].text());
  const auto content = Json::parse(decode_base64url(code));
  ASSERT_TRUE(content.ok()) << code;
  identity.token.clear();
  identity.bootstrap_token = content.value()["bootstrapToken"].text();
  const Json hello = connect(identity);
  ASSERT_TRUE(hello["ok"].boolean()) << hello.dump();
  EXPECT_EQ(hello["payload"]["auth"]["method"].text(), "bootstrap-token");
  EXPECT_EQ(hello["payload"]["auth"]["deviceTokens"].at(0)["role"].text(), "node");
  EXPECT_EQ(admin.event("device.pair.setup.completed")["payload"]["deviceId"].text(), device.id());
  const Json status = admin.call("device.pair.setupStatus", one_member("setupId", setup));
  EXPECT_EQ(status["payload"]["completion"]["deviceId"].text(), device.id());
  EXPECT_EQ(token_of(connect(by_token(token_of(hello)))), token_of(hello));
  EXPECT_EQ(detail(WsClient(gateway.port()).connect(identity, Device())), "AUTH_BOOTSTRAP_TOKEN_INVALID");
}

TEST_F(Devices, AreManagedFromTheCommandLine) {
  start(false);
  const std::string request(connect(identity)["error"]["details"]["requestId"].text());
  EXPECT_EQ(run({"devices", "list"}), 0) << errors;
  EXPECT_THAT(output, HasSubstr(request));
  EXPECT_EQ(run({"devices", "approve", request}), 0) << errors;
  EXPECT_THAT(output, HasSubstr("Approved " + device.id()));
  const std::string token = token_of(connect(identity));
  EXPECT_EQ(run({"devices", "rename", device.id(), "Kitchen"}), 0) << errors;
  EXPECT_EQ(run({"devices", "list", "--json"}), 0) << errors;
  const auto listed = Json::parse(output);
  ASSERT_TRUE(listed.ok()) << output;
  EXPECT_EQ(listed.value()["paired"].at(0)["displayName"].text(), "Kitchen");
  EXPECT_THAT(output, Not(HasSubstr(token)));
  EXPECT_EQ(run({"devices", "rotate", device.id()}), 0) << errors;
  EXPECT_THAT(output + errors, Not(HasSubstr(token_of(connect(identity)))));
  EXPECT_EQ(run({"devices", "revoke", device.id()}), 0) << errors;
  EXPECT_EQ(run({"devices", "remove", device.id()}), 0) << errors;
  EXPECT_EQ(run({"devices", "remove", device.id()}), 1);
  EXPECT_THAT(errors, HasSubstr("unknown deviceId"));
  const std::string another(connect(identity)["error"]["details"]["requestId"].text());
  EXPECT_EQ(run({"devices", "reject", another}), 0) << errors;
}

TEST_F(Devices, AreToldApartFromTheGatewayItself) {
  start();
  WsClient admin = gateway.client();
  const Json own = admin.call("gateway.identity.get");
  EXPECT_EQ(own["payload"]["deviceId"].text().size(), 64u);
  ASSERT_TRUE(gateway.kill_worker());
  WsClient again = gateway.client();
  EXPECT_EQ(again.call("gateway.identity.get")["payload"].dump(), own["payload"].dump());
}

}  // namespace
}  // namespace omenia::test
