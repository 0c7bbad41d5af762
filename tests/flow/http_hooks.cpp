// Webhooks: who may send them, what they do, what a repeated one does, and what their sender is told.
#include "tests/flow/hooks_flow.h"

namespace omenia::test {
namespace {

TEST_F(Hooks, AreOffByDefault) {
  gateway.instance().configure();
  ASSERT_TRUE(gateway.start());
  EXPECT_EQ(send("/hooks/wake", R"({"text":"x"})").status, 404);
}

TEST_F(Hooks, WantTheirOwnToken) {
  start();
  const std::string body = R"({"text":"hello","mode":"next-heartbeat"})";
  EXPECT_EQ(send("/hooks/wake", body).status, 200);
  EXPECT_EQ(send("/hooks/wake", body, "x-omeniaclaw-token: the-token-of-hooks\r\n", "").status, 200);
  for (const std::string& token : {std::string(), std::string("wrong"), gateway.token()}) {
    const HttpAnswer answer = send("/hooks/wake", body, {}, token);
    EXPECT_EQ(answer.status, 401) << token;
    EXPECT_EQ(answer.body, "Unauthorized");
    EXPECT_EQ(answer.header("Content-Type"), "text/plain; charset=utf-8");
  }
  EXPECT_EQ(send("/hooks/wake", body, "x-omeniaclaw-token: the-token-of-hooks\r\n", "wrong").status, 401)
      << "a bearer comes first";
}

TEST_F(Hooks, TakeNoTokenFromTheQuery) {
  start();
  for (const std::string target : {"/hooks/wake?token=abc", "/hooks/wake?a=1&token=the-token-of-hooks",
                                   "/hooks/wake?t%6Fken=x", "/hooks/wake?token"}) {
    const HttpAnswer answer = send(target, R"({"text":"x"})");
    EXPECT_EQ(answer.status, 400) << target;
    EXPECT_EQ(answer.body,
              "Hook token must be provided via Authorization: Bearer <token> or X-OmeniaClaw-Token header (query "
              "parameters are not allowed).");
  }
}

TEST_F(Hooks, AreOfOneMethodAndHaveAName) {
  start();
  const HttpAnswer get = http(gateway.port(), {.target = "/hooks/wake", .token = hook_token});
  EXPECT_EQ(get.status, 405);
  EXPECT_EQ(get.header("Allow"), "POST");
  EXPECT_EQ(get.body, R"({"ok":false,"error":"Method Not Allowed"})");
  for (const char* target : {"/hooks", "/hooks/", "/hooks/nothing", "/hooks/wake/", "/hooks/agent/x"}) {
    const HttpAnswer answer = send(target, "{}");
    EXPECT_EQ(answer.status, 404) << target;
    EXPECT_EQ(answer.body, R"({"ok":false,"error":"Not Found"})") << target;
  }
  EXPECT_EQ(send("/hooksx", "{}").status, 404);
}

TEST_F(Hooks, LockOutWhoGuesses) {
  start();
  const std::string body = R"({"text":"x","mode":"next-heartbeat"})";
  for (int i = 0; i < 20; ++i) ASSERT_EQ(send("/hooks/wake", body, {}, i % 2 == 0 ? "wrong" : "").status, 401) << i;
  const HttpAnswer throttled = send("/hooks/wake", body, {}, "wrong");
  EXPECT_EQ(throttled.status, 429);
  EXPECT_EQ(throttled.body, "Too Many Requests");
  EXPECT_GT(std::atoi(throttled.header("Retry-After").c_str()), 0);
  EXPECT_EQ(gateway.get("/v1/models").status, 200) << "operators are counted for themselves";
  EXPECT_EQ(send("/hooks/wake", body).status, 200) << "the right token is taken";
  EXPECT_EQ(send("/hooks/wake", body, {}, "wrong").status, 429) << "and ends the lock for nobody";
}

TEST_F(Hooks, ReadNoBodyOfStrangers) {
  start();
  HttpClient client(gateway.port());
  client.send("POST /hooks/wake HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n{");
  EXPECT_EQ(client.read().status, 401);
  HttpClient known(gateway.port());
  known.send(std::string("POST /hooks/wake HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ") + hook_token +
             "\r\nContent-Length: 262145\r\n\r\n{");
  const HttpAnswer large = known.read();
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.body, R"({"ok":false,"error":"Payload too large"})");
}

TEST_F(Hooks, ThatAreNoJsonAreRefused) {
  start();
  for (const char* target : {"/hooks/wake", "/hooks/agent", "/hooks/anything"}) {
    EXPECT_FALSE(refusal(target, "{bad").empty());
    EXPECT_EQ(refusal(target, "[1]"), "payload must be a JSON object");
  }
}

TEST_F(Hooks, WakeTheMainSessionAtOnce) {
  start();
  const HttpAnswer answer = send("/hooks/wake", R"({"text":"the door bell rings"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"ok":true,"mode":"now","eventOutcome":"queued"})");
  ASSERT_TRUE(mock.wait_for_requests(1));
  EXPECT_THAT(heard()[0], AllOf(HasSubstr("\"the door bell rings\""), HasSubstr("from outside, webhook")));
}

TEST_F(Hooks, WaitForTheNextTurnWhenTheyAreTold) {
  start();
  const std::string body = R"({"text":"the door bell rings","mode":"next-heartbeat"})";
  EXPECT_EQ(send("/hooks/wake", body).body, R"({"ok":true,"mode":"next-heartbeat","eventOutcome":"queued"})");
  EXPECT_EQ(send("/hooks/wake", body).body, R"({"ok":true,"mode":"next-heartbeat","eventOutcome":"coalesced"})");
  EXPECT_EQ(send("/hooks/wake", R"({"text":"for another","mode":"next-heartbeat","agentId":"echo"})").status, 200);
  EXPECT_TRUE(gateway.kill_worker()) << "what was acknowledged survives";
  WsClient client = gateway.client();
  ASSERT_TRUE(client.call("chat.send", message("main", "k-1", "good morning"))["ok"].boolean());
  ASSERT_TRUE(client.find(ends_chat));
  ASSERT_EQ(heard().size(), 1u);
  EXPECT_THAT(heard()[0],
              AllOf(HasSubstr("the door bell rings"), HasSubstr("good morning"), Not(HasSubstr("for another"))));
}

TEST_F(Hooks, NameWhatIsWrongWithAWake) {
  start();
  EXPECT_EQ(refusal("/hooks/wake", "{}"), "text required");
  EXPECT_EQ(refusal("/hooks/wake", ""), "text required");
  EXPECT_EQ(refusal("/hooks/wake", R"({"text":"  "})"), "text required");
  EXPECT_EQ(refusal("/hooks/wake", R"({"text":7})"), "text must be a string");
  EXPECT_EQ(refusal("/hooks/wake", R"({"text":"x","agentId":"ghost"})"), "unknown agentId \"ghost\"");
  EXPECT_THAT(refusal("/hooks/wake", R"({"text":"x","sessionKey":"hook:a"})"), StartsWith("sessionKey is disabled"));
  EXPECT_THAT(refusal("/hooks/wake", R"({"text":"x","sessionKey":"hook:a","mode":"next-heartbeat"})"),
              HasSubstr("mode now"));
  EXPECT_THAT(refusal("/hooks/wake", "{\"text\":\"" + std::string(20'000, 'x') + "\"}"), HasSubstr("longer than"));
}

TEST_F(Hooks, RunAnAgentInASessionOfItsOwn) {
  start();
  const std::string run_id = run_id_of(agent(R"({"message":"do it","name":"Mail\nman","deliver":false})"));
  EXPECT_EQ(run_id.size(), 36u);
  ASSERT_TRUE(mock.wait_for_requests(1));
  EXPECT_THAT(heard()[0], AllOf(HasSubstr("from outside has come by webhook, from \"Mail\\nman\""),
                                HasSubstr("\ndo it\n"), HasSubstr("not a request of the person")));
  EXPECT_THAT(session_of(run_id), HasSubstr("agent:main:hook:"));
}

TEST_F(Hooks, WaitForTheEndWhenTheyAreAsked) {
  start();
  const HttpAnswer answer = agent(R"({"message":"do it","waitForCompletion":true})");
  EXPECT_EQ(answer.status, 200);
  const std::string run_id(answer.json()["runId"].text());
  EXPECT_EQ(answer.body, R"({"ok":true,"runId":")" + run_id +
                             R"(","completion":{"status":"ok","replyDisposition":"visible","delivered":false,)"
                             R"("deliveryAttempted":false}})");
  const HttpAnswer failed = agent(R"({"message":"do it","waitForCompletion":true,"agentId":"broken"})");
  EXPECT_EQ(failed.status, 200) << "it had begun";
  EXPECT_EQ(failed.json()["completion"]["status"].text(), "error");
  EXPECT_EQ(failed.json()["completion"]["replyDisposition"].text(), "empty");
}

TEST_F(Hooks, NameWhatIsWrongWithARun) {
  start(", allowedAgentIds: ['main']");
  EXPECT_EQ(refusal("/hooks/agent", "{}"), "message required");
  EXPECT_EQ(refusal("/hooks/agent", R"({"message":" "})"), "message required");
  EXPECT_EQ(refusal("/hooks/agent", R"({"message":"x","agentId":"ghost"})"), "unknown agentId \"ghost\"");
  EXPECT_EQ(refusal("/hooks/agent", R"({"message":"x","agentId":"echo"})"),
            "agentId \"echo\" is not allowed by hooks.allowedAgentIds");
  EXPECT_EQ(refusal("/hooks/agent", R"({"message":"x","waitForCompletion":"yes"})"),
            "waitForCompletion must be a boolean");
  EXPECT_EQ(refusal("/hooks/agent", R"({"message":"x","timeoutSeconds":-1})"),
            "timeoutSeconds must be an integer from 0 to 172800");
  EXPECT_EQ(refusal("/hooks/agent", R"({"message":"x","sessionMode":"shared"})"),
            "sessionMode must be isolated or persistent");
  EXPECT_EQ(refusal("/hooks/agent", R"({"message":"x","channel":"telegram","to":"7"})"), "channel must be last");
  EXPECT_EQ(refusal("/hooks/agent", R"({"message":"x","sessionKey":"hook:a"})"),
            "sessionKey is disabled for externally supplied hook payload values; set hooks.allowRequestSessionKey=true "
            "to enable");
  EXPECT_EQ(refusal("/hooks/agent", R"({"message":"x","sessionMode":"persistent"})"),
            "sessionKey is required when sessionMode is persistent");
  EXPECT_THAT(refusal("/hooks/agent", R"({"message":"x","idempotencyKey":")" + std::string(257, 'k') + "\"}"),
              StartsWith("idempotencyKey is longer"));
  EXPECT_TRUE(mock.requests().empty());
}

TEST_F(Hooks, TellWhenAModelDoesNotExist) {
  start();
  const HttpAnswer answer = agent(R"({"message":"x","model":"nobody/nothing","deliver":false})");
  EXPECT_EQ(answer.status, 502);
  EXPECT_THAT(answer.body,
              StartsWith(R"({"ok":false,"error":"hook agent run failed before entering the agent runner","runId":")"));
}

TEST_F(Hooks, ChooseASessionWhereTheOperatorLetsThem) {
  start(", allowRequestSessionKey: true, allowedSessionKeyPrefixes: ['hook:', 'Agent:echo:mail:']");
  const auto session = [this](const std::string& key, const std::string& more = {}) {
    const std::string run_id = run_id_of(agent(R"({"message":"x","sessionKey":")" + key + "\"" + more + "}"));
    return session_of(run_id);
  };
  EXPECT_THAT(session("Hook:Mail"), HasSubstr("\"agent:main:hook:mail\""));
  EXPECT_THAT(session("agent:echo:hook:x"), HasSubstr("\"agent:echo:hook:x\""));
  EXPECT_THAT(session("hook:x", R"(,"agentId":"echo")"), HasSubstr("\"agent:echo:hook:x\""));
  EXPECT_THAT(session("agent:echo:mail:1"), HasSubstr("\"agent:echo:mail:1\""));
  const auto refused = [this](const std::string& key, const std::string& more = {}) {
    return refusal("/hooks/agent", R"({"message":"x","sessionKey":")" + key + "\"" + more + "}");
  };
  for (const char* key : {"main", "agent:main:main", "agent:main:mail:1", "xhook:", " \\u0000", "agent:echo:x"})
    EXPECT_FALSE(refused(key).empty()) << key;
  EXPECT_THAT(refused("agent:ghost:hook:x"), HasSubstr("unknown agentId"));
  EXPECT_THAT(refused("agent:echo:hook:x", R"(,"agentId":"main")"), HasSubstr("belongs to agent"));
}

TEST_F(Hooks, AreNotLetIntoEverySessionByThePrefixOfAgents) {
  start(", allowRequestSessionKey: true, allowedSessionKeyPrefixes: ['agent', 'a']");
  for (const char* key : {"main", "agent:main:main"})
    EXPECT_FALSE(refusal("/hooks/agent", R"({"message":"x","sessionKey":")" + std::string(key) + "\"}").empty()) << key;
  EXPECT_EQ(agent(R"({"message":"x","sessionKey":"agent-42"})").status, 200);
}

