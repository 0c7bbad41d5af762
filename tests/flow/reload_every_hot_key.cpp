// Every key that the schema calls live or rewired is changed, one after the other, in the file of a running gateway:
// the same worker applies it, says so by its name, and runs with the new value.
#include <map>

#include "tests/flow/reload.h"

namespace omenia::test {
namespace {

struct HotKey {
  std::string path;
  std::string value;  // JSON.
};

// What a rule that the schema does not tell wants; without an entry the value follows from the type.
const std::map<std::string, std::string> special_values = {
    {"gateway.auth.token", "\"another-token-of-this-gateway\""},
    {"gateway.auth.password", "\"a-password-that-waits\""},
    {"gateway.trustedProxies", R"(["10.0.0.0/8"])"},
    {"gateway.controlUi.allowedOrigins", R"(["https://ui.example"])"},
    {"gateway.http.cors.allowedOrigins", R"(["https://chat.example"])"},
    {"gateway.remote.tlsFingerprint", "\"" + std::string(64, 'a') + "\""},
    {"gateway.tls.caPath", "\"/tmp/authorities.pem\""},
    {"gateway.reload.mode", "\"hot\""},
    {"gateway.remote.url", "\"wss://gateway.example\""},
    {"gateway.http.securityHeaders.strictTransportSecurity", "\"max-age=60\""},
    {"agents.defaults.workspace", "\"/tmp/a-workspace\""},
    {"agents.defaults.model.primary", "\"mock/m-2\""},
    {"agents.defaults.systemAgent.agentId", "\"zoe\""},
    {"agents.entries.zoe.workspace", "\"/tmp/another-workspace\""},
    {"agents.entries.zoe.model.primary", "\"mock/m-2\""},
    {"memory.search.provider", "\"mock\""},
    {"gateway.trustedProxies", R"(["192.0.2.1"])"},
    {"gateway.auth.trustedProxy.scopes", R"(["operator.read"])"},
    {"hooks.path", "\"/incoming\""},
    {"gateway.nodes.pairing.autoApproveCidrs", R"(["192.0.2.0/24"])"},
    {"logging.level", "\"debug\""},
    {"models.providers.mock.baseUrl", "\"http://127.0.0.1:1/v1\""},
    {"models.providers.mock.headers", R"({"x-of-a-test":"1"})"},
};

class EveryHotKey : public Reload {
 protected:
  void SetUp() override {
    Reload::SetUp();
    start_with({.root = "agents: {entries: {zoe: {name: 'Zoe'}, main: {}}}"});
    gateway.instance().write_config(
        "{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) + ", auth: {mode: 'token', token: '" +
        gateway.token() + "'}}, logging: {file: '" + log_path() +
        "'}, agents: {entries: {zoe: {name: 'Zoe'}, main: {}}}, models: {providers: {mock: {baseUrl: "
        "'http://127.0.0.1:1/', models: [{id: 'm-1'}, {id: 'm-2'}]}}}}");
    ASSERT_TRUE(logs("config hot reload applied (models.providers.mock"));
  }

  static std::string value_for(const std::string& path, JsonView schema) {
    if (const auto special = special_values.find(path); special != special_values.end()) return special->second;
    if (const JsonView names = schema["enum"]) {
      for (JsonView name = names.first(); name; name = name.next())
        if (!(name == schema["default"])) return name.dump();
    }
    const std::string_view type = schema["type"].is_array() ? schema["type"].at(0).text() : schema["type"].text();
    if (type == "boolean") return schema["default"].boolean() ? "false" : "true";
    if (type == "integer") return std::to_string(schema["minimum"].integer() + 1);
    if (type == "array") return R"(["some-text"])";
    return "\"some-text\"";
  }

  // Records are walked in the one that is configured; the elements of a list are changed with the whole list.
  static void walk(JsonView schema, const std::string& path, std::vector<HotKey>& keys) {
    const std::string_view reload = schema["x-reload"].text();
    if (path == "models.providers.mock.api") return;  // Takes one value in this release.
    if (path.ends_with(".alsoAllow")) return;         // Not beside `allow`, which has a value by then.
    if (reload == "live" || reload == "rewire") keys.push_back({path, value_for(path, schema)});
    const std::string before = path.empty() ? "" : path + ".";
    for (JsonView member = schema["properties"].first(); member; member = member.next())
      walk(member, before + std::string(member.name()), keys);
    if (const JsonView any = schema["additionalProperties"]; any.is_object() && reload.empty())
      walk(any, before + (path == "agents.entries" ? "zoe" : "mock"), keys);
  }

  // What the worker runs with.
  Json running(const std::string& path, const std::string& token) {
    Identity identity = gateway.backend();
    identity.token = token;
    WsClient client = connected(gateway.port(), identity);
    const Json answer = client.call("config.get");
    JsonView value = answer["payload"]["runtimeConfig"];
    for (std::size_t start = 0; start <= path.size();) {
      const std::size_t end = std::min(path.find('.', start), path.size());
      value = value[path.substr(start, end - start)];
      start = end + 1;
    }
    return value ? Json::copy(value) : Json::null();
  }

  void expect_change(const HotKey& key, std::string& token) {
    SCOPED_TRACE(key.path + " = " + key.value);
    const std::size_t before = count("config hot reload applied (" + key.path);
    ChildProcess command = gateway.instance().command({"config", "set", key.path, key.value, "--strict-json"});
    ASSERT_EQ(command.wait(), 0) << command.errors();
    if (command.output().starts_with("No change")) return;
    if (key.path == "gateway.auth.token") token = Json::parse(key.value).value().view().text();
    EXPECT_TRUE(logs("config hot reload applied (" + key.path, before + 1));
    const Json now = running(key.path, token);
    const Json wanted = Json::parse(key.value).value();
    const bool is_hidden = now.dump().find("REDACTED") != std::string::npos;
    EXPECT_TRUE(is_hidden || now.view() == wanted.view()) << now.dump();
    EXPECT_EQ(gateway.worker_pid(), worker) << "another worker";
  }
};

TEST_F(EveryHotKey, IsAppliedByTheSameWorker) {
  std::vector<HotKey> keys;
  walk(gateway.client().call("config.schema")["payload"]["schema"], "", keys);
  EXPECT_GE(keys.size(), 35u);
  std::string token = gateway.token();
  for (const HotKey& key : keys) expect_change(key, token);
  expect_change({"models.providers.mock.models",
                 R"([{"id":"m-2","name":"Two","contextWindow":9,"maxTokens":8,"reasoning":true}])"},
                token);
  expect_change({"hooks.mappings", R"([{"match":{"path":"mail"},"messageTemplate":"{{subject}}"}])"}, token);
}

}  // namespace
}  // namespace omenia::test
