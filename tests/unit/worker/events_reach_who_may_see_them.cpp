// Who receives an event: its row's scope decides, and only rows without one reach a connection that holds nothing. A
// direct event reaches one connection and takes no number.
#include "shared/base/limits.h"
#include "tests/unit/worker/worker_fixture.h"
#include "worker/ws/session.h"

namespace omenia::test {
namespace {

struct Events : WireTest {
  // The first health snapshot is told before anybody listens.
  void start_quietly() {
    start();
    run_until([this] { return context->health.version() > 1; });
  }
  // The connection's id is in its presence among the hub's sessions: of the only one that is open.
  std::string only_connection() {
    std::string id;
    context->hub.close_where([&id](const ws::Session& session) { return id = session.id(), false; }, 1000, "");
    return id;
  }
};

TEST_F(Events, ARowWithAScopeReachesOnlyWhoHoldsIt) {
  start_quietly();
  auto reader = connected(Wish{.scopes = {"operator.read"}});
  auto approver = connected(Wish{.scopes = {"operator.approvals"}});
  context->hub.broadcast(Event::config_changed, R"({"path":"a"})");
  context->hub.broadcast(Event::tick, R"({"ts":1})");
  EXPECT_EQ(next(*reader)["event"].text(), "config.changed");
  const Json tick = next(*approver);
  EXPECT_EQ(tick["event"].text(), "tick");
  EXPECT_EQ(tick["seq"].integer(), 1) << "what it may not see takes no number";
}

// Whatever the operator's connections are told, a node learns nothing of it.
TEST_F(Events, OfOperatorsReachNoNode) {
  start_quietly();
  const Device device;
  auto node = connected(node_wish(device));
  std::vector<std::string> open_to_all;
  for (const EventRow& row : event_rows) {
    if (row.scope == EventScope::direct) continue;
    context->hub.broadcast(row.event, "{}");
    if (row.scope == EventScope::none) open_to_all.emplace_back(row.name);
  }
  EXPECT_TRUE(call(*node, "health")["ok"].boolean());
  std::vector<std::string> received;
  for (const Json& event : events) {
    received.emplace_back(event["event"].text());
    EXPECT_EQ(event["seq"].integer(), static_cast<std::int64_t>(received.size()));
  }
  EXPECT_EQ(received, open_to_all);
}

TEST_F(Events, ADirectEventTakesNoNumber) {
  start_quietly();
  auto client = connected();
  EXPECT_TRUE(context->hub.send_to(only_connection(), Event::connect_challenge, R"({"nonce":"n"})"));
  context->hub.broadcast(Event::tick, R"({"ts":1})");
  const Json direct = next(*client);
  EXPECT_EQ(direct["payload"]["nonce"].text(), "n");
  EXPECT_FALSE(direct["seq"]);
  EXPECT_EQ(next(*client)["seq"].integer(), 1);
  EXPECT_FALSE(context->hub.send_to("nobody", Event::connect_challenge, "{}"));
}

TEST_F(Events, OnlyTheConnectionsThatAreMeantAreClosed) {
  start_quietly();
  auto gone = connected(Wish{.scopes = {"operator.read"}});
  auto stays = connected(Wish{.scopes = {"operator.pairing"}});
  const auto may_read = [](const ws::Session& session) { return session.scopes().covers(auth::Scope::read); };
  EXPECT_EQ(context->hub.close_where(may_read, 4001, "client invalidated: test"), 1u);
  EXPECT_EQ(next_frame(*gone).opcode, Opcode::close);
  context->hub.broadcast(Event::tick, R"({"ts":1})");
  EXPECT_EQ(next(*stays)["event"].text(), "tick");
}

TEST_F(Events, OfToolsReachOnlyWhoAskedForThem) {
  start_quietly();
  const std::string key = "agent:main:main";
  auto watcher = connected(Wish{.caps = {"tool-events"}});
  auto follower = connected(Wish{.caps = {"tool-events"}});
  EXPECT_TRUE(call(*watcher, "sessions.messages.subscribe", R"({"key":"main"})")["ok"].boolean());
  context->hub.broadcast(Event::agent, R"({"stream":"tool"})", ws::Audience::tool_watchers, key);
  context->hub.broadcast(Event::tick, R"({"ts":1})");
  EXPECT_EQ(next(*watcher)["payload"]["stream"].text(), "tool");
  EXPECT_EQ(next(*follower)["event"].text(), "tick");
}

// Text that grows, for two connections of which one does not read.
struct TextOfARun : Events {
  std::string text;

  void grow(std::string_view piece) {
    const std::size_t told = text.size();
    text += piece;
    tell(told, false);
  }
  void tell(std::size_t told, bool last) {
    auto payload = [this](std::size_t from, bool whole) {
      JsonWriter writer;
      writer.begin_object().member("new", std::string_view(text).substr(from));
      if (whole) writer.member("all", text);
      return writer.end_object().take();
    };
    context->hub.tell({Event::chat, "r1", "agent:main:main", told, text.size(), payload}, last);
  }
  bool is_blocked() {
    bool blocked = false;
    context->hub.close_where([&](const ws::Session& session) { return blocked |= session.is_blocked(), false; }, 0, "");
    return blocked;
  }
  void block() {
    context->hub.broadcast(Event::presence, '"' + std::string(limits::MiB, 'x') + '"');
    run_until([this] { return is_blocked(); });
  }
};

TEST_F(TextOfARun, ComesTogetherOnceItIsTaken) {
  start_quietly();
  auto slow = connected(Wish{.caps = {"delta-text"}});
  grow("one ");
  EXPECT_EQ(next(*slow)["payload"]["new"].text(), "one ");
  block();
  grow("two ");
  grow("three ");
  EXPECT_TRUE(context->hub.is_held_back(Event::chat, "r1"));
  EXPECT_EQ(next(*slow)["event"].text(), "presence");
  run_until([this] { return !is_blocked(); });
  grow("four");
  const Json event = next(*slow);
  EXPECT_EQ(event["payload"]["new"].text(), "two three four");
  EXPECT_FALSE(event["payload"]["all"]);
  EXPECT_EQ(event["seq"].integer(), 3) << "what is told together takes one number";
  EXPECT_FALSE(context->hub.is_held_back(Event::chat, "r1"));
}

TEST_F(TextOfARun, IsToldToItsEndToThoseWhoAreBehind) {
  start_quietly();
  auto slow = connected();
  block();
  grow("one ");
  grow("two");
  tell(text.size(), true);
  EXPECT_FALSE(context->hub.is_held_back(Event::chat, "r1"));
  EXPECT_EQ(next(*slow)["event"].text(), "presence");
  const Json event = next(*slow);
  EXPECT_EQ(event["payload"]["new"].text(), "one two");
  EXPECT_EQ(event["payload"]["all"].text(), "one two");
}

TEST_F(TextOfARun, IsForgottenWithTheConnectionThatWasBehind) {
  start_quietly();
  auto slow = connected();
  block();
  grow("one ");
  slow->close();
  run_until([this] { return context->hub.connected() == 0; });
  EXPECT_FALSE(context->hub.is_held_back(Event::chat, "r1"));
}

}  // namespace
}  // namespace omenia::test