TEST_F(Hooks, KeepWhatTheGatewayItselfNamesForItself) {
  start(", allowRequestSessionKey: true");
  for (const char* key : {"cron:x", "agent:main:subagent:x", "acp:x"})
    EXPECT_THAT(refusal("/hooks/agent", R"({"message":"x","sessionKey":")" + std::string(key) + "\"}"),
                HasSubstr("namespace"));
  EXPECT_THAT(refusal("/hooks/agent", R"({"message":"x","sessionKey":"a","sessionMode":"persistent"})"),
              StartsWith("hooks.allowedSessionKeyPrefixes is required"));
}

TEST_F(Hooks, RememberOnlyInAPersistentSession) {
  start(", allowRequestSessionKey: true, allowedSessionKeyPrefixes: ['hook:'], defaultSessionKey: 'hook:all'");
  const auto told = [this](const std::string& text, const std::string& more) {
    agent(R"({"message":")" + text + R"(","waitForCompletion":true)" + more + "}");
    return mock.requests().back().body;
  };
  told("remember me", R"(,"sessionKey":"hook:a")");
  EXPECT_THAT(told("again", R"(,"sessionKey":"hook:a")"), Not(HasSubstr("remember me")));
  EXPECT_THAT(told("again", R"(,"sessionKey":"hook:a","sessionMode":"persistent")"), HasSubstr("remember me"));
  told("again", "");
  const Json sessions = gateway.client().call("sessions.list");
  EXPECT_THAT(sessions.dump(), HasSubstr("agent:main:hook:all"));
}

