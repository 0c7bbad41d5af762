// device.scopes.*: a device that is in asks for more scopes and waits for the decision; and what waits for a node that
// is away.

#include "tests/unit/worker/worker_fixture.h"

namespace omenia::test {
namespace {

class AskingForMore : public WireTest {
 protected:
  void SetUp() override {
    start();
    admin = connected();
    client = connected(reader(device));
  }
  static Wish reader(const Device& device) {
    return {.scopes = {"operator.read"}, .id = "openclaw-macos", .mode = "ui", .device = &device};
  }
  std::string ask_for(const std::string& scopes) {
    const Json answer = call(*client, "device.scopes.requestUpgrade", R"({"scopes":[)" + scopes + "]}");
    EXPECT_TRUE(answer["ok"].boolean()) << answer.dump();
    return std::string(answer["payload"]["requestId"].text());
  }
  static std::string request(const std::string& id) { return R"({"requestId":")" + id + "\"}"; }
  void wait_for(const std::string& id) {
    client->send(R"({"type":"req","id":"w","method":"device.scopes.waitUpgrade","params":)" + request(id) + "}");
  }
  // The answer to wait_for; events before it are thrown away.
  Json decision() {
    while (!HasFailure()) {
      Json frame = next(*client);
      if (frame["id"].text() == "w") return frame;
    }
    return Json::object();
  }
  Json decide(const std::string& how, const std::string& id) {
    Json answer = call(*admin, "device.pair." + how, request(id));
    EXPECT_TRUE(answer["ok"].boolean()) << answer.dump();
    return answer;
  }

  const Device device;
  std::unique_ptr<WireClient> admin, client;
};

TEST_F(AskingForMore, IsAnsweredWithATokenThatOpensIt) {
  const std::string id = ask_for(R"("operator.write","operator.read")");
  const Json listed = call(*admin, "device.pair.list");
  EXPECT_EQ(listed["payload"]["pending"].at(0)["requestId"].text(), id);
  EXPECT_EQ(listed["payload"]["pending"].at(0)["isRepair"].boolean(), true);
  EXPECT_EQ(ask_for(R"("operator.write","operator.read")"), id) << "the same again is the same request";
  wait_for(id);
  decide("approve", id);
  const Json decided = decision();
  EXPECT_EQ(decided["payload"]["status"].text(), "approved") << decided.dump();
  EXPECT_EQ(decided["payload"]["deviceToken"].text().size(), 43u);
  EXPECT_THAT(decided["payload"]["scopes"].dump(), testing::HasSubstr("operator.write"));
  EXPECT_EQ(call(*client, "chat.abort", R"({"sessionKey":"x"})")["error"]["code"].text(), "FORBIDDEN")
      << "this connection keeps what it has";
  const std::string granted = ask_for(R"("operator.write")");
  wait_for(granted);
  EXPECT_EQ(decision()["payload"]["status"].text(), "approved") << "it has that already";
}

TEST_F(AskingForMore, MayBeRejected) {
  const std::string id = ask_for(R"("operator.admin")");
  decide("reject", id);
  wait_for(id);
  const Json decided = decision();
  EXPECT_EQ(decided["payload"]["status"].text(), "rejected");
  EXPECT_FALSE(decided["payload"]["deviceToken"]);
}

TEST_F(AskingForMore, IsOneRequestAtATime) {
  const std::string first = ask_for(R"("operator.write")");
  wait_for(first);
  const std::string second = ask_for(R"("operator.admin")");
  EXPECT_NE(first, second);
  Json decided;
  for (const Json& event : events)
    if (event["id"].text() == "w") decided = Json::copy(event);
  if (!decided) decided = decision();
  EXPECT_EQ(decided["payload"]["status"].text(), "expired") << "nobody can approve it any more";
}

TEST_F(AskingForMore, IsForThatDeviceAlone) {
  const std::string id = ask_for(R"("operator.write")");
  const Device other;
  auto stranger = connected(reader(other));
  for (WireClient* who : {stranger.get(), admin.get()}) {
    const Json answer = call(*who, "device.scopes.waitUpgrade", request(id));
    EXPECT_FALSE(answer["ok"].boolean(true)) << answer.dump();
  }
  const Json no_device = call(*admin, "device.scopes.requestUpgrade", R"({"scopes":["operator.admin"]})");
  EXPECT_EQ(no_device["error"]["details"]["code"].text(), "DEVICE_IDENTITY_REQUIRED");
  for (const char* scopes : {R"({"scopes":["operator.everything"]})", R"({"scopes":[]})", "{}"})
    EXPECT_EQ(call(*client, "device.scopes.requestUpgrade", scopes)["error"]["code"].text(), "INVALID_REQUEST")
        << scopes;
  EXPECT_EQ(call(*client, "device.scopes.waitUpgrade", request("unknown"))["error"]["message"].text(),
            "unknown requestId");
}

TEST_F(AskingForMore, IsForgottenWithWhoWaits) {
  const std::string id = ask_for(R"("operator.write")");
  wait_for(id);
  client->close();
  run_until([this] { return context->hub.connected() == 1; });
  decide("approve", id);
}

struct WorkOfANode : WireTest {
  void SetUp() override {
    start();
    admin = connected();
    node = connected(node_wish(device));
  }
  Json enqueue(const std::string& more) {
    return call(*admin, "node.pending.enqueue", R"({"nodeId":")" + device.id() + "\"," + more + "}");
  }
  const Device device;
  std::unique_ptr<WireClient> admin, node;
};

