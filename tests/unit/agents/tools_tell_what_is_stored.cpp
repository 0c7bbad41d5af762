// The tools about agents and sessions answer with what the store holds, to a model of its own session alone.
#include "tests/unit/agents/tools_fixture.h"

namespace omenia::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class ATool : public ToolsTest {};

TEST_F(ATool, ListsTheAgents) {
  const Json listed = details("agents_list");
  EXPECT_EQ(listed["requester"].text(), "main");
  ASSERT_EQ(listed["agents"].size(), 2u);
  EXPECT_EQ(listed["agents"].at(1)["id"].text(), "other");
  EXPECT_EQ(listed["agents"].at(0)["model"].text(), "mock/m-1");
}

TEST_F(ATool, ListsTheSessionsNewestFirst) {
  EXPECT_EQ(details("sessions_list")["count"].integer(-1), 0);
  talk("main", "first");
  talk("thread", "second");
  talk("main", "third", "other");
  const Json listed = details("sessions_list");
  EXPECT_THAT(keys_of(listed), UnorderedElementsAre("agent:main:main", "agent:main:thread", "agent:other:main"));
  EXPECT_EQ(listed["visibility"].text(), "all");
  EXPECT_FALSE(listed["hasMore"].boolean(true));
  const JsonView row = listed["sessions"].first();
  EXPECT_EQ(row["lastRunStatus"].text(), "done");
  EXPECT_EQ(row["model"].text(), "m-1");
  EXPECT_FALSE(row["messages"]);
}

TEST_F(ATool, ListsWhatIsAskedFor) {
  talk("main", "first");
  talk("hook:1", "second");
  talk("telegram:group:7", "third");
  talk("main", "fourth", "other");
  EXPECT_THAT(keys_of(details("sessions_list", R"({"kinds":["hook"]})")), ElementsAre("agent:main:hook:1"));
  EXPECT_THAT(keys_of(details("sessions_list", R"({"kinds":["group"]})")), ElementsAre("agent:main:telegram:group:7"));
  EXPECT_EQ(details("sessions_list", R"({"kinds":["main","hook"]})")["count"].integer(), 3);
  EXPECT_THAT(keys_of(details("sessions_list", R"({"agentId":"other"})")), ElementsAre("agent:other:main"));
  EXPECT_THAT(keys_of(details("sessions_list", R"({"search":"GROUP"})")), ElementsAre("agent:main:telegram:group:7"));
  EXPECT_THAT(keys_of(details("sessions_list", R"({"archived":true})")), IsEmpty());
  const Json page = details("sessions_list", R"({"limit":1,"offset":1,"kinds":["main"]})");
  EXPECT_EQ(page["count"].integer(), 1);
  EXPECT_FALSE(page["hasMore"].boolean(true));
  const Json first = details("sessions_list", R"({"limit":3})");
  EXPECT_TRUE(first["hasMore"].boolean());
  EXPECT_EQ(first["nextOffset"].integer(), 3);
}

TEST_F(ATool, ListsTheLastMessagesToo) {
  talk("main", "hello");
  const Json listed = details("sessions_list", R"({"messageLimit":1})");
  const JsonView messages = listed["sessions"].first()["messages"];
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages.at(0)["text"].text(), "re: hello");
}

TEST_F(ATool, ReadsAHistoryFromItsEnd) {
  for (const char* text : {"one", "two", "three"}) talk("main", text);
  const Json all = details("sessions_history", R"({"sessionKey":"main"})");
  EXPECT_EQ(all["sessionKey"].text(), "agent:main:main");
  EXPECT_EQ(all["messages"].size(), 6u);
  EXPECT_FALSE(all["hasMore"].boolean(true));
  EXPECT_EQ(all["messages"].at(0)["text"].text(), "one");
  EXPECT_EQ(all["messages"].at(5)["role"].text(), "assistant");
  const Json part = details("sessions_history", R"({"sessionKey":"agent:main:main","limit":2,"offset":1})");
  ASSERT_EQ(part["messages"].size(), 2u);
  EXPECT_EQ(part["messages"].at(1)["text"].text(), "three");
  EXPECT_TRUE(part["hasMore"].boolean());
  EXPECT_EQ(details("sessions_history", R"({"sessionKey":"main","offset":6})")["messages"].size(), 0u);
}

