// The configuration over the control protocol: read with secrets hidden, written with a guard, applied at once.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class ConfigRpc : public Flow {
 protected:
  void SetUp() override {
    Flow::SetUp();
    client = std::make_unique<WsClient>(gateway.client());
  }
  Json get() { return client->call("config.get"); }
  std::string hash() { return std::string(get()["payload"]["hash"].text()); }
  Json write(std::string_view method, std::string_view raw, const std::string& base_hash) {
    JsonWriter params;
    params.begin_object().member("raw", raw);
    if (!base_hash.empty()) params.member("baseHash", base_hash);
    return client->call(method, params.end_object().text());
  }
  Json patch(std::string_view raw) { return write("config.patch", raw, hash()); }

  std::unique_ptr<WsClient> client;
};

TEST_F(ConfigRpc, GetHidesSecretsAndShowsWhatCounts) {
  const Json answer = get();
  ASSERT_TRUE(answer["ok"].boolean()) << answer.dump();
  const JsonView payload = answer["payload"];
  EXPECT_EQ(answer.dump().find(gateway.token()), std::string::npos);
  EXPECT_EQ(payload["path"].text(), gateway.instance().config_path());
  EXPECT_TRUE(payload["valid"].boolean());
  EXPECT_EQ(payload["config"]["gateway"]["reload"]["mode"].text(), "hybrid");
  EXPECT_EQ(payload["hash"].text(), payload["appliedConfigHash"].text());
}

TEST_F(ConfigRpc, APatchIsAppliedBeforeItIsAnswered) {
  const Json answer = patch("{logging: {consoleLevel: 'debug'}}");
  ASSERT_TRUE(answer["ok"].boolean()) << answer.dump();
  EXPECT_EQ(answer["payload"]["reload"]["action"].text(), "apply");
  EXPECT_EQ(answer["payload"]["reload"]["changes"].at(0)["path"].text().substr(0, 7), "logging");
  const Json after = get();
  EXPECT_EQ(after["payload"]["runtimeConfig"]["logging"]["consoleLevel"].text(), "debug");
  EXPECT_EQ(after["payload"]["appliedConfigHash"].text(), answer["payload"]["hash"].text());
}

TEST_F(ConfigRpc, OtherClientsAreTold) {
  WsClient other = gateway.client();
  ASSERT_TRUE(patch("{logging: {consoleLevel: 'warn'}}")["ok"].boolean());
  const auto frames = other.until([](JsonView frame) { return is_event(frame, "config.changed"); });
  ASSERT_FALSE(frames.empty());
  EXPECT_THAT(frames.back()["payload"]["changedPaths"].dump(), HasSubstr("logging"));
}

TEST_F(ConfigRpc, AnEditOfTheFileIsToldToo) {
  const std::string before = hash();
  gateway.instance().configure(mock.port(), R"(,"session":{"scope":"global"})");
  const Json told = client->event("config.changed");
  EXPECT_THAT(told["payload"]["changedPaths"].dump(), HasSubstr("session"));
  EXPECT_NE(told["payload"]["hash"].text(), before);
  EXPECT_EQ(told["payload"]["hash"].text(), hash());
}

TEST_F(ConfigRpc, WritesAreToldOnce) {
  ASSERT_TRUE(patch("{logging: {consoleLevel: 'warn'}}")["ok"].boolean());
  gateway.instance().configure(mock.port(), R"(,"session":{"scope":"global"})");
  EXPECT_THAT(client->event("config.changed")["payload"]["changedPaths"].dump(), HasSubstr("logging"));
  EXPECT_THAT(client->event("config.changed")["payload"]["changedPaths"].dump(), HasSubstr("session"));
}

TEST_F(ConfigRpc, WritesNeedTheHashOfWhatWasRead) {
  EXPECT_EQ(error_message(write("config.set", "{}", "")), "config base hash required; re-run config.get and retry");
  EXPECT_EQ(error_message(write("config.patch", "{}", "0123")),
            "config changed since last load; re-run config.get and retry");
}

