// Transcripts over the control protocol: searched by their words, taken back to an entry, cut short for the model, and
// cleaned up when nobody has them any more.

#include "tests/unit/worker/worker_fixture.h"
#include "worker/agents/transcript.h"

namespace omenia::test {
namespace {

class Transcripts : public ClientTest {
 protected:
  void SetUp() override {
    start();
    client = connected();
  }
  void say(const std::string& text, const std::string& session = "one") {
    const std::string id = "r" + std::to_string(++runs);
    ask("agent", R"({"message":")" + text + R"(","sessionKey":")" + session + R"(","idempotencyKey":")" + id + "\"}");
    ask("agent.wait", R"({"runId":")" + id + "\"}");
  }
  Json history() { return ask("chat.history", R"({"sessionKey":"one"})"); }
  std::string entry_id(int index) {
    return std::string(history()["messages"].at(static_cast<std::size_t>(index))["__openclaw"]["id"].text());
  }
  Json rewind(int index) {
    return ask("sessions.rewind", R"({"sessionKey":"one","entryId":")" + entry_id(index) + "\"}");
  }
  std::vector<std::string> texts() {
    std::vector<std::string> all;
    const Json answer = history();
    for (JsonView item = answer["messages"].first(); item; item = item.next()) {
      const JsonView content = item["content"];
      all.emplace_back(content.is_string() ? content.text() : content.at(0)["text"].text());
    }
    return all;
  }
  Json search(const std::string& query, const std::string& more = {}) {
    return ask("sessions.search", R"({"query":")" + query + "\"" + more + "}");
  }
  // What the store is told, as if it had been so for long.
  template <typename T>
  T in_store(std::function<Result<T>(state::Tables&)> unit) {
    std::optional<T> answer;
    TaskScope scope;
    scope.spawn(
        [](state::Store* store, std::function<Result<T>(state::Tables&)> work, std::optional<T>* into) -> Task<void> {
          auto writing = store->write<T>(std::move(work));
          auto written = co_await std::move(writing);
          if (written.ok()) *into = std::move(written).value();
        }(context->store.get(), std::move(unit), &answer));
    run_until([&answer] { return answer.has_value(); });
    return answer.value_or(T{});
  }

  int runs = 0;
};

TEST_F(Transcripts, AreFoundByTheirWords) {
  say("the purple elephant");
  say("a grey mouse", "two");
  const Json found = search("elephant purp");
  ASSERT_GE(found["results"].size(), 1u);
  const JsonView hit = found["results"].at(0);
  EXPECT_EQ(hit["sessionKey"].text(), "agent:main:one");
  EXPECT_THAT(std::string(hit["snippet"].text()), testing::HasSubstr("purple elephant"));
  EXPECT_EQ(search("mouse", R"(,"sessionKeys":["one"])")["results"].size(), 0u);
  EXPECT_GE(search("mouse", R"(,"sessionKeys":["two"])")["results"].size(), 1u);
  EXPECT_EQ(search("mouse", R"(,"scope":{"search":"one"})")["results"].size(), 0u);
  EXPECT_EQ(search("")["results"].size(), 0u);
  EXPECT_TRUE(search("a", R"(,"limit":1)")["truncated"].boolean());
  EXPECT_THAT(refusal("sessions.search", R"({"query":"x","sessionKeys":["agent::x"]})"), testing::HasSubstr("session"));
}

TEST_F(Transcripts, GoBackToBeforeAMessageOfTheUser) {
  ask("sessions.subscribe", "{}");
  say("first");
  say("second");
  const std::string before = ask("sessions.describe", R"({"key":"one"})")["session"]["sessionId"].dump();
  const Json rewound = rewind(2);
  EXPECT_EQ(rewound["editorText"].text(), "second");
  EXPECT_EQ(texts().size(), 2u);
  EXPECT_EQ(texts()[0], "first");
  EXPECT_NE(ask("sessions.describe", R"({"key":"one"})")["session"]["sessionId"].dump(), before);
  say("third");
  EXPECT_EQ(texts().size(), 4u) << "it goes on from there";
  EXPECT_EQ(search("second")["results"].size(), 0u);
}

TEST_F(Transcripts, GoBackToAfterAnAnswer) {
  say("first");
  say("second");
  EXPECT_FALSE(rewind(1)["editorText"]);
  EXPECT_EQ(texts().size(), 2u);
  EXPECT_THAT(refusal("sessions.rewind", R"({"sessionKey":"one","entryId":"nothing"})"),
              testing::HasSubstr("entry not found"));
  EXPECT_THAT(refusal("sessions.rewind", R"({"sessionKey":"never","entryId":"x"})"),
              testing::HasSubstr("session not found"));
}

TEST_F(Transcripts, AreToldToTheModelAsASummary) {
  EXPECT_THAT(refusal("sessions.compact", R"({"key":"never"})"), testing::HasSubstr("session not found"));
  say("first");
  const Json too_little = ask("sessions.compact", R"({"key":"one"})");
  EXPECT_FALSE(too_little["compacted"].boolean(true));
  EXPECT_THAT(std::string(too_little["reason"].text()), testing::HasSubstr("too little"));
  say("second");
  say("third");
  const Json compacted = ask("sessions.compact", R"({"key":"one"})");
  EXPECT_TRUE(compacted["compacted"].boolean()) << compacted.dump();
  const Json answer = history();
  const JsonView boundary = answer["messages"].at(6);
  EXPECT_EQ(boundary["role"].text(), "system");
  EXPECT_THAT(std::string(boundary["content"].text()), testing::HasSubstr("first")) << "the built-in model repeats it";
  EXPECT_EQ(boundary["keptFromSeq"].integer(), 3);
}

