// GET /sessions/{key}/history, whole and as a stream that stays, and POST /sessions/{key}/kill.
#include <signal.h>

#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class SessionsOverHttp : public Flow {
 protected:
  HttpAnswer history(const std::string& key, const std::string& query = {}, const std::string& headers = {}) {
    return http(gateway.port(),
                {.target = "/sessions/" + key + "/history" + query, .token = gateway.token(), .headers = headers});
  }
  HttpAnswer kill(const std::string& key, const std::string& query = {}) {
    return gateway.post("/sessions/" + key + "/kill" + query, "");
  }
  void talk(const std::string& text, const std::string& key = "main", const std::string& agent = "echo") {
    WsClient client = gateway.client();
    const Json sent = client.call("chat.send", message("agent:" + agent + ":" + key, text, text));
    ASSERT_TRUE(sent["ok"].boolean()) << sent.dump();
    ASSERT_TRUE(client.find(ends_chat)) << text;
  }
  static std::vector<std::string> texts(JsonView page) {
    std::vector<std::string> lines;
    for (JsonView item = page["messages"].first(); item; item = item.next())
      lines.push_back(std::string(item["role"].text()) + ": " + text_of(item));
    return lines;
  }

  std::unique_ptr<HttpClient> follow(const std::string& key, const std::string& query = {}) {
    auto client = std::make_unique<HttpClient>(gateway.port());
    client->send(HttpRequest{.target = "/sessions/" + key + "/history" + query,
                             .token = gateway.token(),
                             .headers = "Accept: text/event-stream\r\n"}
                     .text());
    const HttpAnswer head = client->read_head();
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.header("Content-Type"), "text/event-stream; charset=utf-8");
    EXPECT_EQ(head.header("Cache-Control"), "no-cache");
    EXPECT_EQ(client->read_block(), "retry: 1000");
    return client;
  }
  // The next event's data; nothing at the end of the stream.
  std::optional<Json> next(HttpClient& client, std::string& name) {
    while (auto block = client.read_block()) {
      if (!block->starts_with("event: ")) continue;
      const std::size_t line = block->find("\ndata: ");
      name = block->substr(7, line - 7);
      return Json::parse(block->substr(line + 7)).value();
    }
    return std::nullopt;
  }
  // Reads on until the text was told, as a message or with the history anew.
  bool is_told(HttpClient& client, const std::string& text) {
    std::string name;
    while (auto data = next(client, name))
      if (data->dump().find(text) != std::string::npos) return true;
    return false;
  }
};

TEST_F(SessionsOverHttp, TheNewestPageComesFirst) {
  talk("one");
  talk("two");
  const HttpAnswer answer = history("agent%3Aecho%3Amain");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("Content-Type"), "application/json; charset=utf-8");
  const Json all = answer.json();
  EXPECT_EQ(all["sessionKey"].text(), "agent:echo:main");
  EXPECT_THAT(texts(all), testing::ElementsAre("user: one", "assistant: one", "user: two", "assistant: two"));
  EXPECT_TRUE(all["items"] == all["messages"]);
  EXPECT_FALSE(all["hasMore"].boolean(true));
  EXPECT_FALSE(all["nextCursor"]);
  EXPECT_EQ(all["messages"].at(3)["__openclaw"]["seq"].integer(), 4);

  const Json newest = history("agent:echo:main", "?limit=3").json();
  EXPECT_THAT(texts(newest), testing::ElementsAre("assistant: one", "user: two", "assistant: two"));
  EXPECT_TRUE(newest["hasMore"].boolean());
  EXPECT_EQ(newest["nextCursor"].text(), "2");
  const Json rest = history("agent:echo:main", "?limit=3&cursor=2").json();
  EXPECT_THAT(texts(rest), testing::ElementsAre("user: one"));
  EXPECT_FALSE(rest["hasMore"].boolean(true));
}

TEST_F(SessionsOverHttp, KeysAreReadInShortAndEncoded) {
  talk("hello", "a thread/with 100%", "main");
  EXPECT_EQ(history("a%20thread%2Fwith%20100%25").status, 200);
  EXPECT_EQ(history("A%20Thread%2FWITH%20100%25").json()["sessionKey"].text(), "agent:main:a thread/with 100%");
  EXPECT_EQ(history("a+thread%2Fwith%20100%25").status, 404) << "a plus is a plus in a path";
  talk("hi", "main", "echo");
  EXPECT_EQ(history("main", "?agentId=echo").json()["sessionKey"].text(), "agent:echo:main");
}

