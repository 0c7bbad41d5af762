// How often a server is asked, and how a call ends when nobody wants it any more.
#include <gmock/gmock.h>

#include "shared/base/limits.h"
#include "tests/unit/providers/provider_fixture.h"

namespace omenia::test {
namespace {

using testing::ElementsAre;

class Attempts : public ProviderTest {
 protected:
  // Answers the first requests with these bytes each, on a connection each, and the others with "second".
  ScriptedServer::Script first(std::vector<std::string> answers) {
    return [answers](Connection& connection) {
      if (connection.read_request().empty()) return;
      const auto number = static_cast<std::size_t>(connection.number());
      if (number < answers.size()) {
        connection.send(answers[number]);
        connection.close();
      } else {
        send_stream(connection, "second");
      }
    };
  }
  static std::string refusal(int status, std::string_view headers = {}) {
    return answer_of(status, "", std::string(headers) + "Connection: close\r\n");
  }
};

TEST_F(Attempts, AreTwoForWhatMayPass) {
  for (const std::string& failure :
       {refusal(500), refusal(503), refusal(529), refusal(429), refusal(429, "retry-after-ms: 600\r\n"), std::string(),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nda"),
        answer_of(200, "data: {\"error\":{\"message\":\"broke\"}}\n\n", "Connection: close\r\n")}) {
    pieces.clear();
    ScriptedServer server(first({failure}));
    const auto answer = ask(config_for(server));
    ASSERT_TRUE(answer.ok()) << failure << answer.error().message;
    EXPECT_THAT(pieces, ElementsAre("second"));
    EXPECT_EQ(server.accepted(), 2);
  }
}

TEST_F(Attempts, AreNeverMoreThanTwo) {
  ScriptedServer server(first({refusal(500), refusal(500), refusal(500)}));
  EXPECT_EQ(ask(config_for(server)).error().code, ErrorCode::provider_server_error);
  EXPECT_EQ(server.accepted(), limits::provider_attempts_max);
}

TEST_F(Attempts, IsOneForWhatWillNotPass) {
  for (const std::string& failure : {refusal(400), refusal(401), refusal(402), refusal(404), refusal(413), refusal(301),
                                     answer_of(200, "<html>"), refusal(429, "Retry-After: 3600\r\n")}) {
    ScriptedServer server(first({failure}));
    EXPECT_FALSE(ask(config_for(server)).ok());
    EXPECT_EQ(server.accepted(), 1) << failure;
  }
}

TEST_F(Attempts, IsOneAfterTheFirstPieceOfText) {
  ScriptedServer server(first(
      {"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 1000\r\n\r\n" + text_event("half")}));
  EXPECT_EQ(ask(config_for(server)).error().code, ErrorCode::provider_server_error);
  EXPECT_THAT(pieces, ElementsAre("half"));
  EXPECT_EQ(server.accepted(), 1);
}

// How far a call has come when it is ended.
enum class Point { started, waiting_for_head, reading_refusal, streaming, pausing };
constexpr Point points[] = {Point::started, Point::waiting_for_head, Point::reading_refusal, Point::streaming,
                            Point::pausing};

class EndedCall : public ProviderTest, public testing::WithParamInterface<Point> {
 protected:
  void serve(Connection& connection) {
    if (connection.read_request().empty()) return;
    switch (GetParam()) {
      case Point::started:
      case Point::waiting_for_head: break;
      case Point::reading_refusal: connection.send("HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\nhalf"); break;
      case Point::streaming:
        connection.send(stream_head);
        connection.send_chunk(text_event("a"));
        break;
      case Point::pausing: connection.send(answer_of(500, "", "retry-after-ms: 9000\r\n")); break;
    }
    ++asked;
    connection.wait_for_close();
    ++left;
  }

  // Starts a call and lets it come as far as it can.
  void start(std::stop_token stop = {}) {
    provider = provider_for(config_for(server));
    task.emplace(keep(provider->complete(hello(), collect(), std::move(stop)), &answer));
    task->start([] {});
    if (GetParam() == Point::started) return;
    run_until([&] { return asked > 0; });
    if (GetParam() == Point::streaming) run_until([&] { return !pieces.empty(); });
    run_what_is_due();
  }

  std::atomic<int> asked = 0;
  std::atomic<int> left = 0;
  ScriptedServer server{[this](Connection& connection) { serve(connection); }};
  std::shared_ptr<providers::Provider> provider;
  std::optional<Result<providers::ModelAnswer>> answer;
  std::optional<Task<void>> task;
};

TEST_P(EndedCall, ByAStop) {
  std::stop_source stop;
  start(stop.get_token());
  ASSERT_FALSE(answer);
  stop.request_stop();
  run_until([&] { return answer.has_value(); });
  ASSERT_FALSE(answer->ok());
  EXPECT_EQ(answer->error().code, ErrorCode::run_aborted);
}

TEST_P(EndedCall, ByDestroyingWhoWaits) {
  start();
  task.reset();
  run_what_is_due();
  if (asked > 0 && GetParam() != Point::pausing) run_until([&] { return left > 0; });
  EXPECT_FALSE(answer);
}

INSTANTIATE_TEST_SUITE_P(At, EndedCall, testing::ValuesIn(points));

}  // namespace
}  // namespace omenia::test
