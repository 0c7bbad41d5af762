// POST /api/v1/admin/rpc: methods of the control protocol for programs without a WebSocket. Off until it is wanted.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

constexpr const char* path = "/api/v1/admin/rpc";

class AdminRpc : public FlowNotStarted {
 protected:
  void start(const std::string& auth = {}, bool enabled = true) {
    gateway.instance().write_config(
        "{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) +
        ", trustedProxies: ['127.0.0.1'], auth: {" +
        (auth.empty() ? "mode: 'token', token: '" + gateway.token() + "'" : auth) +
        "}}, plugins: {entries: " + "{'admin-http-rpc': {enabled: " + (enabled ? "true" : "false") +
        "}}}, logging: {file: '" + gateway.instance().log_path() + "'}}");
    ASSERT_TRUE(gateway.start());
  }
  HttpAnswer ask(const std::string& body, const std::string& headers = {}) { return gateway.post(path, body, headers); }
  Json call(const std::string& method, const std::string& params = "{}") {
    const HttpAnswer answer = ask(R"({"id":"x1","method":")" + method + R"(","params":)" + params + "}");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    return answer.json();
  }
};

TEST_F(AdminRpc, IsOffByDefault) {
  gateway.instance().configure();
  ASSERT_TRUE(gateway.start());
  EXPECT_EQ(ask(R"({"method":"health"})").status, 404);
}

TEST_F(AdminRpc, IsSwitchedOnWithoutARestart) {
  start({}, false);
  EXPECT_EQ(ask(R"({"method":"health"})").status, 404);
  const pid_t worker = gateway.worker_pid();
  ChildProcess command =
      gateway.instance().command({"config", "set", "plugins.entries.admin-http-rpc.enabled", "true", "--strict-json"});
  ASSERT_EQ(command.wait(), 0) << command.errors();
  EXPECT_TRUE(eventually([this] { return ask(R"({"method":"health"})").status == 200; }));
  EXPECT_EQ(gateway.worker_pid(), worker);
}

TEST_F(AdminRpc, AnswersAsTheWebSocketDoes) {
  start();
  const HttpAnswer answer = ask(R"({"id":" c1 ","method":"agents.list"})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  const Json body = answer.json();
  EXPECT_EQ(body["id"].text(), "c1");
  EXPECT_TRUE(body["ok"].boolean());
  const Json over_wire = gateway.client().call("agents.list");
  EXPECT_TRUE(body["payload"] == over_wire["payload"]) << body.dump();
  EXPECT_EQ(call("health")["payload"]["ok"].boolean(), gateway.client().call("health")["payload"]["ok"].boolean());
}

TEST_F(AdminRpc, MakesAnIdForWhoGivesNone) {
  start();
  for (const char* id : {"", R"("id":"  ",)", R"("id":7,)", R"("id":null,)"}) {
    const Json body = ask(std::string("{") + id + R"("method":"health"})").json();
    EXPECT_EQ(body["id"].text().size(), 36u) << id;
  }
}

TEST_F(AdminRpc, ListsItsMethodsAndEachOfThemAnswers) {
  start();
  const Json list = call("commands.list");
  ASSERT_GT(list["payload"]["methods"].size(), 20u) << list.dump();
  for (JsonView name = list["payload"]["methods"].first(); name; name = name.next()) {
    const std::string method(name.text());
    const HttpAnswer answer = ask(R"({"method":")" + method + R"(","params":{"no such":1}})");
    EXPECT_TRUE(answer.status == 200 || answer.status == 400) << method << ": " << answer.status << answer.body;
    EXPECT_THAT(answer.body, Not(HasSubstr("unknown method"))) << method;
    EXPECT_THAT(answer.body, Not(HasSubstr("not supported"))) << method;
  }
}

TEST_F(AdminRpc, HasOnlyTheMethodsOfItsList) {
  start();
  for (const char* method : {"sessions.list", "chat.send", "agent", "connect", "node.invoke", "nonsense",
                             "secrets.reload", "HEALTH", "health.", "cron.add"}) {
    const HttpAnswer answer = ask(R"({"id":"x1","method":")" + std::string(method) + "\"}");
    EXPECT_EQ(answer.status, 400) << method;
    EXPECT_EQ(answer.body, R"({"id":"x1","ok":false,"error":{"code":"INVALID_REQUEST","message":)"
                           R"("admin HTTP RPC method is not supported: )" +
                               std::string(method) + "\"}}");
  }
}