TEST_F(SessionsOverHttp, WhatIsNotThereIsNotFound) {
  const HttpAnswer answer = history("agent:main:openai:x");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.body,
            R"({"ok":false,"error":{"type":"not_found","message":"Session not found: agent:main:openai:x"}})");
  EXPECT_EQ(kill("agent:main:openai:x").body, answer.body);
  for (const char* target : {"/sessions", "/sessions/", "/sessions/main", "/sessions//history", "/sessions/a/b/history",
                             "/sessions/main/history/", "/sessions/main/everything"})
    EXPECT_EQ(gateway.get(target).status, 404) << target;
}

TEST_F(SessionsOverHttp, NonsenseIsNamed) {
  talk("hello", "main", "main");
  const auto refused = [this](const std::string& key, const std::string& query) {
    const HttpAnswer answer = history(key, query);
    EXPECT_EQ(answer.status, 400) << key << query << ": " << answer.body;
    EXPECT_EQ(answer.json()["error"]["type"].text(), "invalid_request");
    return std::string(answer.json()["error"]["message"].text());
  };
  for (const char* value : {"0", "-1", "x", "1.5", "", "1x", "99999999999999999999", "+1", "%31x"}) {
    EXPECT_EQ(refused("main", std::string("?limit=") + value), "limit must be a positive integer") << value;
    EXPECT_EQ(refused("main", std::string("?cursor=") + value), "cursor must be a positive integer") << value;
  }
  for (const char* key : {"%00", "%zz", "%", "%0a", "agent:x", "%ff", "%20"})
    EXPECT_EQ(refused(key, ""), "invalid session key") << key;
  EXPECT_EQ(refused(std::string(600, 'k'), ""), "invalid session key");
  EXPECT_EQ(refused("agent:main:main", "?agentId=echo"), "invalid session key");
  EXPECT_EQ(history("main", "?limit=1000000&unknown=1").status, 200) << "it is as much as there may be";
  EXPECT_EQ(history("main", "?cursor=9007199254740993").status, 200);
}

TEST_F(SessionsOverHttp, WantTheToken) {
  talk("hello", "main", "main");
  EXPECT_EQ(http(gateway.port(), {.target = "/sessions/main/history"}).status, 401);
  EXPECT_EQ(http(gateway.port(), {.method = "POST", .target = "/sessions/main/kill"}).status, 401);
  EXPECT_EQ(gateway.post("/sessions/main/history", "").status, 405);
  const HttpAnswer get = gateway.get("/sessions/main/kill");
  EXPECT_EQ(get.status, 405);
  EXPECT_EQ(get.header("Allow"), "POST");
}

TEST_F(SessionsOverHttp, AStreamTellsTheHistoryAndWhatComes) {
  talk("before");
  auto client = follow("agent:echo:main", "?limit=1");
  std::string name;
  const auto first = next(*client, name);
  ASSERT_TRUE(first);
  EXPECT_EQ(name, "history");
  EXPECT_THAT(texts(*first), testing::ElementsAre("assistant: before"));
  EXPECT_TRUE((*first)["hasMore"].boolean());
  talk("elsewhere", "other");
  talk("after");
  EXPECT_TRUE(is_told(*client, "after"));
  talk("later");
  // By now it follows: messages come one by one.
  std::vector<std::string> told;
  while (told.size() < 2) {
    const auto data = next(*client, name);
    ASSERT_TRUE(data);
    ASSERT_EQ(data->dump().find("elsewhere"), std::string::npos);
    if (name != "message" || text_of((*data)["message"]) != "later") continue;
    EXPECT_EQ((*data)["sessionKey"].text(), "agent:echo:main");
    EXPECT_TRUE((*data)["messageSeq"].is_integer());
    EXPECT_FALSE((*data)["messageId"].text().empty());
    told.emplace_back((*data)["message"]["role"].text());
  }
  EXPECT_THAT(told, testing::ElementsAre("user", "assistant"));
}

