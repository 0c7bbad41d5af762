// A server on this machine is asked over connections of our own.
#include <gmock/gmock.h>

#include "tests/unit/net/outbound_fixture.h"
#include "worker/net/plain_target.h"

namespace omenia::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string path_to(const std::string& url) {
  const auto endpoint = net::parse_endpoint(url);
  net::OutboundRequest request;
  request.url = url;
  const auto target = net::plain_target_of(request, endpoint.value());
  return target ? target->path : "curl";
}

TEST(PlainTarget, IsAServerOnThisMachine) {
  EXPECT_EQ(path_to("http://127.0.0.1:11434/v1/chat"), "/v1/chat");
  EXPECT_EQ(path_to("http://127.1.2.3"), "/");
  EXPECT_EQ(path_to("http://[::1]:8080?x=1"), "/?x=1");
  EXPECT_EQ(path_to("HTTP://127.0.0.1:1/a?b=/c"), "/a?b=/c");
}

TEST(PlainTarget, IsNothingThatNeedsMore) {
  for (const char* url :
       {"https://127.0.0.1/", "http://10.0.0.1/", "http://example.com/", "http://a.localhost/",
        "http://me:pw@127.0.0.1/", "http://127.0.0.1/a b", "http://127.0.0.1/\xc3\xa4", "http://127.0.0.1/#part",
        "http://127.0.0.1/a/../b", "http://127.0.0.1\\@example.com/", "http://127.0.0.1/\r\nX: y"})
    EXPECT_EQ(path_to(url), "curl") << url;
  net::OutboundRequest ruled;
  ruled.url = "http://127.0.0.1/";
  ruled.may_connect = [](const sockaddr&) { return true; };
  EXPECT_FALSE(net::plain_target_of(ruled, net::parse_endpoint(ruled.url).value()));
}

class Plainly : public OutboundFixture {
 protected:
  Plainly() : OutboundFixture(net::Outbound::Ways::all) {}
};

TEST_F(Plainly, SaysWhoItIsUnlessTheCallerDoes) {
  std::string seen;
  ScriptedServer server([&](Connection& connection) {
    seen = connection.read_request();
    connection.send(answer_of(200, "ok"));
  });
  auto request = to(server, "body");
  request.headers = {{"host", "other"},
                     {"user-agent", "me"},
                     {"content-length", "1"},
                     {"Transfer-Encoding", "chunked"},
                     {"Connection", "close"}};
  ASSERT_TRUE(ask(std::move(request)).ok());
  EXPECT_THAT(seen, HasSubstr("\r\nhost: other\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nuser-agent: me\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nContent-Length: 4\r\n"));
  EXPECT_THAT(seen, Not(HasSubstr("content-length")));
  EXPECT_THAT(seen, Not(HasSubstr("chunked"))) << "how long the body is, is ours to say";
  EXPECT_THAT(seen, Not(HasSubstr("User-Agent")));
}

TEST_F(Plainly, NotAgainOverAConnectionThatMayNotBeKept) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(200, "ok", "Connection: close\r\n"));
    connection.wait_for_close();
  });
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(to(server)).value().body, "ok");
  EXPECT_EQ(server.accepted(), 3);
}

TEST_F(Plainly, NotAgainOverAConnectionOnWhichMoreWasSaid) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(200, "ok") + answer_of(200, "of another"));
    connection.wait_for_close();
  });
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(to(server)).value().body, "ok");
  EXPECT_EQ(server.accepted(), 3);
}

TEST_F(Plainly, AnAnswerThatDoesNotWaitForTheBody) {
  ScriptedServer server([](Connection& connection) {
    connection.send(answer_of(413, "too much"));
    connection.wait_for_close();
  });
  const auto received = ask(to(server, std::string(16'000'000, 'x')));
  ASSERT_TRUE(received.ok()) << received.error().message;
  EXPECT_EQ(received.value().head.status, 413);
}

// What a body would be cut of may be sent for ever, and never be a piece of it.
TEST_F(Plainly, NotForEverBetweenTwoParts) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(stream_head);
    connection.send("2;");
    while (connection.send(std::string(10'000, 'x'))) {
    }
  });
  const auto received = ask(to(server));
  ASSERT_FALSE(received.ok());
  EXPECT_EQ(received.error().code, ErrorCode::provider_broken) << received.error().message;
}

