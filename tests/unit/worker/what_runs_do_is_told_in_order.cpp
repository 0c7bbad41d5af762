// RunFeed and Hub: a run's events as connections receive them: in order, numbered, and only to those that may and want.
#include "shared/base/limits.h"
#include "tests/unit/worker/worker_fixture.h"

namespace omenia::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class TheFeed : public WireTest {
 protected:
  void SetUp() override { start(); }

  // Events of one run up to its last one, as a connection gets them.
  void run_to_its_end(WireClient& client, const std::string& key = "main", const std::string& run_id = "r1") {
    const Json sent =
        call(client, "chat.send",
             R"({"sessionKey":")" + key + R"(","message":"one two three","idempotencyKey":")" + run_id + "\"}");
    EXPECT_TRUE(sent["ok"].boolean()) << sent.dump();
    while (!HasFailure()) {
      if (!events.empty() && is_last(events.back(), run_id)) return;
      events.push_back(next(client));
    }
  }
  static bool is_last(const Json& event, const std::string& run_id) {
    return event["event"].text() == "chat" && event["payload"]["runId"].text() == run_id &&
           event["payload"]["state"].text() == "final";
  }
  std::vector<const Json*> of(std::string_view name) const {
    std::vector<const Json*> found;
    for (const Json& event : events)
      if (event["event"].text() == name) found.push_back(&event);
    return found;
  }
};

TEST_F(TheFeed, NumbersTheEventsOfAConnectionWithoutGaps) {
  const auto client = connected();
  run_to_its_end(*client);
  std::int64_t expected = events.front()["seq"].integer();
  for (const Json& event : events) EXPECT_EQ(event["seq"].integer(), expected++) << event.dump();
}

TEST_F(TheFeed, NumbersTheEventsOfARunUpwards) {
  const auto client = connected();
  run_to_its_end(*client);
  std::int64_t last = 0;
  for (const Json& event : events) {
    if (event["payload"]["runId"].text() != "r1" || !event["payload"]["seq"]) continue;
    EXPECT_GT(event["payload"]["seq"].integer(), last) << event.dump();
    last = event["payload"]["seq"].integer();
  }
  EXPECT_GT(last, 5);
}

TEST_F(TheFeed, TellsTheWholeTextInDeltas) {
  const auto client = connected();
  run_to_its_end(*client);
  std::string deltas;
  std::string pieces;
  for (const Json* event : of("chat"))
    if ((*event)["payload"]["state"].text() == "delta") deltas += (*event)["payload"]["deltaText"].text();
  for (const Json* event : of("agent"))
    if ((*event)["payload"]["stream"].text() == "assistant") pieces += (*event)["payload"]["data"]["delta"].text();
  const JsonView final_message = (*of("chat").back())["payload"]["message"];
  EXPECT_THAT(pieces, StartsWith("You said: one two three"));
  EXPECT_EQ(deltas, pieces);
  EXPECT_EQ(final_message["content"].at(0)["text"].text(), pieces);
}

TEST_F(TheFeed, TellsTheStartBeforeTheTextAndTheEndLast) {
  const auto client = connected();
  run_to_its_end(*client);
  std::vector<std::string> steps;
  for (const Json* event : of("agent")) {
    const JsonView payload = (*event)["payload"];
    const std::string step = payload["stream"].text() == "lifecycle" ? std::string(payload["data"]["phase"].text())
                                                                     : std::string(payload["stream"].text());
    if (steps.empty() || steps.back() != step) steps.push_back(step);
    EXPECT_EQ(payload["sessionKey"].text(), "agent:main:main");
    EXPECT_EQ(payload["agentId"].text(), "main");
  }
  EXPECT_THAT(steps, testing::ElementsAre("run_status", "start", "run_status", "model", "assistant", "usage", "end"));
}

TEST_F(TheFeed, IsNotForThoseWhoMayNotRead) {
  const auto reader = connected();
  const auto stranger = connected({{"operator.approvals"}, {}, "gateway-client", "backend"});
  run_to_its_end(*reader);
  const Json answer = call(*stranger, "health");
  for (const Json& event : events) {
    if (event["event"].text() == "agent" || event["event"].text() == "chat") continue;
    EXPECT_NE(event["event"].text(), "session.message");
  }
  const std::size_t before = events.size();
  call(*stranger, "health");
  for (std::size_t i = before; i < events.size(); ++i) EXPECT_EQ(events[i]["event"].text(), "health");
}

