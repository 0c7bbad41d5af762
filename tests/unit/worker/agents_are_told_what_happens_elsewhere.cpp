// wake and system-event: a text that waits for its session's next turn, or has one made for it.

#include <algorithm>

#include "tests/unit/worker/worker_fixture.h"

namespace omenia::test {
namespace {

class Telling : public ClientTest {
 protected:
  void SetUp() override {
    start();
    client = connected();
  }
  // What the built-in model says to the next message, which repeats what it was told.
  std::string answer_in(const std::string& session) {
    ask("agent", R"({"message":"go on","sessionKey":")" + session + R"(","idempotencyKey":"turn"})");
    ask("agent.wait", R"({"runId":"turn"})");
    return ask("chat.history", R"({"sessionKey":")" + session + "\"}").dump();
  }
  std::size_t messages_in(const std::string& session) {
    return ask("chat.history", R"({"sessionKey":")" + session + "\"}")["messages"].size();
  }
  std::size_t presence_entries(const std::string& text) {
    const Json list = ask("system-presence", "{}");
    std::size_t count = 0;
    for (JsonView entry = list.view().first(); entry; entry = entry.next()) count += entry["text"].text() == text;
    return count;
  }
};

TEST_F(Telling, WaitsForTheNextTurn) {
  ask("wake", R"({"mode":"next-heartbeat","text":"the kettle boils"})");
  ask("system-event", R"({"text":"the door is open","sessionKey":"main"})");
  EXPECT_EQ(messages_in("main"), 0u) << "nobody was asked for a turn";
  const std::string said = answer_in("main");
  EXPECT_THAT(said, testing::HasSubstr("the kettle boils"));
  EXPECT_THAT(said, testing::HasSubstr("the door is open"));
}

TEST_F(Telling, MakesATurnNow) {
  ask("wake", R"({"mode":"now","text":"the kettle boils","sessionKey":"kitchen"})");
  run_until([this] { return context->runs->active() == 0; });
  EXPECT_EQ(messages_in("kitchen"), 2u);
  ask("system-event", R"({"text":"it is cold again","sessionKey":"kitchen","wake":true})");
  run_until([this] { return context->runs->active() == 0; });
  EXPECT_EQ(messages_in("kitchen"), 4u);
}

TEST_F(Telling, SaysHowATurnHasEndedThatItMade) {
  EXPECT_EQ(ask("last-heartbeat", "{}").dump(), "null");
  ask("wake", R"({"mode":"now","text":"the kettle boils","sessionKey":"kitchen"})");
  run_until([this] { return context->runs->active() == 0; });
  const Json last = ask("last-heartbeat", "{}");
  EXPECT_EQ(last["status"].text(), "sent") << last.dump();
  EXPECT_EQ(last["sessionKey"].text(), "agent:main:kitchen");
  EXPECT_THAT(std::string(last["preview"].text()), testing::HasSubstr("the kettle boils"));
  const auto told = std::find_if(events.begin(), events.end(),
                                 [](const Json& frame) { return frame["event"].text() == "heartbeat"; });
  ASSERT_NE(told, events.end());
  EXPECT_EQ((*told)["payload"].dump(), last.dump());
}

TEST_F(Telling, IsRefusedForWhatNobodyCanBeTold) {
  EXPECT_EQ(refusal("wake", R"({"mode":"now","text":"   "})"), "text required");
  EXPECT_THAT(refusal("wake", R"({"mode":"now","text":"x","agentId":"nobody"})"), testing::HasSubstr("unknown agent"));
  EXPECT_THAT(refusal("system-event", R"({"text":"x","sessionKey":"agent:nobody:x"})"),
              testing::HasSubstr("unknown agent"));
  EXPECT_THAT(refusal("wake", R"({"mode":"soon","text":"x"})"), testing::HasSubstr("allowed values"));
}

TEST_F(Telling, ShowsWhoIsThere) {
  const std::int64_t before = context->presence.version();
  ask("system-event", R"({"text":"Node: desk · last input 5s","instanceId":"i1","host":"desk","lastInputSeconds":5,)"
                      R"("roles":["operator"],"tags":["ui"]})");
  run_until([&] { return context->presence.version() == before + 1; });
  EXPECT_EQ(presence_entries("Node: desk · last input 5s"), 1u);
  ask("system-event", R"({"text":"Node: desk · last input 9s","instanceId":"i1","host":"desk"})");
  EXPECT_EQ(presence_entries("Node: desk · last input 5s"), 0u) << "the same instance again";
  EXPECT_EQ(presence_entries("Node: desk · last input 9s"), 1u);
  EXPECT_THAT(answer_in("main"), testing::Not(testing::HasSubstr("desk"))) << "an agent is not told of that";
}

}  // namespace
}  // namespace omenia::test