TEST_F(Plainly, CountsNoSuchByteAsASignOfLife) {
  std::atomic<bool> over = false;
  ScriptedServer server([&](Connection& connection) {
    connection.read_request();
    connection.send(stream_head);
    connection.send("2;");
    while (!eventually([&] { return over.load(); }, 20) && connection.send("x")) {
    }
  });
  auto request = to(server);
  request.deadlines.idle_ms = 200;
  request.deadlines.total_ms = 10'000;
  const auto received = ask(std::move(request));
  over = true;
  ASSERT_FALSE(received.ok());
  EXPECT_THAT(received.error().message, HasSubstr("idle deadline"));
}

TEST_F(Plainly, KeepsAsManyConnectionsAsItUses) {
  std::atomic<int> asked = 0;
  ScriptedServer server([&](Connection& connection) {
    while (!connection.read_request().empty()) {
      if (++asked <= 3) eventually([&] { return asked >= 3; });
      connection.send(answer_of(200, "ok"));
    }
  });
  std::vector<std::unique_ptr<net::OutboundCall>> calls;
  for (int i = 0; i < 3; ++i) calls.push_back(outbound->start(to(server), {}));
  for (const auto& call : calls) EXPECT_TRUE(run(receive(call.get())).ok());
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(ask(to(server)).ok());
  EXPECT_EQ(server.accepted(), 3);
}

// The error of a connection that was reset while something was sent must not get lost: then half an answer would be
// taken for one that ended with its connection.
TEST_P(OutboundTest, ToldAsHalfWhenItsConnectionBreaksWhileItIsSent) {
  std::atomic<bool> seen = false;
  ScriptedServer server([&](Connection& connection) {
    connection.send("HTTP/1.1 200 OK\r\n\r\nhalf of the ans");
    eventually([&] { return seen.load(); });
    connection.reset();
  });
  const auto call = outbound->start(to(server, std::string(30'000'000, 'x')), {});
  EXPECT_EQ(run(call->piece()).value(), "half of the ans");
  seen = true;
  const auto rest = run(call->piece());
  ASSERT_FALSE(rest.ok());
  EXPECT_EQ(rest.error().code, ErrorCode::provider_server_error) << rest.error().message;
}

TEST_P(OutboundTest, SendsNoBodyWithAGet) {
  ScriptedServer server([](Connection& connection) {
    for (std::string request; !(request = connection.read_request()).empty();)
      connection.send(answer_of(request.starts_with("GET /path HTTP/1.1\r\n") ? 200 : 400, ""));
  });
  for (int i = 0; i < 2; ++i) {
    auto request = to(server, "not to be sent");
    request.method = "GET";
    EXPECT_EQ(ask(std::move(request)).value().head.status, 200);
  }
  EXPECT_EQ(server.accepted(), 1);
}

// The server may close a kept connection just when a request is on its way over it.
TEST_P(OutboundTest, AsksOnceMoreWhenAKeptConnectionDiesWithTheRequest) {
  for (const bool hard : {false, true}) {
    std::atomic<int> requests = 0;
    ScriptedServer server([&](Connection& connection) {
      connection.read_request();
      connection.send(answer_of(200, std::to_string(connection.number())));
      if (connection.read_request().empty()) return;
      ++requests;
      hard ? connection.reset() : connection.close();
    });
    EXPECT_EQ(ask(to(server)).value().body, "0");
    const auto received = ask(to(server));
    ASSERT_TRUE(received.ok()) << received.error().message;
    EXPECT_EQ(received.value().body, "1");
    EXPECT_EQ(requests, 1);
  }
}

TEST_P(OutboundTest, AsksNotOnceMoreWhenSomethingWasAnswered) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(200, "ok"));
    if (connection.read_request().empty()) return;
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    connection.close();
  });
  EXPECT_TRUE(ask(to(server)).ok());
  const auto received = ask(to(server));
  ASSERT_FALSE(received.ok());
  EXPECT_EQ(received.error().code, ErrorCode::provider_server_error);
  EXPECT_EQ(server.accepted(), 1);
}

}  // namespace
}  // namespace omenia::test