TEST_F(Hooks, RepeatedWithAKeyAreOneRun) {
  start();
  const std::string body = R"({"message":"pay the bill","waitForCompletion":true})";
  const std::string header = "Idempotency-Key: bill-7\r\n";
  const HttpAnswer first = agent(body, header);
  const std::string run_id = run_id_of(first);
  EXPECT_EQ(agent(body, header).body, first.body);
  EXPECT_EQ(agent(body, "x-OmeniaClaw-idempotency-key: bill-7\r\n").body, first.body);
  EXPECT_EQ(agent(R"({"message":"pay the bill","waitForCompletion":true,"idempotencyKey":"bill-7"})").body, first.body);
  EXPECT_EQ(mock.requests().size(), 1u);
  ASSERT_TRUE(gateway.kill_worker());
  EXPECT_EQ(agent(body, header).body, first.body) << "the next worker knows it too";
  EXPECT_EQ(mock.requests().size(), 1u);
  EXPECT_NE(run_id_of(agent(body, "Idempotency-Key: bill-8\r\n")), run_id);
  EXPECT_NE(run_id_of(agent(R"({"message":"pay another bill","waitForCompletion":true})", header)), run_id)
      << "the key counts for what is asked";
  EXPECT_NE(run_id_of(agent(body)), run_id_of(agent(body))) << "without a key each is another one";
}