TEST_F(AdminRpc, TellsWhatIsWrongWithAnEnvelope) {
  start();
  const auto refused = [this](const std::string& body) {
    const HttpAnswer answer = ask(body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.json()["error"]["type"].text(), "invalid_request");
    EXPECT_FALSE(answer.json()["id"]);
    return std::string(answer.json()["error"]["message"].text());
  };
  EXPECT_EQ(refused(""), "request body must be JSON");
  EXPECT_EQ(refused("{bad"), "request body must be valid JSON");
  EXPECT_EQ(refused(std::string(100'000, '[')), "request body must be valid JSON");
  EXPECT_EQ(refused("[]"), "request body must be an object");
  for (const char* body : {"{}", R"({"method":""})", R"({"method":"  "})", R"({"method":7})", R"({"method":null})"})
    EXPECT_EQ(refused(body), "method must be a non-empty string") << body;
}

TEST_F(AdminRpc, TellsWhatIsWrongWithParameters) {
  start();
  const HttpAnswer answer = ask(R"({"id":"x2","method":"config.schema.lookup","params":{}})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, R"({"id":"x2","ok":false,"error":{"code":"INVALID_REQUEST","message":)"
                         R"("invalid config.schema.lookup params: must have required property 'path'"}})");
  EXPECT_EQ(ask(R"({"method":"config.schema.lookup","params":[]})").status, 400);
}

TEST_F(AdminRpc, TakesTheScopeOfEachMethod) {
  start("mode: 'trusted-proxy', trustedProxy: {userHeader: 'X-Forwarded-User', allowLoopback: true}");
  const auto ann = [](const std::string& scopes) {
    return "X-Forwarded-User: ann@example.com\r\nX-Forwarded-For: 203.0.113.9\r\nx-OmeniaClaw-scopes: " + scopes +
           "\r\n";
  };
  const HttpAnswer refused = ask(R"({"method":"status"})", ann("operator.approvals"));
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.json()["error"]["code"].text(), "FORBIDDEN");
  EXPECT_EQ(refused.json()["error"]["details"]["missingScope"].text(), "operator.read");
  EXPECT_EQ(ask(R"({"method":"status"})", ann("operator.read")).status, 200);
  EXPECT_EQ(ask(R"({"method":"config.set","params":{"raw":"{}"}})", ann("operator.write")).status, 403);
  EXPECT_EQ(ask(R"({"method":"health"})", ann("")).status, 200) << "health is for everybody";
  EXPECT_EQ(ask(R"({"method":"status"})", "X-Forwarded-For: 203.0.113.9\r\n").status, 401) << "nobody is named";
}

TEST_F(AdminRpc, WantsTheToken) {
  start();
  EXPECT_EQ(http(gateway.port(), {.method = "POST", .target = path, .body = R"({"method":"health"})"}).status, 401);
  const HttpAnswer get = gateway.get(path);
  EXPECT_EQ(get.status, 405);
  EXPECT_EQ(get.header("Allow"), "POST");
  EXPECT_EQ(get.json()["error"]["type"].text(), "method_not_allowed");
}

TEST_F(AdminRpc, TakesSoMuchAndNoMore) {
  start();
  HttpClient client(gateway.port());
  client.send(std::string("POST ") + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + gateway.token() +
              "\r\nContent-Length: 1048577\r\n\r\n");
  const HttpAnswer large = client.read();
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.body, R"({"ok":false,"error":{"type":"invalid_request","message":"Payload too large"}})");
}

TEST_F(AdminRpc, RationsWritesLikeTheWebSocket) {
  start();
  const std::string write = R"({"method":"node.rename","params":{"nodeId":"nobody","displayName":"x"}})";
  for (int i = 0; i < 30; ++i) EXPECT_EQ(ask(write).status, 400);
  const HttpAnswer limited = ask(write);
  EXPECT_EQ(limited.status, 503);
  EXPECT_TRUE(limited.json()["error"]["retryable"].boolean());
  EXPECT_GT(limited.json()["error"]["retryAfterMs"].integer(), 0);
}

TEST_F(AdminRpc, ChangesTheConfiguration) {
  start();
  const Json before = call("config.get");
  const std::string hash(before["payload"]["hash"].text());
  ASSERT_FALSE(hash.empty());
  const Json patched = call("config.patch", R"({"raw":"{logging: {level: 'debug'}}","baseHash":")" + hash + "\"}");
  EXPECT_TRUE(patched["ok"].boolean()) << patched.dump();
  EXPECT_TRUE(eventually(
      [this] { return call("config.get")["payload"]["runtimeConfig"]["logging"]["level"].text() == "debug"; }));
}

}  // namespace
}  // namespace omenia::test
