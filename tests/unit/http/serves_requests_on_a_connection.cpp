// Requests of one connection are answered in their order, each with the headers of every answer.
#include "tests/unit/http/fixture.h"

namespace omenia::http::test {
namespace {

using ServesRequests = HttpServer;

TEST_F(ServesRequests, AnswersWithTheHeadersOfEveryAnswer) {
  start({.common_headers = [] {
    return std::make_shared<const std::vector<Header>>(std::vector<Header>{{"X-Content-Type-Options", "nosniff"}});
  }});
  const Answer answer = ask(get("/path?query=1"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "GET /path ");
  EXPECT_EQ(answer.header("content-length"), "10");
  EXPECT_EQ(answer.header("connection"), "keep-alive");
  EXPECT_EQ(answer.header("keep-alive"), "timeout=5");
  EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(answer.header("date").size(), 29u);
}

TEST_F(ServesRequests, AnAnswersOwnHeaderReplacesTheCommonOne) {
  handler_.on_handle = [](auto exchange) {
    Response response = text_response(200, "");
    response.headers.push_back({"permissions-policy", "own"});
    exchange->respond(std::move(response));
  };
  start({.common_headers = [] {
    return std::make_shared<const std::vector<Header>>(std::vector<Header>{{"Permissions-Policy", "common"}});
  }});
  EXPECT_EQ(ask(get("/")).header("permissions-policy"), "own");
}

TEST_F(ServesRequests, KeepsTheConnectionForTheNextRequest) {
  start();
  Client client = connect();
  for (int i = 0; i < 3; ++i) {
    client.send(post("/n", std::to_string(i)));
    EXPECT_EQ(client.read_answer().body, "POST /n " + std::to_string(i));
  }
  EXPECT_EQ(connections(), 1u);
}

TEST_F(ServesRequests, AnswersThreePipelinedPostsInOrder) {
  start();
  Client client = connect();
  client.send(post("/1", "one") + post("/2", "two") + post("/3", "three"));
  EXPECT_EQ(client.read_answer().body, "POST /1 one");
  EXPECT_EQ(client.read_answer().body, "POST /2 two");
  EXPECT_EQ(client.read_answer().body, "POST /3 three");
}

TEST_F(ServesRequests, HandlesOnePipelinedRequestAtATime) {
  std::vector<std::shared_ptr<Exchange>> held;
  handler_.on_handle = [&](auto exchange) { held.push_back(std::move(exchange)); };
  start();
  Client client = connect();
  client.send(get("/1") + get("/2"));
  wait_until([&] { return !held.empty(); });
  on_loop([&] {
    EXPECT_EQ(held.size(), 1u);
    held[0]->respond(text_response(200, "first"));
    EXPECT_EQ(held.size(), 1u) << "the handler was called from within respond()";
  });
  EXPECT_EQ(client.read_answer().body, "first");
  wait_until([&] { return held.size() == 2; });
  on_loop([&] { held[1]->respond(text_response(200, "second")); });
  EXPECT_EQ(client.read_answer().body, "second");
  on_loop([&] { held.clear(); });
}

TEST_F(ServesRequests, ManyPipelinedRequestsBeyondWhatIsKeptAreAllAnswered) {
  std::shared_ptr<Exchange> first;
  handler_.on_handle = [&](auto exchange) {
    if (exchange->request().path == "/first") {
      first = std::move(exchange);
    } else {
      exchange->respond(text_response(200, "next"));
    }
  };
  start();
  Client client = connect();
  constexpr int count = 20'000;  // About 800 kB.
  std::string requests;
  for (int i = 0; i < count; ++i) requests += get("/");
  client.send(get("/first"));
  wait_until([&] { return first != nullptr; });
  std::thread sender([&] { client.send(requests); });
  on_loop([&] { std::exchange(first, nullptr)->respond(text_response(200, "first")); });
  EXPECT_EQ(client.read_answer().body, "first");
  int answered = 0;
  while (answered < count && client.read_answer().body == "next") ++answered;
  EXPECT_EQ(answered, count);
  sender.join();
}

TEST_F(ServesRequests, AHandlerMayAnswerLaterFromATimer) {
  std::shared_ptr<Exchange> held;
  std::unique_ptr<Timer> timer;
  handler_.on_handle = [&](auto exchange) {
    held = std::move(exchange);
    timer = std::make_unique<Timer>(loop_, [&] { std::exchange(held, nullptr)->respond(text_response(200, "later")); });
    timer->start(1);
  };
  start();
  EXPECT_EQ(ask(get("/")).body, "later");
  on_loop([&] { timer.reset(); });
}

TEST_F(ServesRequests, ACloseThatTheClientAsksForIsDone) {
  start();
  Client client = connect();
  client.send(get("/", "Connection: close\r\n"));
  EXPECT_EQ(client.read_answer().header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServesRequests, ACloseThatTheHandlerAsksForIsDone) {
  handler_.on_handle = [](auto exchange) {
    Response response = text_response(200, "last");
    response.close = true;
    exchange->respond(std::move(response));
  };
  start();
  Client client = connect();
  client.send(get("/") + get("/never"));
  EXPECT_EQ(client.read_answer().header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServesRequests, HeadHasTheLengthAndNoBody) {
  start();
  Client client = connect();
  client.send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n" + get("/y"));
  EXPECT_EQ(client.read_answer(true).header("content-length"), "8");
  EXPECT_EQ(client.read_answer().body, "GET /y ");
}

TEST_F(ServesRequests, AStatusWithoutBodyHasNoLength) {
  handler_.on_handle = [](auto exchange) { exchange->respond(text_response(204, "dropped")); };
  start();
  Client client = connect();
  client.send(get("/") + get("/"));
  const Answer answer = client.read_answer();
  EXPECT_FALSE(answer.headers.contains("content-length"));
  EXPECT_EQ(client.read_answer().status, 204);
}

TEST_F(ServesRequests, Http10IsAnsweredAndClosed) {
  start();
  Client client = connect();
  client.send("GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.body, "GET /old ");
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServesRequests, AnEmptyLineBeforeARequestIsIgnored) {
  start();
  Client client = connect();
  client.send(post("/1", "a") + "\r\n");
  EXPECT_EQ(client.read_answer().status, 200);
  client.send_bytewise("\r\n" + get("/2"));
  EXPECT_EQ(client.read_answer().body, "GET /2 ");
}

TEST_F(ServesRequests, AnAnswerLargerThanTheSocketsBufferArrivesWhole) {
  const std::string large(12 * limits::MiB, 'x');
  handler_.on_handle = [&](auto exchange) { exchange->respond(text_response(200, large)); };
  start();
  Client client = connect();
  client.send(get("/") + get("/"));
  EXPECT_EQ(client.read_answer().body, large);
  EXPECT_EQ(client.read_answer().body, large);
}

TEST_F(ServesRequests, AClientThatHasFinishedSendingGetsItsAnswerWhole) {
  const std::string large(12 * limits::MiB, 'x');
  handler_.on_handle = [&](auto exchange) { exchange->respond(text_response(200, large)); };
  start();
  Client client = connect();
  client.send(get("/"));
  client.finish_sending();
  EXPECT_EQ(client.read_answer().body, large);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServesRequests, AnExchangeThatIsNeverAnsweredIsAnswered500) {
  handler_.on_handle = [](auto exchange) { exchange.reset(); };
  start();
  const Answer answer = ask(get("/"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body, R"({"error":{"message":"internal error","type":"api_error"}})");
}

TEST_F(ServesRequests, HeadersCannotBeInjectedIntoAnAnswer) {
  handler_.on_handle = [](auto exchange) {
    Response response = text_response(200, "body");
    response.headers.push_back({"X-Echo", "a\r\nSet-Cookie: stolen\r\n\r\nbody"});
    response.headers.push_back({"X-Bad\r\nSet-Cookie", "stolen"});
    response.headers.push_back({"Content-Length", "0"});
    exchange->respond(std::move(response));
  };
  start();
  const Answer answer = ask(get("/"));
  EXPECT_EQ(answer.body, "body");
  EXPECT_FALSE(answer.headers.contains("set-cookie"));
  EXPECT_EQ(answer.header("x-echo"), "a  Set-Cookie: stolen    body");
}

TEST_F(ServesRequests, TheOneConnectionTooManyIsTurnedAway) {
  start({.connections_max = 1});
  Client first = connect();
  first.send(get("/"));
  EXPECT_EQ(first.read_answer().status, 200);
  Client second = connect();
  EXPECT_EQ(second.read_answer().status, 503);
  EXPECT_TRUE(second.is_closed());
}

}  // namespace
}  // namespace omenia::http::test