TEST_F(ATool, ShortensAHistoryAndHidesSecrets) {
  host.without_secrets = [](std::string_view text) {
    std::string copy(text);
    if (const auto at = copy.find("sesame"); at != std::string::npos) copy.replace(at, 6, "***");
    return copy;
  };
  talk("main", "sesame " + std::string(5'000, 'x'));
  const Json history = details("sessions_history", R"({"sessionKey":"main"})");
  const std::string text(history["messages"].at(0)["text"].text());
  EXPECT_THAT(text, testing::StartsWith("*** x"));
  EXPECT_THAT(text, EndsWith("x…"));
  EXPECT_LT(text.size(), 4'100u);
  for (int i = 0; i < 15; ++i) talk("main", std::string(5'000, 'y'));
  const Json longer = details("sessions_history", R"({"sessionKey":"main"})");
  EXPECT_TRUE(longer["truncated"].boolean());
  EXPECT_LT(longer.dump().size(), 90'000u);
}

TEST_F(ATool, TellsHowASessionStands) {
  talk("main", "hello");
  auto result = call("session_status");
  ASSERT_TRUE(result.ok());
  EXPECT_THAT(std::string(result.value()["content"].at(0)["text"].text()),
              testing::AllOf(HasSubstr("Session: agent:main:main\n"), HasSubstr("Model: mock/m-1\n"),
                             HasSubstr("State: idle, last run done")));
  EXPECT_EQ(result.value()["details"]["sessionKey"].text(), "agent:main:main");
  start_held("held", "thread");
  EXPECT_EQ(details("session_status", R"({"sessionKey":"thread"})")["state"].text(), "running");
}

TEST_F(ATool, OfAModelSeesItsOwnSessionAlone) {
  talk("main", "mine");
  talk("thread", "not mine");
  EXPECT_THAT(keys_of(details("sessions_list", "{}", false)), ElementsAre("agent:main:main"));
  EXPECT_EQ(details("sessions_history", R"({"sessionKey":"main"})", false)["messages"].size(), 2u);
  EXPECT_EQ(refusal("sessions_history", R"({"sessionKey":"thread"})", false), "Session not found: thread");
  EXPECT_EQ(refusal("sessions_history", R"({"sessionKey":"nowhere"})", false), "Session not found: nowhere");
  EXPECT_EQ(refusal("session_status", R"({"sessionKey":"agent:other:main"})", false),
            "Session not found: agent:other:main");
}

TEST_F(ATool, ThatIsAskedForNonsenseSaysWhatIsWrong) {
  EXPECT_EQ(refusal("sessions_history", "{}"),
            "invalid arguments of sessions_history: must have required property 'sessionKey'");
  EXPECT_THAT(refusal("sessions_history", R"({"sessionKey":"main","limit":0})"), HasSubstr("/limit"));
  EXPECT_THAT(refusal("sessions_history", R"({"sessionKey":"agent::"})"), HasSubstr("agent:<agentId>:<name>"));
  EXPECT_EQ(refusal("sessions_history", R"({"sessionKey":"nowhere"})"), "Session not found: nowhere");
  EXPECT_THAT(refusal("sessions_list", R"({"kinds":["boss"]})"), HasSubstr("unknown kind \"boss\""));
  EXPECT_THAT(refusal("agents_list", R"({"surprise":1})"), HasSubstr("unexpected property 'surprise'"));
  EXPECT_THAT(refusal("agents_list", "[]"), HasSubstr("invalid arguments"));
}

}  // namespace
}  // namespace omenia::test