TEST_F(Hooks, RepeatedWhileTheFirstRunsAreOneRun) {
  start();
  const std::string body = R"({"message":"slowly","agentId":"gated","idempotencyKey":"k"})";
  const std::string run_id = run_id_of(agent(body));
  EXPECT_EQ(run_id_of(agent(body)), run_id);
  mock.open_gate();
  const HttpAnswer waited =
      agent(R"({"message":"slowly","agentId":"gated","idempotencyKey":"k","waitForCompletion":true})");
  EXPECT_EQ(waited.json()["runId"].text(), run_id);
  EXPECT_EQ(waited.json()["completion"]["status"].text(), "ok");
  EXPECT_EQ(mock.requests().size(), 1u);
}

TEST_F(Hooks, AreFollowedAtOnceWhenTheTokenChanges) {
  start();
  gateway.instance().write_config(document(", path: '/incoming'"));
  EXPECT_TRUE(
      eventually([this] { return send("/incoming/wake", R"({"text":"x","mode":"next-heartbeat"})").status == 200; }));
  EXPECT_EQ(send("/hooks/wake", R"({"text":"x"})").status, 404);
  EXPECT_EQ(http(gateway.port(), {.target = "/incoming/wake"}).body, R"({"ok":false,"error":"Method Not Allowed"})");
}

