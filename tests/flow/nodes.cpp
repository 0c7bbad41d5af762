// Nodes: a device that offers commands. The operator approves them; then they can be called, and not a moment longer.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class Nodes : public Flow {
 protected:
  void SetUp() override {
    Flow::SetUp();
    identity = gateway.backend();
    identity.id = "node-host";
    identity.mode = identity.role = "node";
    identity.scopes = "[]";
    identity.caps = R"(["system"])";
    identity.more = R"(,"commands":["system.which","demo.echo","device.info"])";
    admin = std::make_unique<WsClient>(gateway.client());
    node = connect();
  }
  std::unique_ptr<WsClient> connect() {
    auto client = std::make_unique<WsClient>(gateway.port());
    hello = client->connect(identity, device);
    EXPECT_TRUE(hello["ok"].boolean()) << hello.dump();
    return client;
  }
  std::string pending() {
    return std::string(admin->call("node.pair.list")["payload"]["pending"].at(0)["requestId"].text());
  }
  void approve() {
    const Json answer = admin->call("node.pair.approve", one_member("requestId", pending()));
    ASSERT_TRUE(answer["ok"].boolean()) << answer.dump();
  }
  std::string invoke(const std::string& command, const std::string& more = {}) {
    return admin->send_request("node.invoke", "{\"nodeId\":\"" + device.id() + "\",\"command\":\"" + command +
                                                  R"(","params":{"bins":["ls"]},"idempotencyKey":")" + command + "\"" +
                                                  more + "}");
  }
  Json answer_with(const std::string& id, const std::string& more) {
    return node->call("node.invoke.result", "{\"id\":\"" + id + "\",\"nodeId\":\"" + device.id() + "\"," + more + "}");
  }
  int run(const std::vector<std::string>& arguments) {
    ChildProcess process = gateway.instance().command(arguments);
    const int code = process.wait();
    output = process.output() + process.errors();
    return code;
  }

  Device device;
  Identity identity;
  Json hello;
  std::unique_ptr<WsClient> admin, node;
  std::string output;
};

TEST_F(Nodes, ArePairedHereAndTheirCommandsWait) {
  const JsonView auth = hello["payload"]["auth"];
  EXPECT_EQ(auth["role"].text(), "node");
  EXPECT_EQ(auth["scopes"].size(), 0u);
  EXPECT_EQ(auth["deviceToken"].text().size(), 43u);
  EXPECT_EQ(hello["payload"]["snapshot"]["presence"].size(), 0u);
  const Json requested = admin->event("node.pair.requested");
  EXPECT_EQ(requested["payload"]["commands"].dump(), R"(["system.which","device.info"])") << "no unknown command";
  EXPECT_EQ(requested["payload"]["requiredApproveScopes"].dump(), R"(["operator.pairing","operator.admin"])");
  const Json listed = admin->call("node.list");
  const JsonView row = listed["payload"]["nodes"].at(0);
  EXPECT_EQ(row["approvalState"].text(), "pending-approval");
  EXPECT_EQ(row["commands"].size(), 0u);
  EXPECT_TRUE(row["connected"].boolean());
  const Json told = node->call("node.event", R"({"event":"node.presence.alive"})");
  EXPECT_EQ(told["error"]["details"]["code"].text(), "PAIRING_CHANGED");
  EXPECT_THAT(error_message(admin->answer(invoke("system.which"))), HasSubstr("not approved"));
}

