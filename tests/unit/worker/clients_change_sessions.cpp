// Sessions over the control protocol: what a client sets is shown and used, a reset begins anew, a deleted session is
// gone, and a repeated creation answers what the first one did, also from the next worker.

#include "tests/unit/worker/worker_fixture.h"

namespace omenia::test {
namespace {

// A provider that nobody serves: that a run was sent there shows in how it fails.
constexpr const char* two_models =
    R"({"models":{"providers":{"far":{"baseUrl":"http://127.0.0.1:1/v1","models":[{"id":"away","reasoning":true}]}}},
        "agents":{"defaults":{"model":{"primary":"builtin/echo"}}}})";

class Sessions : public ClientTest {
 protected:
  void SetUp() override {
    start(two_models);
    client = connected();
  }
  Json run(const std::string& session, const std::string& id) {
    ask("agent", R"({"message":"hello","sessionKey":")" + session + R"(","idempotencyKey":")" + id + "\"}");
    return ask("agent.wait", R"({"runId":")" + id + "\"}");
  }
  Json described(const std::string& session) {
    return Json::copy(ask("sessions.describe", R"({"key":")" + session + "\"}")["session"]);
  }
  // The next worker of the same state directory.
  void restart() {
    client.reset();
    context.reset();
    start(two_models);
    client = connected();
  }
  std::vector<std::string> changes() {
    std::vector<std::string> reasons;
    for (const Json& event : events)
      if (event["event"].text() == "sessions.changed" && event["payload"]["reason"])
        reasons.emplace_back(event["payload"]["reason"].text());
    return reasons;
  }
};

TEST_F(Sessions, AreShownAsTheyWereSet) {
  ask("sessions.subscribe", "{}");
  ask("sessions.patch", R"({"key":"one","label":"My One","pinned":true,"archived":true,"icon":"star"})");
  const Json row = described("one");
  EXPECT_EQ(row["label"].text(), "My One");
  EXPECT_TRUE(row["pinned"].boolean());
  EXPECT_EQ(row["icon"].text(), "star");
  EXPECT_THAT(changes(), testing::ElementsAre("patch"));
  EXPECT_EQ(ask("sessions.list", "{}")["count"].integer(), 0) << "archived ones are not shown unless asked for";
  EXPECT_EQ(ask("sessions.list", R"({"archived":"all","search":"my one"})")["count"].integer(), 1);
  EXPECT_EQ(ask("sessions.resolve", R"({"label":"My One"})")["key"].text(), "agent:main:one");
  ask("sessions.patch", R"({"key":"one","label":null,"archived":false,"icon":null})");
  EXPECT_FALSE(described("one")["label"]);
  EXPECT_FALSE(described("one")["icon"]);
}

TEST_F(Sessions, UseTheModelThatWasSet) {
  EXPECT_EQ(run("one", "r1")["status"].text(), "ok");
  const Json patched = ask("sessions.patch", R"({"key":"one","model":"away"})");
  EXPECT_EQ(patched["resolved"]["modelProvider"].text(), "far");
  EXPECT_EQ(run("one", "r2")["status"].text(), "error");
  EXPECT_EQ(described("one")["model"].text(), "away");
  EXPECT_EQ(described("one")["modelOverrideSource"].text(), "user");
  ask("sessions.patch", R"({"key":"one","model":null})");
  EXPECT_EQ(run("one", "r3")["status"].text(), "ok");
}

TEST_F(Sessions, RefuseWhatThisReleaseCannotDo) {
  EXPECT_THAT(refusal("sessions.patch", R"({"key":"one","model":"nobody/knows"})"), testing::HasSubstr("nobody/knows"));
  EXPECT_THAT(refusal("sessions.patch", R"({"key":"one","sendPolicy":"deny"})"), testing::HasSubstr("sendPolicy"));
  EXPECT_THAT(refusal("sessions.patch", R"({"key":"one","thinkingLevel":"vast"})"),
              testing::HasSubstr("thinkingLevel"));
  EXPECT_THAT(refusal("sessions.patch", R"({"key":"agent:nobody:x","label":"x"})"), testing::HasSubstr("nobody"));
  EXPECT_THAT(refusal("sessions.patch", R"({"key":"one","label":"x","expectedSessionId":"other"})"),
              testing::HasSubstr("changed meanwhile"));
}