TEST_F(Transcripts, AreToldAsASummaryHoweverMuchFollows) {
  for (const char* text : {"the purple elephant", "second", "third"}) say(text);
  ask("sessions.compact", R"({"key":"one"})");
  in_store<bool>([](state::Tables& tables) -> Result<bool> {
    TRY_ASSIGN(const auto row, tables.sessions.find("agent:main:one"));
    for (int i = 0; i < limits::history_window_messages; ++i) {
      state::EntryRow entry;
      entry.session_id = row->session_id;
      entry.kind = "message";
      entry.role = i % 2 == 0 ? "user" : "assistant";
      entry.body = R"({"role":")" + entry.role + R"(","content":"filling"})";
      TRY(tables.entries.append(entry));
    }
    return true;
  });
  const auto prompt = in_store<std::string>([](state::Tables& tables) -> Result<std::string> {
    TRY_ASSIGN(const auto row, tables.sessions.find("agent:main:one"));
    TRY_ASSIGN(const auto entries, tables.entries.prompt_window(row->session_id, limits::history_window_messages));
    return agents::prompt_messages(entries).front().text;
  });
  EXPECT_THAT(prompt, testing::HasSubstr("the purple elephant"));
}

TEST_F(Transcripts, AreCompactedBeforeTheEyesOfWhoFollowsThem) {
  ask("sessions.messages.subscribe", R"({"key":"one"})");
  for (const char* text : {"first", "second", "third"}) say(text);
  events.clear();
  ask("sessions.compact", R"({"key":"one"})");
  ask("sessions.compact", R"({"key":"one","maxLines":1000})");
  std::vector<std::string> told;
  for (const Json& frame : events) {
    const JsonView payload = frame["payload"];
    if (frame["event"].text() != "session.operation") continue;
    EXPECT_EQ(payload["sessionKey"].text(), "agent:main:one");
    const JsonView completed = payload["completed"];
    told.push_back(std::string(payload["operation"].text()) + " " + std::string(payload["phase"].text()) +
                   (completed ? completed.boolean() ? " done" : " nothing" : ""));
  }
  EXPECT_THAT(told, testing::ElementsAre("compact start", "compact end done", "compact start", "compact end nothing"));
}

TEST_F(Transcripts, AreCutToSoManyEntriesWithoutASummary) {
  say("first");
  say("second");
  const Json whole = ask("sessions.compact", R"({"key":"one","maxLines":4})");
  EXPECT_FALSE(whole["compacted"].boolean(true)) << whole.dump();
  EXPECT_TRUE(ask("sessions.compact", R"({"key":"one","maxLines":2})")["compacted"].boolean());
  const Json answer = history();
  EXPECT_EQ(answer["messages"].at(4)["keptFromSeq"].integer(), 3);
  EXPECT_EQ(answer["messages"].at(4)["content"].text(), "");
}

TEST_F(Transcripts, AreCleanedUpWhenTheyAreOldAndNobodysAndSomebodySaysSo) {
  say("first");
  say("kept", "two");
  ask("sessions.reset", R"({"key":"one"})");
  Json report = ask("sessions.cleanup", "{}");
  EXPECT_EQ(report["unreferencedArtifacts"]["scannedFiles"].integer(), 0) << "it was left behind just now";
  in_store<bool>([](state::Tables& tables) -> Result<bool> {
    state::SessionRow row;
    TRY_ASSIGN(row, tables.sessions.get_or_create("agent:main:orphan", "main", 1));
    state::EntryRow entry;
    entry.session_id = row.session_id;
    entry.kind = "message";
    entry.created_ms = 1;
    entry.body = R"({"content":"long ago"})";
    TRY(tables.entries.append(entry));
    TRY(tables.sessions.remove(row.key));
    TRY(tables.sessions.get_or_create("agent:main:empty", "main", 1));
    return true;
  });
  report = ask("sessions.cleanup", R"({"fixMissing":true})");
  EXPECT_EQ(report["unreferencedArtifacts"]["scannedFiles"].integer(), 1);
  EXPECT_EQ(report["missing"].integer(), 1);
  EXPECT_TRUE(report["wouldMutate"].boolean());
  EXPECT_EQ(report["beforeCount"].integer(), 3);
  EXPECT_EQ(ask("sessions.cleanup", R"({"enforce":true})")["afterCount"].integer(), 3) << "without fixMissing it stays";
  report = ask("sessions.cleanup", R"({"enforce":true,"fixMissing":true,"activeKey":"empty"})");
  EXPECT_EQ(report["unreferencedArtifacts"]["scannedFiles"].integer(), 0);
  EXPECT_EQ(report["afterCount"].integer(), 3);
  report = ask("sessions.cleanup", R"({"enforce":true,"fixMissing":true,"allAgents":true})");
  EXPECT_EQ(report["pruned"].integer(), 1);
  EXPECT_EQ(report["afterCount"].integer(), 2);
  EXPECT_THAT(refusal("sessions.cleanup", R"({"agent":"nobody"})"), testing::HasSubstr("unknown agent"));
}

}  // namespace
}  // namespace omenia::test