TEST_F(Nodes, RunWhatWasApproved) {
  approve();
  EXPECT_EQ(node->event("node.pair.resolved")["payload"]["decision"].text(), "approved");
  const std::string call = invoke("system.which", R"(,"timeoutMs":60000)");
  const Json request = node->event("node.invoke.request");
  EXPECT_FALSE(request["seq"]);
  EXPECT_EQ(request["payload"]["paramsJSON"].text(), R"({"bins":["ls"]})");
  EXPECT_EQ(request["payload"]["timeoutMs"].integer(), 60'000);
  const std::string id(request["payload"]["id"].text());
  const Json taken = answer_with(id, R"("ok":true,"payloadJSON":"{\"ls\":\"/bin/ls\"}")");
  EXPECT_EQ(taken["payload"].dump(), R"({"ok":true})");
  const Json answer = admin->answer(call);
  ASSERT_TRUE(answer["ok"].boolean()) << answer.dump();
  EXPECT_EQ(answer["payload"]["payload"]["ls"].text(), "/bin/ls");
  EXPECT_EQ(answer["payload"]["payloadJSON"].text(), R"({"ls":"/bin/ls"})");
  EXPECT_TRUE(answer_with(id, R"("ok":true)")["payload"]["ignored"].boolean()) << "answered twice";
  const Json told = node->call("node.event", R"({"event":"node.presence.alive"})");
  EXPECT_TRUE(told["payload"]["handled"].boolean()) << told.dump();
}

TEST_F(Nodes, SayWhatWentWrong) {
  approve();
  const std::string call = invoke("device.info");
  const std::string id(node->event("node.invoke.request")["payload"]["id"].text());
  answer_with(id, R"("ok":false,"error":{"code":"BROKEN","message":"it broke"})");
  const Json answer = admin->answer(call);
  EXPECT_EQ(error_message(answer), "it broke");
  EXPECT_EQ(answer["error"]["details"]["nodeError"]["code"].text(), "BROKEN");
}

TEST_F(Nodes, AreNotWaitedForLongerThanAsked) {
  approve();
  const std::string call = invoke("device.info", R"(,"timeoutMs":50)");
  const std::string id(node->event("node.invoke.request")["payload"]["id"].text());
  EXPECT_EQ(error_message(admin->answer(call)), "node invoke timed out");
  EXPECT_EQ(node->event("node.invoke.cancel")["payload"]["id"].text(), id);
}

TEST_F(Nodes, ThatGoAreNotWaitedFor) {
  approve();
  const std::string call = invoke("device.info");
  node->event("node.invoke.request");
  node->socket().close();
  EXPECT_THAT(error_message(admin->answer(call)), HasSubstr("disconnected"));
  EXPECT_EQ(admin->answer(invoke("device.info"))["error"]["details"]["code"].text(), "NOT_CONNECTED");
}

TEST_F(Nodes, LoseTheirCommandsWithTheirApproval) {
  approve();
  const std::string call = invoke("device.info");
  node->event("node.invoke.request");
  EXPECT_TRUE(admin->call("node.pair.remove", one_member("nodeId", device.id()))["ok"].boolean());
  EXPECT_EQ(admin->answer(call)["error"]["details"]["code"].text(), "PAIRING_CHANGED");
  EXPECT_EQ(node->closing().code, 4001);
}

TEST_F(Nodes, AnswerOnlyForThemselves) {
  approve();
  const std::string call = invoke("device.info");
  const std::string id(node->event("node.invoke.request")["payload"]["id"].text());
  WsClient other(gateway.port());
  const Device thief;
  ASSERT_TRUE(other.connect(identity, thief)["ok"].boolean());
  const Json stolen =
      other.call("node.invoke.result", "{\"id\":\"" + id + "\",\"nodeId\":\"" + device.id() + R"(","ok":true})");
  EXPECT_EQ(error_message(stolen), "nodeId mismatch");
  const Json ignored =
      other.call("node.invoke.result", "{\"id\":\"" + id + "\",\"nodeId\":\"" + thief.id() + R"(","ok":true})");
  EXPECT_TRUE(ignored["payload"]["ignored"].boolean()) << ignored.dump();
  answer_with(id, R"("ok":true,"payload":{"it":"was me"})");
  EXPECT_EQ(admin->answer(call)["payload"]["payload"]["it"].text(), "was me");
}

TEST_F(Nodes, ThatOfferMoreLaterKeepWhatTheyHad) {
  approve();
  identity.more = R"(,"commands":["device.info","system.run"])";
  node = connect();
  const Json listed = admin->call("node.describe", one_member("nodeId", device.id()));
  EXPECT_EQ(listed["payload"]["commands"].dump(), R"(["device.info"])") << listed.dump();
  EXPECT_EQ(listed["payload"]["pendingDeclaredCommands"].dump(), R"(["device.info","system.run"])");
}

TEST_F(Nodes, AreCalledByWhoMay) {
  approve();
  Identity writer = gateway.backend();
  writer.scopes = R"(["operator.write","operator.pairing"])";
  WsClient client = connected(gateway.port(), writer);
  const std::string params = "{\"nodeId\":\"" + device.id() + R"(","command":"system.which","idempotencyKey":"k"})";
  EXPECT_EQ(error_message(client.call("node.invoke", params)), "missing scope: operator.admin");
  EXPECT_EQ(error_message(client.call("node.event", R"({"event":"x"})")), "unauthorized role: operator");
}

TEST_F(Nodes, AreManagedFromTheCommandLine) {
  EXPECT_EQ(run({"nodes", "list"}), 0) << output;
  EXPECT_THAT(output, AllOf(HasSubstr(device.id()), HasSubstr("pending-approval")));
  EXPECT_EQ(run({"nodes", "approve", pending()}), 0) << output;
  EXPECT_EQ(run({"nodes", "rename", device.id(), "Kitchen"}), 0) << output;
  EXPECT_EQ(run({"nodes", "describe", device.id(), "--json"}), 0) << output;
  EXPECT_THAT(output, AllOf(HasSubstr("Kitchen"), HasSubstr("approved")));
  EXPECT_EQ(run({"nodes", "invoke", device.id(), "demo.echo"}), 1);
  EXPECT_THAT(output, HasSubstr("node command not allowed"));
  EXPECT_EQ(run({"nodes", "remove", device.id()}), 0) << output;
  EXPECT_EQ(run({"nodes", "describe", "nobody"}), 1);
  EXPECT_THAT(output, HasSubstr("unknown nodeId"));
}

}  // namespace
}  // namespace omenia::test
