// What needs no restart: each such key is changed in the file of a running gateway, its effect is seen from outside,
// and the worker stays the same one.
#include "tests/flow/reload.h"

namespace omenia::test {
namespace {

constexpr const char* second_token = "second-token-of-this-gateway";

TEST_F(Reload, OfTheTokenLetsTheNewOneInAndEndsWhatTheOldOneOpened) {
  start_with({});
  auto client = gateway.client();
  expect_applied({.token = second_token}, "gateway.auth.token");
  EXPECT_EQ(status_of("/v1/models", gateway.token()), 401);
  EXPECT_EQ(status_of("/v1/models", second_token), 200);
  const WsClose close = client.closing();
  EXPECT_EQ(close.code, 4001);
  EXPECT_EQ(close.reason, "gateway auth changed");
  EXPECT_THAT(gateway.everything_said(), testing::Not(HasSubstr(second_token)));
}

TEST_F(Reload, OfTheLimitsForGuessing) {
  start_with({});
  expect_applied({.auth = "rateLimit: {maxAttempts: 2, exemptLoopback: false, windowMs: 60000, lockoutMs: 60000}"},
                 "gateway.auth.rateLimit.maxAttempts, gateway.auth.rateLimit.exemptLoopback, "
                 "gateway.auth.rateLimit.lockoutMs");
  EXPECT_EQ(status_of("/v1/models", "wrong"), 401);
  EXPECT_EQ(status_of("/v1/models", "wrong"), 401);
  EXPECT_EQ(status_of("/v1/models", gateway.token()), 429);
}

TEST_F(Reload, OfTheEndpoints) {
  start_with({});
  EXPECT_EQ(status_of("/v1/models", gateway.token()), 200);
  expect_applied({.gateway = "http: {endpoints: {models: {enabled: false}, embeddings: {enabled: false}, "
                             "chatCompletions: {enabled: false}}}"},
                 "gateway.http.endpoints.models.enabled, gateway.http.endpoints.embeddings.enabled, "
                 "gateway.http.endpoints.chatCompletions.enabled");
  EXPECT_EQ(status_of("/v1/models", gateway.token()), 404);
  EXPECT_EQ(gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi")).status, 404);
  EXPECT_EQ(gateway.post("/v1/embeddings", R"({"model":"OmeniaClaw","input":"hi"})").status, 404);
}

TEST_F(Reload, OfAHeaderOfEveryAnswer) {
  start_with({});
  EXPECT_EQ(gateway.get("/v1/models").header("Strict-Transport-Security"), "");
  expect_applied({.gateway = "http: {securityHeaders: {strictTransportSecurity: 'max-age=60'}}"},
                 "gateway.http.securityHeaders.strictTransportSecurity");
  EXPECT_EQ(gateway.get("/v1/models").header("Strict-Transport-Security"), "max-age=60");
}

TEST_F(Reload, OfTheAllowedOrigins) {
  const std::string origin = "Origin: https://ui.example\r\n";
  start_with({});
  WsClient before(gateway.port(), "/", origin);
  const Json refused = before.connect(gateway.backend());
  EXPECT_THAT(refused.dump(), HasSubstr("origin not allowed"));
  expect_applied({.gateway = "controlUi: {allowedOrigins: ['https://ui.example']}"},
                 "gateway.controlUi.allowedOrigins");
  WsClient after(gateway.port(), "/", origin);
  const Json hello = after.connect(gateway.backend());
  EXPECT_THAT(hello.dump(), testing::Not(HasSubstr("origin not allowed")));
}

TEST_F(Reload, OfTheModel) {
  start_with({.root = "agents: {defaults: {model: 'builtin/echo'}}"});
  EXPECT_EQ(gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi")).status, 200);
  EXPECT_EQ(mock.requests().size(), 0u);
  expect_applied({.root = "agents: {defaults: {model: 'mock/mock-1'}}"}, "agents.defaults.model");
  EXPECT_EQ(gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi")).status, 200);
  EXPECT_EQ(mock.requests().size(), 1u);
}

TEST_F(Reload, OfAProviderDoesNotTouchARunThatHasBegun) {
  MockUpstream other;
  start_with({.root = "agents: {defaults: {model: 'mock/mock-gated'}}"});
  auto client = gateway.client();
  client.call("chat.send", message("agent:main:one", "first"));
  ASSERT_TRUE(mock.wait_for_requests(1));
  std::string text = text_of({.root = "agents: {defaults: {model: 'mock/mock-gated'}}"});
  const std::string port = ":" + std::to_string(mock.port()) + "/";
  text.replace(text.find(port), port.size(), ":" + std::to_string(other.port()) + "/");
  gateway.instance().write_config(text);
  EXPECT_TRUE(logs("config hot reload applied (models.providers.mock.baseUrl)"));
  other.open_gate();
  client.call("chat.send", message("agent:main:two", "second"));
  EXPECT_EQ(client.find(ends_chat)["payload"]["runId"].text(), "second");
  EXPECT_EQ(other.requests().size(), 1u);
  mock.open_gate();
  const Json first = client.find(ends_chat);
  EXPECT_EQ(first["payload"]["runId"].text(), "first");
  EXPECT_EQ(first["payload"]["state"].text(), "final");
}

// An address of this machine is asked over connections of our own, a name through libcurl.
TEST_F(Reload, OfTheNameOfAServer) {
  const Edit edit{.root = "agents: {defaults: {model: 'mock/mock-1'}}"};
  start_with(edit);
  EXPECT_EQ(gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi")).status, 200);
  std::string text = text_of(edit);
  const std::string address = "http://127.0.0.1:" + std::to_string(mock.port());
  text.replace(text.find(address), address.size(), "http://localhost:" + std::to_string(mock.port()));
  gateway.instance().write_config(text);
  EXPECT_TRUE(logs("config hot reload applied (models.providers.mock.baseUrl)"));
  const HttpAnswer answer = gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi"));
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("Hello from the mock model."));
  EXPECT_EQ(mock.requests().size(), 2u);
}

TEST_F(Reload, OfHowManyRunAtOnceLetsTheWaitingOneGo) {
  const auto at_once = [](int number) {
    return "agents: {defaults: {model: 'mock/mock-gated', maxConcurrent: " + std::to_string(number) + "}}";
  };
  start_with({.root = at_once(1)});
  auto client = gateway.client();
  client.call("chat.send", message("agent:main:one", "first"));
  client.call("chat.send", message("agent:main:two", "second"));
  ASSERT_TRUE(mock.wait_for_requests(1));
  client.call("health");
  EXPECT_EQ(mock.requests().size(), 1u);
  expect_applied({.root = at_once(2)}, "agents.defaults.maxConcurrent");
  EXPECT_TRUE(mock.wait_for_requests(2));
}

TEST_F(Reload, OfTheLongestRun) {
  start_with({.root = "agents: {defaults: {model: 'mock/mock-gated'}}"});
  expect_applied({.root = "agents: {defaults: {model: 'mock/mock-gated', timeoutSeconds: 1}}"},
                 "agents.defaults.timeoutSeconds");
  auto client = gateway.client();
  client.call("chat.send", message("agent:main:one", "first"));
  EXPECT_NE(client.find(ends_chat)["payload"]["state"].text(), "final");
}

TEST_F(Reload, OfTheAgents) {
  start_with({});
  EXPECT_EQ(status_of("/v1/models/OmeniaClaw%2Fzoe", gateway.token()), 404);
  expect_applied({.root = "agents: {entries: {zoe: {name: 'Zoe'}, main: {}}}"}, "agents.entries.zoe.name");
  EXPECT_EQ(status_of("/v1/models/OmeniaClaw%2Fzoe", gateway.token()), 200);
  auto client = gateway.client();
  const Json agents = client.call("agents.list");
  EXPECT_EQ(agents["payload"]["defaultId"].text(), "zoe") << agents.dump();
  expect_applied(
      {.root = "agents: {defaults: {systemAgent: {agentId: 'main'}}, entries: {zoe: {name: 'Zoe'}, main: {}}}"},
      "agents.defaults.systemAgent.agentId");
  const Json again = client.call("agents.list");
  EXPECT_EQ(again["payload"]["defaultId"].text(), "main") << again.dump();
}

TEST_F(Reload, OfEmbeddings) {
  start_with({});
  EXPECT_EQ(gateway.post("/v1/embeddings", R"({"model":"OmeniaClaw","input":"hi"})").status, 200);
  EXPECT_EQ(mock.requests().size(), 0u);
  expect_applied({.root = "memory: {search: {provider: 'mock', model: 'mock-embed'}}"},
                 "memory.search.provider, memory.search.model");
  gateway.post("/v1/embeddings", R"({"model":"OmeniaClaw","input":"hi"})");
  EXPECT_EQ(mock.requests().size(), 1u);
}

TEST_F(Reload, OfTheScopeOfSessionsIsToldToNewClients) {
  start_with({});
  expect_applied({.root = "session: {scope: 'global'}"}, "session.scope");
  WsClient client(gateway.port());
  const Json hello = client.connect(gateway.backend());
  EXPECT_THAT(hello.dump(), HasSubstr(R"("scope":"global")"));
}

TEST_F(Reload, OfTheLogsLevel) {
  start_with({});
  change_to({.logging = "level: 'silent'"});
  EXPECT_TRUE(gateway.process().says("config hot reload applied (logging.level)"));
  change_to({.root = "session: {scope: 'global'}", .logging = "level: 'silent'"});
  EXPECT_TRUE(gateway.process().says("config hot reload applied (session.scope)")) << "the terminal still speaks";
  EXPECT_EQ(count("config change detected; evaluating reload (session.scope)"), 0u) << "the file does not";
}

TEST_F(Reload, OfTheTerminalsLevelAndStyle) {
  start_with({});
  expect_applied({.logging = "consoleStyle: 'json'"}, "logging.consoleStyle");
  EXPECT_TRUE(gateway.process().says("\"message\":\"config hot reload applied (logging.consoleStyle)\""));
  expect_applied({.logging = "consoleLevel: 'silent', consoleStyle: 'json'"}, "logging.consoleLevel");
  EXPECT_THAT(gateway.process().output(), testing::Not(HasSubstr("applied (logging.consoleLevel)")));
}

TEST_F(Reload, OfTheSizeAtWhichTheLogIsRotated) {
  start_with({});
  expect_applied({.logging = "maxFileBytes: 10000"}, "logging.maxFileBytes");
  std::string mistakes;
  for (int i = 0; i < 100; ++i) mistakes += "aKeyThatNobodyKnows" + std::to_string(i) + ": 1, ";
  change_to({.root = mistakes, .logging = "maxFileBytes: 10000"});
  EXPECT_TRUE(eventually([&] { return !read_file(log_path() + ".1").empty(); }));
}

}  // namespace
}  // namespace omenia::test