TEST_F(TheFeed, IsOnlyOfTheSessionsAConnectionAskedFor) {
  const auto scoped = connected({{"operator.admin"}, {"session-scoped-events"}, "gateway-client", "backend"});
  const auto other = connected();
  EXPECT_TRUE(call(*scoped, "sessions.messages.subscribe", R"({"key":"wanted"})")["ok"].boolean());
  run_to_its_end(*other, "unwanted", "r1");
  run_to_its_end(*other, "wanted", "r2");
  events.clear();
  call(*scoped, "status");
  EXPECT_FALSE(events.empty());
  for (const Json& event : events) {
    EXPECT_EQ(event["payload"]["runId"].text("r2"), "r2") << event.dump();
    EXPECT_EQ(event["payload"]["sessionKey"].text("agent:main:wanted"), "agent:main:wanted") << event.dump();
  }
}

TEST_F(TheFeed, TellsMessagesToSubscribersAlone) {
  const auto client = connected();
  run_to_its_end(*client, "main", "r1");
  EXPECT_TRUE(of("session.message").empty());
  EXPECT_TRUE(of("sessions.changed").empty());
  events.clear();
  call(*client, "sessions.subscribe");
  run_to_its_end(*client, "main", "r2");
  call(*client, "status");
  const auto messages = of("session.message");
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ((*messages[0])["payload"]["message"]["role"].text(), "user");
  EXPECT_EQ((*messages[0])["payload"]["messageSeq"].integer(), 3);
  EXPECT_EQ((*messages[1])["payload"]["messageSeq"].integer(), 4);
  EXPECT_EQ((*messages[1])["payload"]["message"]["__openclaw"]["runId"].text(), "r2");
  EXPECT_EQ(of("sessions.changed").size(), 2u);
}

TEST_F(TheFeed, SurvivesConnectionsThatLeave) {
  const auto stays = connected();
  auto leaves = connected();
  call(*leaves, "sessions.subscribe");
  leaves->close();
  run_to_its_end(*stays);
  run_until([&] { return context->hub.connected() == 1; });
}

// A reader that takes nothing is dropped when its outbox is full, and nobody else is.
TEST_F(TheFeed, DropsWhoDoesNotRead) {
  const auto reads = connected();
  const auto stalls = connected();
  call(*stalls, "sessions.subscribe");
  const std::string piece = "\"" + std::string(limits::MiB, 'x') + "\"";
  const std::size_t pieces_max = 2 * limits::outbox_bytes_max / piece.size();
  std::size_t pieces = 0;
  for (; context->hub.connected() == 2 && pieces < pieces_max; ++pieces)
    context->hub.broadcast(Event::agent, piece, ws::Audience::list_subscribers);
  EXPECT_EQ(context->hub.connected(), 1u);
  EXPECT_GE(pieces, limits::outbox_bytes_max / piece.size());
  EXPECT_TRUE(call(*reads, "health")["ok"].boolean());
}

TEST_F(TheFeed, LeavesOutWhatMayBeLeftOutAndCountsIt) {
  const auto stalls = connected();
  const std::string piece = "\"" + std::string(limits::MiB, 'x') + "\"";
  const auto pieces = static_cast<std::int64_t>(2 * limits::outbox_bytes_max / piece.size());
  for (std::int64_t i = 0; i < pieces; ++i) context->hub.broadcast(Event::presence, piece);
  EXPECT_EQ(context->hub.connected(), 1u);
  std::int64_t received = 0;
  run_until([&] {
    while (stalls->take()) ++received;
    return received >= pieces / 4;  // There is room again.
  });
  context->hub.broadcast(Event::tick, "{}");
  std::string last;
  run_until([&] {
    while (const auto frame = stalls->take()) ++received, last = frame->payload.substr(0, 200);
    return last.find("\"tick\"") != std::string::npos;
  });
  EXPECT_LT(received, pieces);
  EXPECT_GT(parsed(last)["seq"].integer(), pieces);
}

TEST_F(TheFeed, SaysGoodbye) {
  const auto client = connected();
  context->hub.shut_down("gateway stopping", 1500);
  Json event = next(*client);
  while (event["event"].text() == "health") event = next(*client);  // A refresh may have been under way.
  EXPECT_EQ(event["event"].text(), "shutdown");
  EXPECT_EQ(event["payload"]["restartExpectedMs"].integer(), 1500);
  const WsFrame close = next_frame(*client);
  EXPECT_EQ(close.opcode, Opcode::close);
  ASSERT_GE(close.payload.size(), 2u);
  EXPECT_EQ(static_cast<unsigned char>(close.payload[0]) * 256 + static_cast<unsigned char>(close.payload[1]), 1012);
  EXPECT_EQ(close.payload.substr(2), "service restart");
}

TEST_F(TheFeed, CountsWhoHasNotFinishedConnect) {
  const auto one = open();
  const auto two = open();
  EXPECT_EQ(context->hub.pending("127.0.0.1"), 2);
  EXPECT_EQ(context->hub.pending("192.0.2.1"), 0);
  const auto done = connected();
  EXPECT_EQ(context->hub.pending("127.0.0.1"), 2);
  two->close();
  run_until([&] { return context->hub.pending("127.0.0.1") == 1; });
}

}  // namespace
}  // namespace omenia::test
