// Four deadlines, each of which says which one it was.
#include <gmock/gmock.h>

#include "tests/unit/net/outbound_fixture.h"
#include "worker/net/outbound_deadline.h"

namespace omenia::test {
namespace {

using net::Deadlines;
using net::OutboundProgress;
using testing::HasSubstr;

constexpr std::int64_t short_ms = 30;

class Deadlined : public OutboundTest {
 protected:
  void expect_timeout(const ScriptedServer& server, Deadlines deadlines, const std::string& words) {
    auto request = to(server);
    request.deadlines = deadlines;
    const auto received = ask(std::move(request));
    ASSERT_FALSE(received.ok());
    EXPECT_EQ(received.error().code, ErrorCode::provider_timeout);
    EXPECT_EQ(received.error().message, "127.0.0.1:" + std::to_string(server.port()) + " " + words);
  }
};

TEST_P(Deadlined, NoFirstByte) {
  ScriptedServer server([](Connection& connection) { connection.wait_for_close(); });
  expect_timeout(server, {.connect_ms = 10'000, .first_byte_ms = short_ms},
                 "sent nothing within the first-byte deadline of 30 ms");
}

TEST_P(Deadlined, SilenceAfterTheHead) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(stream_head);
    connection.wait_for_close();
  });
  expect_timeout(server, {.first_byte_ms = 10'000, .idle_ms = short_ms},
                 "stopped sending for longer than the idle deadline of 30 ms");
}

TEST_P(Deadlined, SilenceInTheMiddle) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(stream_head);
    connection.send_chunk("x");
    connection.wait_for_close();
  });
  expect_timeout(server, {.idle_ms = short_ms}, "stopped sending for longer than the idle deadline of 30 ms");
}

TEST_P(Deadlined, AnAnswerWithoutEnd) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(stream_head);
    while (connection.send("1\r\nx\r\n")) {
    }
  });
  expect_timeout(server, {.idle_ms = 10'000, .total_ms = 100}, "did not finish within the total deadline of 100 ms");
}

// A queue of connections that is full lets nobody in: the next one is neither accepted nor refused.
TEST_P(Deadlined, NoConnection) {
  const Fd listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listening.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listening.get(), 0), 0);
  ::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size);
  std::vector<Fd> fillers;
  for (int i = 0; i < 4; ++i) {
    fillers.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    ::connect(fillers.back().get(), reinterpret_cast<sockaddr*>(&address), size);
  }
  net::OutboundRequest request;
  request.url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
  request.deadlines.connect_ms = short_ms;
  const auto received = ask(std::move(request));
  ASSERT_FALSE(received.ok());
  EXPECT_EQ(received.error().code, ErrorCode::provider_timeout);
  EXPECT_THAT(received.error().message, HasSubstr("was not connected within the connect deadline of 30 ms"));
}

TEST_P(Deadlined, AConnectionThatStandsKeepsTheConnectDeadline) {
  ScriptedServer server([](Connection& connection) { connection.wait_for_close(); });
  expect_timeout(server, {.connect_ms = 500, .first_byte_ms = 600},  // Long enough to connect on a busy machine.
                 "sent nothing within the first-byte deadline of 600 ms");
}

TEST_P(Deadlined, WhoIsInTimeIsLeftAlone) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(200, "in time"));
  });
  auto request = to(server);
  request.deadlines = {.connect_ms = 10'000, .first_byte_ms = 10'000, .idle_ms = 10'000, .total_ms = 10'000};
  EXPECT_EQ(ask(std::move(request)).value().body, "in time");
}

TEST(Deadline, CountsOnlyWhatItIsAbout) {
  const Deadlines all{.connect_ms = 10, .first_byte_ms = 20, .idle_ms = 30, .total_ms = 1000};
  OutboundProgress progress;
  EXPECT_EQ(net::broken_deadline(all, progress, 9), std::nullopt);
  EXPECT_THAT(net::broken_deadline(all, progress, 10).value_or(""), HasSubstr("connect"));
  progress.connected = true;
  EXPECT_EQ(net::broken_deadline(all, progress, 19), std::nullopt);
  EXPECT_THAT(net::broken_deadline(all, progress, 20).value_or(""), HasSubstr("first-byte"));
  progress.head_begun = true;
  progress.last_piece_ms = 100;
  EXPECT_EQ(net::broken_deadline(all, progress, 129), std::nullopt);
  EXPECT_THAT(net::broken_deadline(all, progress, 130).value_or(""), HasSubstr("idle"));
  progress.held_back = true;
  EXPECT_EQ(net::broken_deadline(all, progress, 999), std::nullopt) << "we hold it back ourselves";
  EXPECT_THAT(net::broken_deadline(all, progress, 1000).value_or(""), HasSubstr("total"));
}

TEST(Deadline, TellsWhenToLookAgain) {
  OutboundProgress progress;
  EXPECT_EQ(net::next_deadline_in_ms({}, progress, 5), std::nullopt);
  EXPECT_EQ(net::next_deadline_in_ms({.connect_ms = 10, .total_ms = 50}, progress, 4), 6);
  progress.connected = true;
  EXPECT_EQ(net::next_deadline_in_ms({.connect_ms = 10, .total_ms = 50}, progress, 4), 46);
  EXPECT_EQ(net::next_deadline_in_ms({.total_ms = 50}, progress, 70), 0);
}

INSTANTIATE_TEST_SUITE_P(Over, Deadlined, both_ways, name_of_case);

}  // namespace
}  // namespace omenia::test