TEST_F(Sessions, BeginAnewWhenTheyAreReset) {
  run("one", "r1");
  ask("sessions.patch", R"({"key":"one","label":"kept"})");
  const std::string before(described("one")["sessionId"].text());
  ask("sessions.reset", R"({"key":"one"})");
  const Json after = described("one");
  EXPECT_NE(after["sessionId"].text(), before);
  EXPECT_EQ(after["label"].text(), "kept");
  EXPECT_EQ(after["inputTokens"].integer(), 0);
  EXPECT_EQ(ask("chat.history", R"({"sessionKey":"one"})")["totalMessages"].integer(), 0);
  run("one", "r2");
  EXPECT_EQ(ask("chat.history", R"({"sessionKey":"one"})")["totalMessages"].integer(), 2);
}

TEST_F(Sessions, AreGoneWhenTheyAreDeleted) {
  run("one", "r1");
  EXPECT_THAT(refusal("sessions.delete", R"({"key":"one","archivedOnly":true})"), testing::HasSubstr("not archived"));
  EXPECT_TRUE(ask("sessions.delete", R"({"key":"one"})")["deleted"].boolean());
  EXPECT_TRUE(ask("sessions.describe", R"({"key":"one"})")["session"].is_null());
  EXPECT_FALSE(ask("sessions.delete", R"({"key":"one"})")["deleted"].boolean(true));
  EXPECT_THAT(refusal("sessions.delete", R"({"key":"main"})"), testing::HasSubstr("main session"));
  EXPECT_THAT(refusal("sessions.send", R"({"key":"one","message":"x"})"), testing::HasSubstr("not found"));
}

TEST_F(Sessions, AreCopiedUpToAMessage) {
  run("one", "r1");
  const Json history = ask("chat.history", R"({"sessionKey":"one"})");
  const std::string entry(history["messages"].at(0)["__openclaw"]["id"].text());
  const std::string answer(history["messages"].at(1)["__openclaw"]["id"].text());
  const Json before = ask("sessions.fork", R"({"sessionKey":"one","entryId":")" + entry + "\"}");
  EXPECT_EQ(before["editorText"].text(), "hello");
  const Json whole = ask("sessions.fork", R"({"sessionKey":"one","entryId":")" + answer + "\"}");
  const std::string key(whole["sessionKey"].text());
  EXPECT_EQ(ask("chat.history", R"({"sessionKey":")" + key + "\"}")["totalMessages"].integer(), 2);
  EXPECT_EQ(run(key, "r2")["status"].text(), "ok");
  EXPECT_EQ(ask("chat.history", R"({"sessionKey":")" + key + "\"}")["totalMessages"].integer(), 4);
  EXPECT_EQ(ask("chat.history", R"({"sessionKey":"one"})")["totalMessages"].integer(), 2);
}

TEST_F(Sessions, AreMadeOnceByOneKey) {
  const std::string params = R"({"label":"made","message":"hello","idempotencyKey":"k1"})";
  const Json first = ask("sessions.create", params);
  EXPECT_TRUE(first["runStarted"].boolean());
  ask("sessions.patch", R"({"key":")" + std::string(first["key"].text()) + R"(","label":"changed"})");
  EXPECT_EQ(ask("sessions.create", params).dump(), first.dump());
  EXPECT_EQ(ask("sessions.list", "{}")["count"].integer(), 1);
  restart();
  EXPECT_EQ(ask("sessions.create", params).dump(), first.dump());
  EXPECT_EQ(ask("sessions.list", "{}")["count"].integer(), 1);
  EXPECT_EQ(described(std::string(first["key"].text()))["label"].text(), "changed");
}

