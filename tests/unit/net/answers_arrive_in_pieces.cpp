// A request goes out as it was given, its answer comes back piece by piece.
#include <gmock/gmock.h>

#include "tests/unit/net/outbound_fixture.h"

namespace omenia::test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_P(OutboundTest, SendsWhatItIsGiven) {
  std::string seen;
  ScriptedServer server([&](Connection& connection) {
    seen = connection.read_request();
    connection.send(answer_of(200, "ok"));
  });
  auto request = to(server, R"({"a":1})");
  request.headers = {{"Content-Type", "application/json"}, {"Authorization", "Bearer k"}, {"X-Empty", ""}};
  const auto received = ask(std::move(request));
  ASSERT_TRUE(received.ok()) << received.error().message;
  EXPECT_TRUE(seen.starts_with("POST /path HTTP/1.1\r\n")) << seen;
  EXPECT_THAT(seen, HasSubstr("\r\nContent-Type: application/json\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nAuthorization: Bearer k\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nX-Empty:\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nUser-Agent: OmeniaClaw/"));
  EXPECT_THAT(seen, Not(HasSubstr("Accept-Encoding")));
  EXPECT_TRUE(seen.ends_with("\r\n\r\n{\"a\":1}")) << seen;
}

TEST_P(OutboundTest, SendsALargeBodyWithoutAskingFirst) {
  const std::string body(3'000'000, 'x');
  std::string seen;
  ScriptedServer server([&](Connection& connection) {
    seen = connection.read_request();
    connection.send(answer_of(200, "ok"));
  });
  ASSERT_TRUE(ask(to(server, body)).ok());
  EXPECT_THAT(seen.substr(0, 1000), Not(HasSubstr("Expect")));
  EXPECT_TRUE(seen.ends_with(body));
}

TEST_P(OutboundTest, GetsWithoutABody) {
  std::string seen;
  ScriptedServer server([&](Connection& connection) {
    seen = connection.read_request();
    connection.send(answer_of(200, "ok"));
  });
  auto request = to(server, "");
  request.method = "GET";
  ASSERT_TRUE(ask(std::move(request)).ok());
  EXPECT_TRUE(seen.starts_with("GET /path HTTP/1.1\r\n")) << seen;
  EXPECT_THAT(seen, Not(HasSubstr("Content-Length")));
}

TEST_P(OutboundTest, TellsTheHeadBeforeTheBodyIsThere) {
  std::atomic<bool> go_on = false;
  ScriptedServer server([&](Connection& connection) {
    connection.read_request();
    connection.send(stream_head);
    eventually([&] { return go_on.load(); });
    connection.send_chunk("one");
    connection.send("0\r\n\r\n");
  });
  const auto call = outbound->start(to(server), {});
  const auto head = run(call->head());
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head.value().status, 200);
  EXPECT_EQ(head.value().content_type, "text/event-stream");
  go_on = true;
  EXPECT_EQ(run(call->piece()).value(), "one");
  EXPECT_EQ(run(call->piece()).value(), "");
  EXPECT_EQ(run(call->piece()).value(), "") << "the end stays the end";
}

TEST_P(OutboundTest, GivesEachPieceOutAsItComes) {
  std::atomic<int> allowed = 1;
  ScriptedServer server([&](Connection& connection) {
    connection.read_request();
    connection.send(stream_head);
    for (int i = 0; i < 20; ++i) {
      eventually([&] { return allowed > i; });
      connection.send_chunk(std::to_string(i));
    }
    connection.send("0\r\n\r\n");
  });
  const auto call = outbound->start(to(server), {});
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(run(call->piece()).value(), std::to_string(i));
    ++allowed;
  }
  EXPECT_EQ(run(call->piece()).value(), "");
}

TEST_P(OutboundTest, OverlooksInterimAnswersAndTrailers) {
  ScriptedServer server([&](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 103 Early Hints\r\nContent-Type: text/wrong\r\n\r\n");
    connection.send(
        "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nContent-Type: no\r\n\r\n");
  });
  const auto received = ask(to(server));
  ASSERT_TRUE(received.ok());
  EXPECT_EQ(received.value().head.status, 201);
  EXPECT_EQ(received.value().head.content_type, "");
  EXPECT_EQ(received.value().body, "hi");
}

TEST_P(OutboundTest, FollowsNoRedirect) {
  ScriptedServer server([&](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(302, "", "Location: http://127.0.0.1:1/\r\n"));
  });
  const auto received = ask(to(server));
  ASSERT_TRUE(received.ok());
  EXPECT_EQ(received.value().head.status, 302);
}

TEST_P(OutboundTest, TakesAnAnswerThatEndsWithItsConnection) {
  ScriptedServer server([&](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\n\r\nuntil the end");
    connection.close();
  });
  EXPECT_EQ(ask(to(server)).value().body, "until the end");
}

TEST_P(OutboundTest, UsesAConnectionAgain) {
  ScriptedServer server([&](Connection& connection) {
    while (!connection.read_request().empty()) connection.send(answer_of(200, "ok"));
  });
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(to(server)).value().body, "ok");
  EXPECT_EQ(server.accepted(), 1);
}

TEST_P(OutboundTest, UsesTheConnectionOfARetiredCallAgain) {
  std::atomic<bool> may_end = false;
  std::atomic<bool> has_ended = false;
  ScriptedServer server([&](Connection& connection) {
    while (!connection.read_request().empty()) {
      connection.send(stream_head);
      connection.send_chunk("all that counts");
      eventually([&] { return may_end.load(); });
      connection.send("0\r\n\r\n");
      has_ended = true;
    }
  });
  auto call = outbound->start(to(server), {});
  EXPECT_EQ(run(call->piece()).value(), "all that counts");
  outbound->retire(std::move(call));
  may_end = true;
  ASSERT_TRUE(eventually([&] { return has_ended.load(); }));
  run_what_is_due();
  EXPECT_EQ(ask(to(server)).value().body, "all that counts");
  EXPECT_EQ(server.accepted(), 1);
}

TEST_P(OutboundTest, GivesUpARetiredCallThatDoesNotEnd) {
  std::atomic<bool> closed = false;
  ScriptedServer server([&](Connection& connection) {
    connection.read_request();
    connection.send(stream_head);
    connection.send_chunk("all that counts");
    connection.wait_for_close();
    closed = true;
  });
  auto call = outbound->start(to(server), {});
  EXPECT_EQ(run(call->piece()).value(), "all that counts");
  outbound->retire(std::move(call));
  run_until([&] { return closed.load(); });
}

TEST_P(OutboundTest, ConnectsAgainWhenTheServerHasClosedAKeptConnection) {
  ScriptedServer server([&](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(200, std::to_string(connection.number())));
    connection.close();
  });
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(to(server)).value().body, std::to_string(i));
}

INSTANTIATE_TEST_SUITE_P(Over, OutboundTest, both_ways, name_of_case);

}  // namespace
}  // namespace omenia::test