TEST_F(Hooks, ThatWereOnTheirWayWhenTheTokenChangedAreSentAgain) {
  start();
  HttpClient client(gateway.port());
  client.send(std::string("POST /hooks/wake HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ") + hook_token +
              "\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n");
  std::string received;
  ASSERT_EQ(client.socket().receive(received), Received::data) << "its head has been read with the first token";
  ASSERT_THAT(received, StartsWith("HTTP/1.1 100 "));
  std::string document_now = document("");
  document_now.replace(document_now.find(hook_token), std::string_view(hook_token).size(), "another-token-of-hooks");
  gateway.instance().write_config(document_now);
  EXPECT_TRUE(eventually([this] { return send("/hooks/nothing", "{}", {}, "another-token-of-hooks").status == 404; }));
  client.send(R"({"text":"x"})");
  const HttpAnswer answer = client.read();
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.body, R"({"ok":false,"error":"hook configuration changed; retry request"})");
}

TEST_F(Hooks, AreRefusedWhileTheGatewayLeaves) {
  start();
  // A run that does not end keeps the gateway from leaving.
  WsClient client = gateway.client();
  ASSERT_TRUE(client.call("chat.send", message("agent:gated:main", "k-1"))["ok"].boolean());
  ASSERT_TRUE(mock.wait_for_requests(1));
  HttpClient before(gateway.port());
  before.ask({.method = "POST", .target = "/hooks/nothing", .token = hook_token, .body = "{}"});
  gateway.process().signal(SIGTERM);
  EXPECT_TRUE(eventually([&] {
    const HttpAnswer answer =
        before.ask({.method = "POST", .target = "/hooks/nothing", .token = hook_token, .body = "{}"});
    return answer.status == 503 || answer.status == 0;
  }));
  mock.open_gate();
  EXPECT_EQ(gateway.process().wait(2 * wait_ms_max), 0);
}

}  // namespace
}  // namespace omenia::test
