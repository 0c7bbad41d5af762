// POST /tools/invoke: a tool by its name, for who may use it, and the same word for what is not there and what is
// denied.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

constexpr const char* path = "/tools/invoke";

std::string refusal_text(std::string_view type, std::string_view message) {
  JsonWriter body;
  body.begin_object().member("ok", false).key("error").begin_object();
  return body.member("type", type).member("message", message).end_object().end_object().take();
}

class ToolsInvoke : public FlowNotStarted {
 protected:
  // `more` are members of gateway, `root` of the document, both starting with a comma; agents main and second.
  void start(const std::string& more = {}, const std::string& root = {}, const std::string& auth = {}) {
    gateway.instance().write_config("{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) + ", auth: {" +
                                    (auth.empty() ? "mode: 'token', token: '" + gateway.token() + "'" : auth) + "}" +
                                    more +
                                    "}, agents: {entries: {main: {}, second: {name: 'Two'}}}, logging: {file: '" +
                                    gateway.instance().log_path() + "'}" + root + "}");
    ASSERT_TRUE(gateway.start());
  }
  HttpAnswer invoke(const std::string& body, const std::string& headers = {}) {
    return gateway.post(path, body, headers);
  }
  void expect_absent(const std::string& tool, const std::string& headers = {}) {
    const HttpAnswer answer = invoke(one_member("name", tool), headers);
    EXPECT_EQ(answer.status, 404) << tool;
    EXPECT_EQ(answer.body, refusal_text("not_found", "Tool not available: " + tool));
  }
};

TEST_F(ToolsInvoke, AnswersWithTheToolsResult) {
  start();
  const HttpAnswer answer = invoke(R"({"tool":"agents_list","action":"json","args":{}})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("Content-Type"), "application/json; charset=utf-8");
  const Json body = answer.json();
  EXPECT_TRUE(body["ok"].boolean());
  const JsonView result = body["result"];
  EXPECT_EQ(result["content"].at(0)["type"].text(), "text");
  const auto shown = Json::parse(result["content"].at(0)["text"].text());
  ASSERT_TRUE(shown.ok());
  EXPECT_TRUE(shown.value().view() == result["details"]);
  EXPECT_EQ(result["details"]["requester"].text(), "main");
  EXPECT_EQ(result["details"]["agents"].at(1)["id"].text(), "second");
}

TEST_F(ToolsInvoke, ReadsWhatWasSaid) {
  start();
  gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "remember me", R"(,"user":"ann")"));
  const std::string key = "agent:main:openai-user:ann";
  const HttpAnswer listed = invoke(R"({"name":"sessions_list"})");
  EXPECT_THAT(listed.body, HasSubstr(key));
  const HttpAnswer history = invoke(R"({"name":"sessions_history","args":{"sessionKey":")" + key + "\"}}");
  EXPECT_EQ(history.status, 200) << history.body;
  EXPECT_THAT(history.body, HasSubstr("remember me"));
  const HttpAnswer status = invoke(R"({"name":"session_status","sessionKey":")" + key + "\"}");
  EXPECT_EQ(status.json()["result"]["details"]["sessionKey"].text(), key);
}

TEST_F(ToolsInvoke, TakesTheSessionsAgent) {
  start();
  const auto requester = [this](const std::string& body) {
    const HttpAnswer answer = invoke(body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return std::string(answer.json()["result"]["details"]["requester"].text());
  };
  EXPECT_EQ(requester(R"({"name":"agents_list","agentId":"second"})"), "second");
  EXPECT_EQ(requester(R"({"name":"agents_list","agentId":"second","sessionKey":"main"})"), "second");
  EXPECT_EQ(requester(R"({"name":"agents_list","sessionKey":"agent:second:thread"})"), "second");
  EXPECT_EQ(requester(R"({"name":"agents_list","sessionKey":"thread"})"), "main");
  EXPECT_EQ(requester(R"({"name":"agents_list","tool":"exec","idempotencyKey":"k","dryRun":true})"), "main");
  const auto refused = [this](const std::string& body) {
    const HttpAnswer answer = invoke(body);
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.json()["error"]["type"].text(), "invalid_request");
    return std::string(answer.json()["error"]["message"].text());
  };
  EXPECT_EQ(refused(R"({"name":"agents_list","agentId":"ghost"})"), "Unknown agent id \"ghost\"");
  EXPECT_EQ(refused(R"({"name":"agents_list","sessionKey":"agent:ghost:x"})"), "Unknown agent id \"ghost\"");
  EXPECT_THAT(refused(R"({"name":"agents_list","agentId":"main","sessionKey":"agent:second:x"})"),
              HasSubstr("does not match"));
  EXPECT_THAT(refused(R"({"name":"agents_list","sessionKey":"agent:x"})"), HasSubstr("agent:<agentId>:<name>"));
}