TEST_F(SessionsOverHttp, OnlyWhoAsksForAStreamGetsOne) {
  talk("hello", "main", "main");
  for (const char* accept : {"*/*", "text/*", "application/json, */*", "text/event-streams"})
    EXPECT_EQ(history("main", "", std::string("Accept: ") + accept + "\r\n").header("Content-Type"),
              "application/json; charset=utf-8")
        << accept;
  HttpClient client(gateway.port());
  client.send(HttpRequest{.target = "/sessions/main/history",
                          .token = gateway.token(),
                          .headers = "Accept: application/json;q=0.5, TEXT/Event-Stream;q=1\r\n"}
                  .text());
  EXPECT_EQ(client.read_head().header("Content-Type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(history("nowhere", "", "Accept: text/event-stream\r\n").status, 404);
}

TEST_F(SessionsOverHttp, AStreamTellsAResetSessionAnewAndEndsWithADeletedOne) {
  talk("before", "thread");
  auto client = follow("agent:echo:thread");
  std::string name;
  ASSERT_TRUE(next(*client, name));
  WsClient operator_ = gateway.client();
  ASSERT_TRUE(operator_.call("sessions.reset", R"({"key":"agent:echo:thread"})")["ok"].boolean());
  const auto anew = next(*client, name);
  ASSERT_TRUE(anew);
  EXPECT_EQ(name, "history");
  EXPECT_EQ((*anew)["messages"].size(), 0u) << anew->dump();
  ASSERT_TRUE(operator_.call("sessions.delete", R"({"key":"agent:echo:thread"})")["ok"].boolean());
  EXPECT_FALSE(next(*client, name)) << "the stream has ended";
}

TEST_F(SessionsOverHttp, AStreamEndsWhenItsTokenIsNoMoreTheRightOne) {
  talk("before");
  auto client = follow("agent:echo:main");
  std::string name;
  ASSERT_TRUE(next(*client, name));
  ChildProcess command = gateway.instance().command(
      {"config", "set", "gateway.auth.token", "\"another-token-of-this-gateway\"", "--strict-json"});
  ASSERT_EQ(command.wait(), 0) << command.errors();
  Identity identity = gateway.backend();
  identity.token = "another-token-of-this-gateway";
  ASSERT_TRUE(eventually([&] {
    WsClient probe(gateway.port());
    return probe.connect(identity)["ok"].boolean();
  }));
  WsClient sender = connected(gateway.port(), identity);
  ASSERT_TRUE(sender.call("chat.send", message("agent:echo:main", "k-2", "a secret"))["ok"].boolean());
  ASSERT_TRUE(sender.find(ends_chat));
  EXPECT_FALSE(is_told(*client, "a secret"));
}

TEST_F(SessionsOverHttp, AStreamEndsWhenTheWorkerLeaves) {
  talk("before");
  auto client = follow("agent:echo:main");
  std::string name;
  ASSERT_TRUE(next(*client, name));
  const pid_t before = gateway.worker_pid();
  gateway.process().signal(SIGUSR1);
  EXPECT_FALSE(next(*client, name)) << "the end of the stream, not of the patience";
  EXPECT_TRUE(eventually([&] { return gateway.worker_pid() != before && gateway.wait_ready(); }));
  auto again = follow("agent:echo:main");
  ASSERT_TRUE(next(*again, name));
  talk("after");
  EXPECT_TRUE(is_told(*again, "after"));
}

TEST_F(SessionsOverHttp, ClientsThatLeaveTheirStreamsAreForgotten) {
  talk("before");
  std::string name;
  for (int i = 0; i < 20; ++i) {
    auto client = follow("agent:echo:main");
    ASSERT_TRUE(next(*client, name));
  }
  talk("after");
  EXPECT_EQ(gateway.stop(), 0) << "nobody is waited for";
}

TEST_F(SessionsOverHttp, KillStopsWhatRuns) {
  WsClient client = gateway.client();
  ASSERT_TRUE(client.call("chat.send", message("agent:gated:main", "k-1"))["ok"].boolean());
  ASSERT_TRUE(mock.wait_for_requests(1));
  mock.release(2);
  ASSERT_TRUE(client.find([](JsonView frame) { return is_chat(frame, "delta"); }));
  const HttpAnswer killed = kill("agent:gated:main");
  EXPECT_EQ(killed.status, 200);
  EXPECT_EQ(killed.body, R"({"ok":true,"killed":true})");
  EXPECT_TRUE(client.find([](JsonView frame) { return is_chat(frame, "aborted"); }));
  EXPECT_EQ(kill("main", "?agentId=gated").body, R"({"ok":true,"killed":false})");
}

TEST_F(FlowNotStarted, KillTakesTheScopeOfAnAdministrator) {
  gateway.instance().write_config("{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) +
                                  ", auth: {mode: 'none'}}}");
  ASSERT_TRUE(gateway.start());
  gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi", R"(,"user":"ann")"));
  const std::string session = "/sessions/openai-user:ann";
  const auto with = [](const std::string& scopes) { return "x-OmeniaClaw-scopes: " + scopes + "\r\n"; };
  const HttpAnswer refused = gateway.post(session + "/kill", "", with("operator.write"));
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.json()["error"]["details"]["missingScope"].text(), "operator.admin");
  EXPECT_EQ(gateway.post(session + "/kill", "", with("operator.admin")).status, 200);
  EXPECT_EQ(http(gateway.port(), {.target = session + "/history", .headers = with("operator.read")}).status, 200);
  EXPECT_EQ(http(gateway.port(), {.target = session + "/history", .headers = with("")}).status, 403);
}

}  // namespace
}  // namespace omenia::test
