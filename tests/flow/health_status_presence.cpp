// What the gateway tells about itself, on request and by events.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

TEST_F(Flow, HealthHasTheShapeClientsRead) {
  auto client = gateway.client();
  const Json answer = client.call("health");
  const JsonView health = answer["payload"];
  EXPECT_TRUE(health["ok"].boolean());
  EXPECT_TRUE(health["ts"].is_integer());
  EXPECT_TRUE(health["channels"].is_object());
  EXPECT_TRUE(health["channelOrder"].is_array());
  EXPECT_EQ(health["defaultAgentId"].text(), "main");
  EXPECT_EQ(health["agents"].at(0)["agentId"].text(), "main");
  EXPECT_TRUE(health["sessions"]["count"].is_integer());
}

TEST_F(Flow, StatusCountsSessions) {
  auto client = gateway.client();
  EXPECT_EQ(client.call("status")["payload"]["sessions"]["count"].integer(-1), 0);
  client.call("chat.send", message("agent:main:one", "k1"));
  client.find(ends_chat);
  const Json status = client.call("status");
  EXPECT_FALSE(status["payload"]["runtimeVersion"].text().empty());
  EXPECT_EQ(status["payload"]["sessions"]["count"].integer(), 1);
  EXPECT_EQ(status["payload"]["sessions"]["recent"].at(0)["key"].text(), "agent:main:one");
}

TEST_F(Flow, PresenceListsTheGatewayFirst) {
  const Json answer = gateway.client().call("system-presence");
  ASSERT_TRUE(answer["payload"].is_array());
  EXPECT_EQ(answer["payload"].at(0)["mode"].text(), "gateway");
  EXPECT_EQ(answer["payload"].at(0)["reason"].text(), "self");
  EXPECT_TRUE(answer["payload"].at(0)["ts"].is_integer());
}

TEST_F(Flow, TheGatewayKeepsItsIdWhenItsWorkerIsAnotherOne) {
  const auto instance = [this] {
    auto client = gateway.client();
    return std::string(client.call("mentions.list")["payload"]["gatewayInstanceId"].text());
  };
  const std::string id = instance();
  EXPECT_EQ(id.size(), 36u);
  ASSERT_TRUE(gateway.kill_worker());
  EXPECT_EQ(instance(), id);
}

TEST_F(Flow, BackendsAndTheCommandLineLeaveNoPresence) {
  auto client = gateway.client();
  auto identity = gateway.backend();
  identity.id = "cli", identity.mode = "cli";
  auto command = connected(gateway.port(), identity);
  EXPECT_EQ(client.call("system-presence")["payload"].size(), 1u);
}

TEST_F(Flow, AModelListNamesWhatIsConfigured) {
  const Json answer = gateway.client().call("models.list");
  const JsonView models = answer["payload"]["models"];
  bool found = false;
  for (JsonView model = models.first(); model; model = model.next()) {
    found = found || (model["id"].text() == "mock-1" && model["provider"].text() == "mock");
  }
  EXPECT_TRUE(found) << answer.dump();
}

TEST_F(Flow, AgentsListNamesTheDefault) {
  const Json answer = gateway.client().call("agents.list");
  EXPECT_EQ(answer["payload"]["defaultId"].text(), "main");
  EXPECT_EQ(answer["payload"]["mainKey"].text(), "main");
  EXPECT_EQ(answer["payload"]["agents"].at(0)["id"].text(), "main");
}

TEST_F(Flow, LogsTailFollowsTheLogFile) {
  auto client = gateway.client();
  const Json first = client.call("logs.tail");
  EXPECT_EQ(first["payload"]["file"].text(), gateway.instance().log_path());
  EXPECT_GT(first["payload"]["lines"].size(), 0u);
  const std::string cursor = first["payload"]["cursor"].dump();
  const Json second = client.call("logs.tail", "{\"cursor\":" + cursor + "}");
  EXPECT_GE(second["payload"]["cursor"].integer(), first["payload"]["cursor"].integer());
  EXPECT_LE(second["payload"]["lines"].size(), 20u) << "a cursor skips what was read";
}

TEST_F(Flow, TheLogNeverHoldsTheToken) {
  auto client = gateway.client();
  gateway.get("/v1/models");
  Identity wrong;
  wrong.token = "a-wrong-token-to-look-for";
  WsClient(gateway.port()).connect(wrong);
  ASSERT_EQ(gateway.stop(), 0);
  const std::string said = gateway.everything_said();
  EXPECT_EQ(said.find(gateway.token()), std::string::npos);
  EXPECT_EQ(said.find(wrong.token), std::string::npos);
}

}  // namespace
}  // namespace omenia::test