TEST_F(WorkOfANode, IsKeptUntilTheNodeTakesIt) {
  node->close();
  const Json queued = enqueue(R"("type":"status.request","expiresInMs":60000,"wake":true)");
  ASSERT_TRUE(queued["ok"].boolean()) << queued.dump();
  EXPECT_EQ(queued["payload"]["queued"]["priority"].text(), "normal");
  EXPECT_GT(queued["payload"]["queued"]["expiresAtMs"].integer(), queued["payload"]["queued"]["createdAtMs"].integer());
  EXPECT_FALSE(queued["payload"]["wakeTriggered"].boolean(true));
  const Json urgent = enqueue(R"("type":"location.request","priority":"high")");
  EXPECT_TRUE(urgent["payload"]["queued"]["expiresAtMs"].is_null());
  EXPECT_EQ(enqueue(R"("type":"location.request")")["payload"]["queued"]["id"].text(),
            urgent["payload"]["queued"]["id"].text());
  node = connected(node_wish(device));
  const Json first = call(*node, "node.pending.drain", R"({"maxItems":1})");
  EXPECT_EQ(first["payload"]["items"].at(0)["type"].text(), "status.request");
  EXPECT_TRUE(first["payload"]["hasMore"].boolean());
  EXPECT_EQ(call(*node, "node.pending.drain")["payload"]["items"].at(0)["type"].text(), "location.request");
  const Json last = call(*node, "node.pending.drain");
  EXPECT_EQ(last["payload"]["items"].size(), 0u);
  EXPECT_GT(last["payload"]["revision"].integer(), queued["payload"]["revision"].integer());
}

TEST_F(WorkOfANode, IsForNodesThatAreKnown) {
  const Json unknown = call(*admin, "node.pending.enqueue", R"({"nodeId":"nobody","type":"status.request"})");
  EXPECT_EQ(unknown["error"]["message"].text(), "unknown nodeId");
  EXPECT_THAT(std::string(enqueue(R"("type":"dance")")["error"]["message"].text()), testing::HasSubstr("/type"));
  EXPECT_THAT(std::string(enqueue(R"("type":"status.request","expiresInMs":1)")["error"]["message"].text()),
              testing::HasSubstr("/expiresInMs"));
  EXPECT_EQ(call(*admin, "node.pending.drain")["error"]["message"].text(), "unauthorized role: operator");
}

}  // namespace
}  // namespace omenia::test
