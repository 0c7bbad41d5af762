// An answer may be streamed; either side may leave in the middle of it.
#include "tests/unit/http/fixture.h"

namespace omenia::http::test {
namespace {

class Streams : public HttpServer {
 protected:
  // Holds the exchange of the next request, so that the test can speak for the handler.
  void hold_exchanges() {
    handler_.on_handle = [this](auto exchange) { held_ = std::move(exchange); };
  }
  void wait_for_exchange() {
    wait_until([this] { return held_ != nullptr; });
  }
  ~Streams() override {
    if (server_) on_loop([this] { held_.reset(); });
  }
  std::shared_ptr<Exchange> held_;
};

TEST_F(Streams, InChunksAndThenTheNextRequest) {
  handler_.on_handle = [](auto exchange) {
    exchange->begin_stream(200, {{"Content-Type", "text/event-stream"}});
    EXPECT_EQ(exchange->write("one"), Sent::sent);
    EXPECT_EQ(exchange->write(""), Sent::sent);
    EXPECT_EQ(exchange->write("and two"), Sent::sent);
    exchange->finish();
    EXPECT_EQ(exchange->write("late"), Sent::dropped);
  };
  start();
  Client client = connect();
  client.send(get("/1") + get("/2"));
  for (int i = 0; i < 2; ++i) {
    const Answer answer = client.read_answer();
    EXPECT_EQ(answer.header("transfer-encoding"), "chunked");
    EXPECT_EQ(answer.header("content-type"), "text/event-stream");
    EXPECT_EQ(answer.body, "oneand two");
  }
}

TEST_F(Streams, PiecesArriveWhenTheyAreWritten) {
  hold_exchanges();
  start();
  Client client = connect();
  client.send(get("/"));
  wait_for_exchange();
  on_loop([&] { held_->begin_stream(200, {}); });
  EXPECT_TRUE(client.read_some().ends_with("\r\n\r\n"));
  on_loop([&] { held_->write("first"); });
  EXPECT_EQ(client.read_some(), "5\r\nfirst\r\n");
  on_loop([&] { held_->finish(); });
  EXPECT_EQ(client.read_some(), "0\r\n\r\n");
}

TEST_F(Streams, UntilTheEndOfTheConnectionForHttp10) {
  handler_.on_handle = [](auto exchange) {
    exchange->begin_stream(200, {});
    exchange->write("one");
    exchange->write("two");
    exchange->finish();
  };
  start();
  Client client = connect();
  client.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_FALSE(client.read_answer().headers.contains("transfer-encoding"));
  EXPECT_EQ(client.read_to_end(), "onetwo");
}

TEST_F(Streams, NothingForHead) {
  handler_.on_handle = [](auto exchange) {
    exchange->begin_stream(200, {});
    EXPECT_EQ(exchange->write("one"), Sent::sent);
    exchange->finish();
  };
  start();
  Client client = connect();
  client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\nHEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.read_answer(true).status, 200);
  EXPECT_EQ(client.read_answer(true).status, 200);
}

TEST_F(Streams, BrokenWhenTheExchangeIsGivenUp) {
  handler_.on_handle = [](auto exchange) {
    exchange->begin_stream(200, {});
    exchange->write("half");
  };
  start();
  Client client = connect();
  client.send(get("/"));
  EXPECT_EQ(client.read_answer().status, 0);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(Streams, TheHandlerLearnsThatTheClientLeft) {
  hold_exchanges();
  start();
  Client client = connect();
  client.send(get("/"));
  wait_for_exchange();
  on_loop([&] {
    held_->begin_stream(200, {});
    EXPECT_FALSE(held_->client_gone().stop_requested());
  });
  client.close();
  wait_until([&] { return held_->client_gone().stop_requested(); });
  on_loop([&] {
    EXPECT_EQ(held_->write("late"), Sent::dropped);
    held_->finish();
    EXPECT_EQ(server_->connections(), 0u);
  });
}

TEST_F(Streams, TheHandlerLearnsThatTheClientLeftBeforeTheAnswer) {
  hold_exchanges();
  start();
  Client client = connect();
  client.send(get("/"));
  wait_for_exchange();
  bool told = false;
  std::unique_ptr<std::stop_callback<std::function<void()>>> callback;
  on_loop([&] {
    callback = std::make_unique<std::stop_callback<std::function<void()>>>(held_->client_gone(), [&] {
      told = true;
      held_.reset();  // The last holder: the exchange is destroyed while it tells.
    });
  });
  client.close();
  wait_until([&] { return told; });
  on_loop([&] { callback.reset(); });
}

TEST_F(Streams, AnswersToAClientThatLeftAreDropped) {
  hold_exchanges();
  start();
  Client client = connect();
  client.send(get("/"));
  wait_for_exchange();
  client.close();
  wait_until([&] { return server_->connections() == 0; });
  on_loop([&] {
    EXPECT_TRUE(held_->client_gone().stop_requested());
    held_->respond(text_response(200, "late"));
  });
}

// It has sent more than is kept, so the server does not read when it leaves.
TEST_F(Streams, AClientThatFloodsAndLeavesIsNoticed) {
  hold_exchanges();
  start();
  Client client = connect();
  client.send(get("/"));
  wait_for_exchange();
  client.send(std::string(limits::http_pipelined_bytes_max + 32 * limits::KiB, 'x'));
  on_loop([&] { EXPECT_FALSE(held_->client_gone().stop_requested()); });
  client.close();
  wait_until([&] { return held_->client_gone().stop_requested(); });
}

TEST_F(Streams, ASlowReaderIsToldOfAndThenEnded) {
  hold_exchanges();
  start();
  Client client = connect();
  client.send(get("/"));
  wait_for_exchange();
  const std::string piece(256 * limits::KiB, 'x');
  bool was_queued = false;
  std::size_t written = 0;
  on_loop([&] {
    held_->begin_stream(200, {});
    for (Sent sent = Sent::sent; sent != Sent::dropped && written < 1024 * limits::MiB; written += piece.size()) {
      sent = held_->write(piece);
      was_queued = was_queued || sent == Sent::queued;
    }
  });
  EXPECT_TRUE(was_queued);
  EXPECT_LT(written, 64 * limits::MiB);
  wait_until([&] { return held_->client_gone().stop_requested(); });
  EXPECT_EQ(client.read_answer().status, 0);
}

TEST_F(Streams, TheServerMayEndBeforeItsExchanges) {
  hold_exchanges();
  start();
  Client client = connect();
  client.send(get("/"));
  wait_for_exchange();
  destroy_server();
  EXPECT_TRUE(client.is_closed());
  on_loop([&] {
    EXPECT_TRUE(held_->client_gone().stop_requested());
    held_->begin_stream(200, {});
    EXPECT_EQ(held_->write("late"), Sent::dropped);
    held_->finish();
    held_.reset();
  });
}

TEST_F(Streams, TheServerMayEndWithinAHandler) {
  handler_.on_handle = [this](auto exchange) {
    server_.reset();
    exchange->respond(text_response(200, "late"));
  };
  start();
  Client client = connect();
  client.send(get("/1") + get("/2"));
  EXPECT_TRUE(client.is_closed());
}

TEST_F(Streams, TheServerMayEndWithinAnAdmission) {
  handler_.on_admit = [this](const Request&) {
    server_.reset();
    return Admission{};
  };
  start();
  Client client = connect();
  client.send(post("/1", "body"));
  EXPECT_TRUE(client.is_closed());
}

}  // namespace
}  // namespace omenia::http::test
