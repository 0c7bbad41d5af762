#include "tests/swap/http_callers.h"

#include <memory>
#include <random>

#include "tests/support/gateway.h"

namespace omenia::swap {

namespace {

constexpr const char* paced_text = "one two three four five six";
constexpr const char* quick_text = "Hello from the mock model.";

struct Question {
  test::HttpRequest request;
  std::string answer;  // The model's text; empty: any body will do.
  bool streamed = false;
};

Question question(int number, const std::string& token) {
  const std::string text = number % 8 < 4 ? paced_text : quick_text;
  const std::string model = number % 8 < 4 ? "OmeniaClaw/paced" : "OmeniaClaw";
  switch (number % 4) {
    case 0: return {{.target = "/healthz"}, ""};
    case 1: return {{.target = "/v1/models", .token = token}, ""};
    case 2:
      return {{.method = "POST",
               .target = "/v1/chat/completions",
               .token = token,
               .body = test::chat_body(model, paced_text)},
              text};
    default:
      return {{.method = "POST",
               .target = "/v1/chat/completions",
               .token = token,
               .body = test::chat_body(model, paced_text, R"(,"stream":true)")},
              text,
              true};
  }
}

// The server has closed while nothing was asked.
bool closed_idle(test::HttpClient& client) {
  pollfd watched{client.socket().descriptor(), POLLIN, 0};
  return ::poll(&watched, 1, 0) == 1;
}

class Caller {
 public:
  Caller(int number, int port, const std::string& token, std::uint32_t seed, Tally& tally)
      : question_(question(number, token)), port_(port), random_(seed), tally_(tally) {}

  void run() {
    while (!tally_.stopping) {
      if (open()) ask();
      pause();
    }
  }

 private:
  bool open() {
    if (client_ && closed_idle(*client_)) {
      ++tally_.http_closed_idle;
      client_.reset();
    }
    if (client_) return true;
    client_ = std::make_unique<test::HttpClient>(port_);
    if (client_->open()) return true;
    client_.reset();
    if (!tally_.stopping) ++tally_.refused;
    return false;
  }

  void ask() {
    client_->send(question_.request.text());
    test::HttpAnswer answer = question_.streamed ? client_->read_head() : client_->read();
    if (question_.streamed && answer.status == 200) answer.body = client_->read_text_deltas();
    const bool right = answer.status == 200 && text_of(answer) == question_.answer;
    const bool leaves = answer.status == 0 || answer.header("connection") == "close";
    if (leaves || question_.streamed) client_.reset();  // What is left of a stream is of no interest.
    if (tally_.stopping) return;
    if (right) {
      ++(question_.streamed ? tally_.http_streams : tally_.http_answers);
      if (leaves) ++tally_.http_told_to_close;
      return;
    }
    ++tally_.http_failures;
    tally_.complain(question_.request.target + (question_.streamed ? " (stream)" : "") + ": status " +
                    std::to_string(answer.status) + ", \"" + answer.body.substr(0, 200) + "\"");
  }

  std::string text_of(const test::HttpAnswer& answer) const {
    if (question_.streamed || question_.answer.empty()) return question_.answer.empty() ? "" : answer.body;
    return std::string(answer.json()["choices"].at(0)["message"]["content"].text());
  }

  // Mostly shorter than a draining server waits for the next request, sometimes longer.
  void pause() {
    const bool long_one = random_() % 40 == 0;
    const auto pause_ms = static_cast<int>(long_one ? 600 + random_() % 900 : 20 + random_() % 100);
    for (int waited_ms = 0; waited_ms < pause_ms && !tally_.stopping; waited_ms += 20) ::poll(nullptr, 0, 20);
  }

  Question question_;
  int port_;
  std::mt19937 random_;
  Tally& tally_;
  std::unique_ptr<test::HttpClient> client_;
};

}  // namespace

HttpCallers::HttpCallers(int connections, int port, const std::string& token, std::uint32_t seed, Tally& tally) {
  for (int number = 0; number < connections; ++number)
    threads_.emplace_back([number, port, token, seed, &tally] {
      Caller(number, port, token, seed + static_cast<std::uint32_t>(number), tally).run();
    });
}

HttpCallers::~HttpCallers() {
  for (std::thread& thread : threads_) thread.join();
}

}  // namespace omenia::swap
