// A client that does not read: what waits for it is bounded. Beyond the bound it loses the events that may be lost,
// which its numbers tell it, and for anything else its connection. Who reads on notices nothing.
#include "shared/base/limits.h"
#include "tests/unit/worker/worker_fixture.h"
#include "worker/ws/session.h"

namespace omenia::test {
namespace {

constexpr std::size_t bound = 256 * limits::KiB;
constexpr std::size_t large = 32 * limits::KiB;
constexpr std::size_t small = 1 * limits::KiB;
constexpr int tries_max = 100;

struct SlowReaders : WireTest {
  void SetUp() override {
    start();
    context->web_sockets = std::make_unique<net::WebSocketEngine>(context->loop, Logger(),
                                                                  net::WebSocketOptions{.outbox_bytes_max = bound});
    run_until([this] { return context->health.version() > 1; });
  }
  static Wish everything() {
    return {.scopes = {"operator.admin", "operator.approvals", "operator.questions", "operator.pairing"}};
  }
  static std::string payload_of(std::size_t bytes) { return '"' + std::string(bytes, 'x') + '"'; }

  // What is sent is written at the end of the loop's turn, which is over when the next one has begun.
  void tell(Event event, std::size_t bytes) {
    context->hub.broadcast(event, payload_of(bytes));
    Loop& loop = context->loop;
    loop.post([&loop] { loop.post([&loop] { loop.stop(); }); });
    loop.run();
  }
  // Until there is no room for `bytes` more. The one connection that is open must not read meanwhile.
  void fill(std::size_t bytes) {
    const std::int64_t before = context->hub.left_out();
    for (int i = 0; i < tries_max && context->hub.left_out() == before; ++i) tell(Event::presence, bytes);
    ASSERT_EQ(context->hub.left_out(), before + 1);
  }
  void fill() {
    fill(large);
    fill(small);
  }
  // The frames that come, up to the end of the connection or the first that is not there.
  std::vector<Json> everything_sent_to(WireClient& client) {
    std::vector<Json> frames;
    run_until([&] {
      while (const auto frame = client.take()) frames.push_back(parsed(frame->payload));
      return client.has_ended();
    });
    return frames;
  }
  std::string only_connection() {
    std::string id;
    context->hub.for_each([&id](const ws::Session& session) { id = session.id(); });
    return id;
  }
};

TEST_F(SlowReaders, LoseEventsThatMayBeLostAndSeeHowMany) {
  auto slow = connected(everything());
  auto fast = connected(everything());
  std::int64_t told = 0;
  const auto tell_both = [&](Event event, std::size_t bytes) {
    tell(event, bytes);
    EXPECT_EQ(next(*fast)["seq"].integer(), ++told) << "who reads misses nothing";
  };
  while (context->hub.left_out() < 5 && told < tries_max && !HasFailure()) tell_both(Event::presence, large);
  ASSERT_EQ(context->hub.left_out(), 5);
  tell_both(Event::tick, small);
  const std::int64_t taken = told - 6;
  for (std::int64_t seq = 1; seq <= taken; ++seq) EXPECT_EQ(next(*slow)["seq"].integer(), seq);
  const Json tick = next(*slow);
  EXPECT_EQ(tick["event"].text(), "tick");
  EXPECT_EQ(tick["seq"].integer(), taken + 5 + 1) << "the gap is as wide as what was left out";
  EXPECT_TRUE(call(*slow, "status")["ok"].boolean()) << "it has lost events, not its connection";
  EXPECT_EQ(context->hub.connected(), 2u);
}

TEST_F(SlowReaders, LoseTheirConnectionForWhatMayNotBeLost) {
  auto slow = connected(everything());
  auto fast = connected(everything());
  std::int64_t told = 0;
  while (context->hub.connected() == 2 && told < tries_max && !HasFailure()) {
    tell(Event::config_changed, large);
    EXPECT_EQ(next(*fast)["seq"].integer(), ++told);
  }
  EXPECT_EQ(context->hub.connected(), 1u);
  EXPECT_EQ(context->hub.left_out(), 0);
  std::int64_t seq = 0;
  for (const Json& frame : everything_sent_to(*slow)) EXPECT_EQ(frame["seq"].integer(), ++seq);
  EXPECT_LT(seq, told);
  const Json stability = call(*fast, "diagnostics.stability");
  EXPECT_EQ(stability["payload"]["events"].at(0)["reason"].text(), "slow consumer") << stability.dump();
  EXPECT_TRUE(call(*fast, "status")["ok"].boolean());
}

// No row of the events is lost without a word: its connection is told by a number, or by its end.
TEST_F(SlowReaders, LoseNothingInSilence) {
  for (const EventRow& row : event_rows) {
    if (row.scope == EventScope::direct) continue;
    auto slow = connected(everything());
    fill();
    const std::int64_t left_out = context->hub.left_out();
    tell(row.event, 2 * small);
    const bool may_be_lost = row.slow_reader == SlowReader::drop;
    EXPECT_EQ(context->hub.left_out() - left_out, may_be_lost ? 1 : 0) << row.name;
    EXPECT_EQ(context->hub.connected(), may_be_lost ? 1u : 0u) << row.name;
    slow->close();
    run_until([this] { return context->web_sockets->open_sockets() == 0; });
  }
}

TEST_F(SlowReaders, LoseTheirConnectionForADirectEvent) {
  auto slow = connected(everything());
  fill();
  EXPECT_FALSE(context->hub.send_to(only_connection(), Event::node_invoke_cancel, payload_of(2 * small)));
  run_until_ended(*slow);
  EXPECT_EQ(context->hub.connected(), 0u);
}

TEST_F(SlowReaders, LoseTheirConnectionForAnAnswer) {
  auto slow = connected(everything());
  fill();
  slow->send(R"({"type":"req","id":"1","method":"config.schema"})");
  run_until_ended(*slow);
  EXPECT_EQ(context->hub.connected(), 0u);
}

}  // namespace
}  // namespace omenia::test
