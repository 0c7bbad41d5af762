#pragma once
// What the tests of the HTTP server share: a real server on a loop in a thread of its own, with a handler made of
// functions, and a blocking client that says exactly which bytes it sends.

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "shared/base/fd.h"
#include "shared/loop/loop.h"
#include "worker/http/server.h"

namespace omenia::http::test {

// Accepts bodies up to 1 MiB and answers 200 with "<method> <path> <body>", unless a test says otherwise.
struct TestHandler : Handler {
  std::function<Admission(const Request&)> on_admit;
  std::function<void(std::shared_ptr<Exchange>)> on_handle;
  std::function<std::optional<Response>(const Request&)> on_admit_upgrade;
  std::function<void(Upgrade)> on_upgrade;

  Admission admit(const Request& head) override;
  void handle(std::shared_ptr<Exchange> exchange) override;
  std::optional<Response> admit_upgrade(const Request& head) override;
  void upgrade(Upgrade upgrade) override;
};

struct Answer {
  int status = 0;                              // 0: the connection ended before an answer was complete.
  std::map<std::string, std::string> headers;  // Names in lower case.
  std::string body;                            // Chunks joined.
  std::string text;                            // As it came.

  std::string header(const std::string& name) const;
};

class Client {
 public:
  explicit Client(int port);

  void send(std::string_view bytes);  // What the other side no longer takes is dropped.
  void send_bytewise(std::string_view bytes);
  Answer read_answer(bool head_only = false);
  std::string read_to_end();  // Until the server closes.
  std::string read_some();    // At least a byte, or "" at the end.
  bool is_closed();           // Waits for the server's end; false when bytes come instead.
  void finish_sending();
  void close() { socket_.reset(); }

 private:
  bool receive();
  std::string read_line();
  std::string take(std::size_t bytes);

  Fd socket_;
  std::string received_;
};

class HttpServer : public ::testing::Test {
 protected:
  HttpServer() = default;
  ~HttpServer() override;

  void start(ServerOptions options = {}) { start_with(handler_, std::move(options)); }
  void start_with(Handler& handler, ServerOptions options = {});
  Client connect() { return Client(port_); }
  int port() const { return port_; }
  bool connection_is_refused();          // Nobody listens any more.
  Answer ask(std::string_view request);  // On a connection of its own.

  // On the loop's thread, waits for it.
  void on_loop(std::function<void()> work);
  std::size_t connections();
  void wait_until(const std::function<bool()>& holds_on_loop);
  void destroy_server();

  TestHandler handler_;
  Loop loop_;
  std::unique_ptr<Server> server_;

 private:
  std::thread thread_;
  int port_ = 0;
};

// "GET <target>" with the Host header that HTTP/1.1 wants, and further header lines.
std::string get(std::string_view target, std::string_view lines = "");
std::string post(std::string_view target, std::string_view body, std::string_view lines = "");

}  // namespace omenia::http::test
