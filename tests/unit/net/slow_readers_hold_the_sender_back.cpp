// Who takes pieces slowly slows the sender down, by TCP: nothing grows here.
#include "shared/base/limits.h"
#include "tests/unit/net/outbound_fixture.h"

namespace omenia::test {
namespace {

constexpr std::size_t whole_bytes = 64 * limits::MiB;
constexpr std::size_t kernel_buffers_bytes_max = 32 * limits::MiB;
constexpr int sure_of_it_ms = 200;

// Sends until nothing is taken any more, notes how much that was, then sends the rest.
struct Pusher {
  std::atomic<std::size_t> taken = 0;
  std::atomic<bool> held_back = false;
  std::atomic<bool> done = false;

  void operator()(Connection& connection) {
    const std::string block(64 * limits::KiB, 'x');
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(whole_bytes) + "\r\n\r\n");
    while (taken < whole_bytes && !held_back) {
      const std::size_t left = std::min(block.size(), whole_bytes - taken);
      const std::size_t count = connection.send_what_is_taken(std::string_view(block).substr(0, left), sure_of_it_ms);
      taken += count;
      held_back = count == 0;
    }
    std::size_t sent = taken;
    while (sent < whole_bytes && connection.send(std::string_view(block).substr(0, whole_bytes - sent)))
      sent += std::min(block.size(), whole_bytes - sent);
    done = true;
  }
};

TEST_P(OutboundTest, HoldsBackASenderWhosePiecesNobodyTakes) {
  Pusher pusher;
  ScriptedServer server([&](Connection& connection) { pusher(connection); });
  const auto call = outbound->start(to(server), {});
  ASSERT_TRUE(run(call->head()).ok());
  run_until([&] { return pusher.held_back.load() || pusher.done.load(); });
  EXPECT_TRUE(pusher.held_back);
  EXPECT_LT(pusher.taken, kernel_buffers_bytes_max);

  std::size_t received = 0;
  std::size_t largest = 0;
  while (true) {
    const auto piece = run(call->piece());
    ASSERT_TRUE(piece.ok()) << piece.error().message;
    if (piece.value().empty()) break;
    received += piece.value().size();
    largest = std::max(largest, piece.value().size());
  }
  EXPECT_EQ(received, whole_bytes);
  EXPECT_LE(largest, limits::outbound_buffer_bytes_max + 16 * limits::KiB);
}

TEST_P(OutboundTest, DoesNotCountTheTimeInWhichWeHoldItBackAsIdle) {
  Pusher pusher;
  ScriptedServer server([&](Connection& connection) { pusher(connection); });
  auto request = to(server);
  request.deadlines.idle_ms = sure_of_it_ms / 2;
  const auto call = outbound->start(std::move(request), {});
  ASSERT_TRUE(run(call->head()).ok());
  run_until([&] { return pusher.held_back.load() || pusher.done.load(); });
  EXPECT_TRUE(run(call->piece()).ok());
}

TEST_P(OutboundTest, EndsACallThatIsHeldBack) {
  Pusher pusher;
  ScriptedServer server([&](Connection& connection) { pusher(connection); });
  auto call = outbound->start(to(server), {});
  ASSERT_TRUE(run(call->head()).ok());
  run_until([&] { return pusher.held_back.load() || pusher.done.load(); });
  call.reset();
  run_until([&] { return pusher.done.load(); });
}

}  // namespace
}  // namespace omenia::test