TEST_F(ConfigRpc, WhatWasHiddenComesBack) {
  const std::string shown(get()["payload"]["raw"].text());
  const Json answer = write("config.set", shown, hash());
  ASSERT_TRUE(answer["ok"].boolean()) << answer.dump();
  EXPECT_TRUE(answer["payload"]["noop"].boolean());
  EXPECT_THAT(read_file(gateway.instance().config_path()), HasSubstr(gateway.token()));
}

TEST_F(ConfigRpc, InvalidWritesChangeNothing) {
  const std::string before = read_file(gateway.instance().config_path());
  EXPECT_THAT(error_message(patch("{gateway: {port: 'x', prt: 1}}")),
              AllOf(HasSubstr("gateway.port"), HasSubstr("Unrecognized key: \"prt\"")));
  EXPECT_THAT(error_message(patch("{gateway: ")), HasSubstr("JSON5 parse failed"));
  EXPECT_THAT(error_message(write("config.apply", "{}", hash())), HasSubstr("Config write rejected"));
  EXPECT_EQ(read_file(gateway.instance().config_path()), before);
}

TEST_F(ConfigRpc, InvalidWritesNameEachProblemAtItsKey) {
  const Json answer = patch("{gateway: {port: 'x', prt: 1}}");
  const JsonView issues = answer["error"]["details"]["issues"];
  ASSERT_EQ(issues.size(), 2u) << answer.dump();
  EXPECT_EQ(issues.at(0)["path"].text(), "gateway.port");
  EXPECT_FALSE(issues.at(0)["message"].text().empty());
}

TEST_F(ConfigRpc, ThePlanNamesTheKeysOfAnEdit) {
  const Json nothing = client->call("config.plan");
  EXPECT_EQ(nothing["payload"]["reload"]["action"].text(), "none") << nothing.dump();
}

TEST_F(ConfigRpc, TheSchemaIsSmallAndCarriesReloadClasses) {
  const Json answer = client->call("config.schema");
  EXPECT_LT(answer.dump().size(), 150'000u);
  EXPECT_EQ(answer["payload"]["schema"]["properties"]["gateway"]["properties"]["port"]["x-reload"].text(), "service");
  const Json found = client->call("config.schema.lookup", R"({"path":"gateway.port"})");
  EXPECT_EQ(found["payload"]["reloadKind"].text(), "restart");
  EXPECT_FALSE(client->call("config.schema.lookup", R"({"path":"no.such"})")["ok"].boolean(true));
}

TEST_F(ConfigRpc, WritesAreLimited) {
  Json answer;
  for (int i = 0; i < 31; ++i) answer = write("config.patch", "{}", "0123");
  EXPECT_THAT(error_message(answer), HasSubstr("rate limit exceeded"));
}

TEST_F(ConfigRpc, WritesNeedTheAdminScope) {
  auto identity = gateway.backend();
  identity.scopes = R"(["operator.read"])";
  auto reader = connected(gateway.port(), identity);
  EXPECT_TRUE(reader.call("config.get")["ok"].boolean());
  EXPECT_EQ(error_code(reader.call("config.patch", R"({"raw":"{}"})")), "FORBIDDEN");
}

TEST_F(ConfigRpc, AProvidersKeyIsTakenAway) {
  ASSERT_TRUE(patch("{models: {providers: {mock: {apiKey: 'sk-of-the-mock'}}}}")["ok"].boolean());
  const auto has_key = [this] {
    const Json status = client->call("models.authStatus");
    return static_cast<bool>(status["payload"]["providers"].at(0)["apiKey"]);
  };
  EXPECT_TRUE(has_key());
  const Json done = client->call("models.authLogout", R"({"provider":"mock"})");
  EXPECT_EQ(done["payload"]["removedProfiles"].dump(), R"(["mock"])") << done.dump();
  EXPECT_FALSE(done["payload"]["warning"]) << done.dump();
  EXPECT_FALSE(has_key());
  const Json again = client->call("models.authLogout", R"({"provider":"mock"})");
  EXPECT_EQ(again["payload"]["removedProfiles"].size(), 0u) << again.dump();
  EXPECT_THAT(error_message(client->call("models.authLogout", R"({"provider":"nobody"})")),
              HasSubstr("not configured"));
}

}  // namespace
}  // namespace omenia::test
