// A call may be stopped, destroyed or left alone at any point of its life; so may the whole of Outbound.
#include "tests/unit/net/outbound_fixture.h"

namespace omenia::test {
namespace {

// How far a call has come when it is ended.
enum class Point { not_loaded, connecting, waiting_for_head, between_pieces, complete };
constexpr Point points[] = {Point::not_loaded, Point::connecting, Point::waiting_for_head, Point::between_pieces,
                            Point::complete};

class Ending : public OutboundFixture, public testing::WithParamInterface<std::tuple<Point, net::Outbound::Ways>> {
 protected:
  Ending() : OutboundFixture(std::get<1>(GetParam())) {}
  static Point point() { return std::get<0>(GetParam()); }

  // A call that has come so far, and no further.
  std::unique_ptr<net::OutboundCall> call_at(Point how_far, std::stop_token stop = {}) {
    if (how_far != Point::not_loaded) {
      EXPECT_TRUE(ask(to(quick)).ok());  // Loads the library.
    }
    auto call = outbound->start(to(how_far == Point::complete ? quick : halting), std::move(stop));
    if (how_far == Point::waiting_for_head) run_until([&] { return asked > 0; });
    if (how_far == Point::between_pieces || how_far == Point::complete) {
      answering = true;
      EXPECT_EQ(run(call->piece()).value(), "ok");
    }
    return call;
  }

  std::atomic<int> asked = 0;
  std::atomic<int> left = 0;
  std::atomic<bool> answering = false;
  ScriptedServer quick{[](Connection& connection) {
    while (!connection.read_request().empty()) connection.send(answer_of(200, "ok"));
  }};
  ScriptedServer halting{[this](Connection& connection) {
    if (connection.read_request().empty()) return;
    ++asked;
    if (answering || point() == Point::between_pieces) {
      connection.send(stream_head);
      connection.send_chunk("ok");
    }
    connection.wait_for_close();
    ++left;
  }};
};

TEST_P(Ending, ByDestroyingIt) {
  auto call = call_at(point());
  call.reset();
  run_what_is_due();
  if (asked > 0) run_until([&] { return left > 0; });
  EXPECT_TRUE(ask(to(quick)).ok()) << "others are not affected";
}

TEST_P(Ending, ByDestroyingWhoWaitsForIt) {
  const auto call = call_at(point());
  std::optional<Result<Received>> answer;
  {
    auto keeping = keep(receive(call.get()), &answer);
    keeping.start([] {});
    run_what_is_due();
  }
  run_what_is_due();
  EXPECT_TRUE(ask(to(quick)).ok());
}

TEST_P(Ending, ByAStopThatWakesWhoWaits) {
  std::stop_source stop;
  const auto call = call_at(point(), stop.get_token());
  std::optional<Result<Received>> answer;
  auto keeping = keep(receive(call.get()), &answer);
  keeping.start([] {});
  stop.request_stop();
  run_until([&] { return answer.has_value(); });
  if (point() == Point::complete) return;  // Its end was there before the stop.
  ASSERT_FALSE(answer->ok());
  EXPECT_EQ(answer->error().code, ErrorCode::run_aborted);
}

TEST_P(Ending, ByAStopThatNobodyWaitsFor) {
  std::stop_source stop;
  const auto call = call_at(point(), stop.get_token());
  stop.request_stop();
  const auto answer = run(call->piece());
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::run_aborted);
}

TEST_P(Ending, ByDestroyingOutbound) {
  const auto call = call_at(point());
  std::optional<Result<std::string>> answer;
  auto keeping = keep(call->piece(), &answer);
  keeping.start([] {});
  outbound.reset();
  run_until([&] { return answer.has_value(); });
  if (point() == Point::complete) return;
  ASSERT_FALSE(answer->ok());
  EXPECT_EQ(answer->error().code, ErrorCode::run_aborted);
}

INSTANTIATE_TEST_SUITE_P(At, Ending, testing::Combine(testing::ValuesIn(points), both_ways));

TEST_P(OutboundTest, AStopBeforeTheStartSendsNothing) {
  ScriptedServer server([](Connection&) {});
  std::stop_source stop;
  stop.request_stop();
  const auto call = outbound->start(to(server), stop.get_token());
  EXPECT_EQ(run(call->head()).error().code, ErrorCode::run_aborted);
  EXPECT_EQ(server.accepted(), 0);
}

Task<void> receive_then_end_all(net::OutboundCall* call, std::vector<std::unique_ptr<net::OutboundCall>>* all,
                                std::unique_ptr<net::Outbound>* outbound) {
  auto reading = call->piece();
  const auto piece = co_await std::move(reading);
  EXPECT_EQ(piece.value(), "ok");
  all->clear();
  outbound->reset();
}

TEST_P(OutboundTest, WhoIsWokenMayEndAllCallsAndOutboundItself) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(200, "ok"));
  });
  std::vector<std::unique_ptr<net::OutboundCall>> calls;
  for (int i = 0; i < 20; ++i) calls.push_back(outbound->start(to(server), {}));
  bool ended = false;
  auto task = receive_then_end_all(calls.front().get(), &calls, &outbound);
  task.start([&] { ended = true; });
  run_until([&] { return ended; });
  EXPECT_TRUE(calls.empty());
}

}  // namespace
}  // namespace omenia::test