TEST_F(ToolsInvoke, WithoutANameIsRefused) {
  start();
  for (const char* body : {"{}", "", "[]", "7", "\"agents_list\"", R"({"name":""})", R"({"name":7})"}) {
    const HttpAnswer answer = invoke(body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.body, refusal_text("invalid_request", "tools.invoke requires name")) << body;
  }
  const HttpAnswer broken = invoke("{bad");
  EXPECT_EQ(broken.status, 400);
  EXPECT_EQ(broken.json()["error"]["type"].text(), "invalid_request_error");
  EXPECT_FALSE(broken.json()["ok"]) << "a body that is no JSON is told as everywhere";
}

TEST_F(ToolsInvoke, TellsWhatTheToolDoesNotLike) {
  start();
  const auto told = [this](const std::string& body) {
    const HttpAnswer answer = invoke(body);
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.json()["error"]["type"].text(), "tool_error");
    return std::string(answer.json()["error"]["message"].text());
  };
  EXPECT_THAT(told(R"({"name":"sessions_history"})"), HasSubstr("must have required property 'sessionKey'"));
  EXPECT_THAT(told(R"({"name":"sessions_history","args":[1]})"), HasSubstr("must have required property"));
  EXPECT_EQ(told(R"({"name":"sessions_history","args":{"sessionKey":"nowhere"}})"), "Session not found: nowhere");
  EXPECT_THAT(told(R"({"name":"sessions_list","args":{"limit":1e400}})"), Not(HasSubstr("inf")));
}

TEST_F(ToolsInvoke, WantsTheTokenAndNoOtherMethod) {
  start();
  const HttpAnswer missing = http(gateway.port(), {.method = "POST", .target = path, .body = "{}"});
  EXPECT_EQ(missing.status, 401);
  EXPECT_EQ(missing.body, R"({"error":{"message":"Unauthorized","type":"unauthorized"}})");
  const HttpAnswer get = gateway.get(path);
  EXPECT_EQ(get.status, 405);
  EXPECT_EQ(get.header("Allow"), "POST");
}

TEST_F(ToolsInvoke, TakesSoMuchAndNoMore) {
  start();
  const std::string fits = R"({"name":"agents_list","note":")" + std::string(2'000'000, 'x') + "\"}";
  EXPECT_EQ(invoke(fits).status, 200);
  HttpClient client(gateway.port());
  client.send("POST /tools/invoke HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + gateway.token() +
              "\r\nContent-Length: 2097153\r\n\r\n");
  const HttpAnswer large = client.read();
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.json()["error"]["type"].text(), "invalid_request_error");
}

TEST_F(ToolsInvoke, HasOnlyWhatThePolicyLeaves) {
  start({}, ", tools: {profile: 'coding', deny: ['sessions_history']}");
  expect_absent("agents_list");
  expect_absent("sessions_history");
  expect_absent("exec");
  expect_absent("nothing of the kind");
  EXPECT_EQ(invoke(R"({"name":"sessions_list"})").status, 200);
  EXPECT_EQ(invoke(R"({"name":"SESSIONS_List"})").status, 200) << "names are matched in any letter case";
}

TEST_F(ToolsInvoke, HasWhatTheGatewaysListLeaves) {
  start(", tools: {deny: ['group:sessions']}");
  expect_absent("sessions_list");
  expect_absent("session_status");
  EXPECT_EQ(invoke(R"({"name":"agents_list"})").status, 200);
}

TEST_F(ToolsInvoke, FollowsAChangeOfThePolicyAtOnce) {
  start();
  EXPECT_EQ(invoke(R"({"name":"agents_list"})").status, 200);
  ChildProcess command =
      gateway.instance().command({"config", "set", "tools.deny", R"(["agents_list"])", "--strict-json"});
  ASSERT_EQ(command.wait(), 0) << command.errors();
  EXPECT_TRUE(eventually([this] { return invoke(R"({"name":"agents_list"})").status == 404; }));
}

TEST_F(ToolsInvoke, TakesTheScopeToWrite) {
  start({}, {}, "mode: 'none'");
  const std::string body = R"({"name":"agents_list"})";
  EXPECT_EQ(invoke(body).status, 200);
  EXPECT_EQ(invoke(body, "x-OmeniaClaw-scopes: operator.write\r\n").status, 200);
  const HttpAnswer refused = invoke(body, "x-OmeniaClaw-scopes: operator.read\r\n");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.json()["error"]["details"]["missingScope"].text(), "operator.write");
}

TEST_F(ToolsInvoke, OfClientsThatLeaveDisturbNobody) {
  start();
  for (int i = 0; i < 50; ++i) {
    HttpClient client(gateway.port());
    client.send(
        HttpRequest{.method = "POST", .target = path, .token = gateway.token(), .body = R"({"name":"sessions_list"})"}
            .text());
  }
  EXPECT_EQ(invoke(R"({"name":"sessions_list"})").status, 200);
}

}  // namespace
}  // namespace omenia::test