TEST_F(Sessions, AreSortedIntoGroups) {
  ask("sessions.groups.put", R"({"names":["Work","Home"]})");
  ask("sessions.patch", R"({"key":"one","category":"Work"})");
  ask("sessions.groups.rename", R"({"name":"Work","to":"Office"})");
  EXPECT_EQ(described("one")["category"].text(), "Office");
  EXPECT_EQ(ask("sessions.list", R"({"group":"Office"})")["count"].integer(), 1);
  EXPECT_THAT(refusal("sessions.groups.rename", R"({"name":"Office","to":"Home"})"), testing::HasSubstr("already"));
  EXPECT_THAT(refusal("sessions.groups.put", R"({"names":["A","A"]})"), testing::HasSubstr("twice"));
  ask("sessions.groups.put", R"({"names":["Home"]})");
  EXPECT_FALSE(described("one")["category"]);
}

TEST_F(Sessions, TellWhatTheyHaveUsed) {
  run("one", "r1");
  run("two", "r2");
  const Json usage = ask("sessions.usage", "{}");
  EXPECT_EQ(usage["sessions"].size(), 2u);
  EXPECT_EQ(usage["aggregates"]["messages"]["user"].integer(), 2);
  EXPECT_EQ(usage["totals"]["totalTokens"].integer(),
            ask("usage.cost", R"({"days":1})")["totals"]["totalTokens"].integer());
  EXPECT_EQ(ask("sessions.usage", R"({"key":"one"})")["sessions"].size(), 1u);
  EXPECT_EQ(ask("usage.cost", R"({"days":7})")["daily"].size(), 7u);
  EXPECT_THAT(refusal("usage.cost", R"({"startDate":"2026-13-01"})"), testing::HasSubstr("startDate"));
  EXPECT_THAT(refusal("usage.cost", R"({"mode":"specific","utcOffset":"UTC+99"})"), testing::HasSubstr("utcOffset"));
  const Json tasks = ask("tasks.list", R"({"limit":1})");
  EXPECT_EQ(tasks["tasks"].at(0)["id"].text(), "r2");
  const std::string cursor(tasks["nextCursor"].text());
  EXPECT_EQ(ask("tasks.list", R"({"limit":1,"cursor":")" + cursor + "\"}")["tasks"].at(0)["id"].text(), "r1");
}

TEST_F(Sessions, TakeNotesThatNobodyHasRun) {
  EXPECT_THAT(refusal("chat.inject", R"({"sessionKey":"one","message":"x"})"), testing::HasSubstr("not found"));
  run("one", "r1");
  const Json note = ask("chat.inject", R"({"sessionKey":"one","message":"a note","label":"from"})");
  const std::string id(note["messageId"].text());
  const Json read = ask("chat.message.get", R"({"sessionKey":"one","messageId":")" + id + "\"}");
  EXPECT_EQ(read["message"]["content"].at(0)["text"].text(), "[from]\n\na note");
}

TEST_F(Sessions, AreAskedForByWhoMayChangeThem) {
  auto writer = connected({.scopes = {"operator.write"}});
  EXPECT_TRUE(call(*writer, "sessions.patch", R"({"key":"one","label":"x"})")["ok"].boolean());
  for (const auto& [method, params] :
       std::initializer_list<std::pair<const char*, const char*>>{{"sessions.patch", R"({"key":"one","execHost":"x"})"},
                                                                  {"sessions.delete", R"({"key":"one"})"},
                                                                  {"sessions.reset", R"({"key":"one"})"},
                                                                  {"sessions.create", R"({"cwd":"/"})"}}) {
    const Json frame = call(*writer, method, params);
    EXPECT_EQ(frame["error"]["details"]["missingScope"].text(), "operator.admin") << method << frame.dump();
  }
}

}  // namespace
}  // namespace omenia::test
