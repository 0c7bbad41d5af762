// Many clients at once that send, stall and leave as they please do no harm.
#include <random>

#include "tests/unit/http/fixture.h"

namespace omenia::http::test {
namespace {

// Clients that send parts of what they should and leave when they like, and a handler that answers in every way there
// is. Nothing is expected but that the server is whole afterwards; the sanitizers see the rest.
class SurvivesUnreliableClients : public HttpServer {
 protected:
  void answer_somehow(std::shared_ptr<Exchange> exchange) {
    if (later_.size() > 3) std::exchange(later_, {}).clear();  // Never answered.
    switch (random_() % 5) {
      case 0: return exchange->respond(text_response(200, "at once"));
      case 1: return later_.push_back(std::move(exchange));
      case 2: return exchange.reset();
      case 3: exchange->begin_stream(200, {}); return later_.push_back(std::move(exchange));
      default:
        exchange->begin_stream(200, {});
        exchange->write(std::string(random_() % 100'000, 'x'));
        exchange->finish();
    }
  }
  std::mt19937 random_{1};  // The loop's.
  std::vector<std::shared_ptr<Exchange>> later_;
};

TEST_F(SurvivesUnreliableClients, AllOfThem) {
  handler_.on_handle = [this](auto exchange) { answer_somehow(std::move(exchange)); };
  start();
  const std::string requests =
      post("/1", "body") + get("/2") +
      "POST /3 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n" + get("/4") +
      "HEAD /5 HTTP/1.1\r\nHost: h\r\n\r\n" + get("/6");
  std::mt19937 random(2);
  for (int i = 0; i < 500; ++i) {
    Client client = connect();
    client.send(requests.substr(0, random() % (requests.size() + 1)));
    if (random() % 4 == 0) client.finish_sending();
    if (random() % 4 == 0) on_loop([] {});
  }
  on_loop([this] { later_.clear(); });
  wait_until([this] { return server_->connections() == 0; });
  handler_.on_handle = nullptr;
  EXPECT_EQ(ask(get("/whole")).body, "GET /whole ");
}

}  // namespace
}  // namespace omenia::http::test
