// Who receives an event: its row's scope decides, and only rows without one reach a connection that holds nothing. A
// direct event reaches one connection and takes no number.
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

}  // namespace
}  // namespace omenia::test
