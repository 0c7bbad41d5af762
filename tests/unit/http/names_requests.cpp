// Every request has a name, which its answer shows; and the handler is told what became of it.
#include "tests/unit/http/fixture.h"

namespace omenia::http::test {
namespace {

class Requests : public HttpServer {
 protected:
  struct Told {
    std::string id;
    int tag;
    int status;
    bool operator==(const Told&) const = default;
  };
  struct Handler : TestHandler {
    void answered(const Answered& answered) override {
      EXPECT_GE(answered.took_us, 0);
      EXPECT_EQ(answered.address, "127.0.0.1");
      told.push_back({std::string(answered.id), answered.tag, answered.status});
    }
    std::vector<Told> told;
  };
  std::string id_of(const std::string& lines) { return ask(get("/", lines)).header("x-request-id"); }
};

TEST_F(Requests, KeepACleanNameOfTheClient) {
  start();
  for (const char* id :
       {"a", "req_01J9ZK", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "Root=1-67:a/b+c="})
    EXPECT_EQ(id_of("X-Request-Id: " + std::string(id) + "\r\n"), id);
  EXPECT_EQ(id_of("x-request-id: " + std::string(128, 'x') + "\r\n"), std::string(128, 'x'));
}

TEST_F(Requests, GetANameWhenTheClientGivesNoneThatIsClean) {
  start();
  std::vector<std::string> made = {id_of("")};
  for (const std::string& id : {std::string(), std::string(129, 'x'), std::string("a b"), std::string("<script>"),
                                std::string("a\"b"), std::string("\xc3\xa4"), std::string("a;b")})
    made.push_back(id_of("X-Request-Id: " + id + "\r\n"));
  for (std::size_t i = 0; i < made.size(); ++i) {
    EXPECT_TRUE(made[i].starts_with(made[0].substr(0, 9))) << made[i];
    EXPECT_EQ(std::count(made.begin(), made.end(), made[i]), 1) << "each its own";
  }
}

TEST_F(Requests, AreNamedInEveryAnswer) {
  handler_.on_admit = [](const Request& head) {
    Admission admission;
    if (head.path == "/refused") admission.refusal = text_response(403, "no");
    return admission;
  };
  handler_.on_handle = [](auto exchange) {
    if (exchange->request().path != "/stream") return exchange->respond(text_response(200, exchange->request().id));
    exchange->begin_stream(200, {});
    exchange->finish();
  };
  start();
  Client client = connect();
  for (const char* path : {"/refused", "/stream", "/"}) {
    client.send(get(path, "X-Request-Id: r1\r\n"));
    EXPECT_EQ(client.read_answer().header("x-request-id"), "r1") << path;
  }
  client.send("nonsense\r\n\r\n");
  const Answer refused = client.read_answer();
  EXPECT_EQ(refused.status, 400);
  EXPECT_FALSE(refused.header("x-request-id").empty());
}

TEST_F(Requests, GetTheHeadersOfTheirAdmissionWithWhateverAnswer) {
  handler_.on_admit = [](const Request& head) {
    Admission admission;
    if (head.path == "/refused") admission.refusal = text_response(401, "no");
    admission.headers = {{"Vary", "Origin"}, {"X-More", "admission"}};
    return admission;
  };
  handler_.on_handle = [](auto exchange) { exchange->respond({.headers = {{"x-more", "answer"}}}); };
  start();
  EXPECT_EQ(ask(get("/refused")).header("x-more"), "admission");
  const Answer answer = ask(get("/"));
  EXPECT_EQ(answer.header("x-more"), "answer") << "its own comes first";
  EXPECT_EQ(answer.header("vary"), "Origin");
}

class Told : public Requests {
 protected:
  // With a handler of its own, so that what it is told can be looked at on the loop.
  void start_telling() {
    teller_.on_admit = [](const Request& head) {
      Admission admission;
      admission.body_bytes_max = 2;
      admission.tag = head.path == "/seven" ? 7 : Admission::no_tag;
      return admission;
    };
    teller_.on_handle = [this](auto exchange) {
      if (exchange->request().path == "/held") return void(held_ = std::move(exchange));
      exchange->respond(text_response(200, ""));
    };
  }
  Handler teller_;
  std::shared_ptr<Exchange> held_;
};

TEST_F(Told, OncePerRequestWithItsTagAndStatus) {
  start_telling();
  start_with(teller_);
  Client client = connect();
  client.send(get("/seven", "X-Request-Id: a\r\n") + post("/", "123", "X-Request-Id: b\r\n"));
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(client.read_answer().status, 413);
  wait_until([this] { return teller_.told.size() == 2; });
  on_loop([this] {
    EXPECT_EQ(teller_.told[0], (Requests::Told{"a", 7, 200}));
    EXPECT_EQ(teller_.told[1], (Requests::Told{"b", Admission::no_tag, 413}));
  });
}

TEST_F(Told, OfAClientThatLeftBeforeItsAnswer) {
  start_telling();
  start_with(teller_);
  Client client = connect();
  client.send(get("/held", "X-Request-Id: gone\r\n"));
  wait_until([this] { return held_ != nullptr; });
  client.close();
  wait_until([this] { return teller_.told.size() == 1; });
  on_loop([this] {
    EXPECT_EQ(teller_.told[0], (Requests::Told{"gone", Admission::no_tag, 499}));
    held_.reset();
  });
}

}  // namespace
}  // namespace omenia::http::test
