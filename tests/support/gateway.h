#pragma once
// Gateway: the real program, started as an operator starts it, in an Instance of its own. Knows both processes.

#include <memory>
#include <string>
#include <vector>

#include "tests/support/http_client.h"
#include "tests/support/instance.h"
#include "tests/support/ws_client.h"

namespace omenia::test {

class Gateway {
 public:
  Gateway() = default;
  explicit Gateway(int model_port) { instance_.configure(model_port); }

  Instance& instance() { return instance_; }
  int port() const { return instance_.port(); }
  const std::string& token() const { return instance_.token(); }

  // Starts `OmeniaClaw gateway` with these further arguments; waits until /readyz says ready. False when it does not.
  bool start(const std::vector<std::string>& arguments = {});
  void expect_tls() { tls_ = true; }  // It is configured so: everything below asks it over TLS.
  void launch(const std::vector<std::string>& arguments = {});  // Only starts it.
  bool wait_ready() const;
  int stop();  // SIGTERM; the exit code.

  ChildProcess& process() { return *process_; }
  pid_t supervisor_pid() const { return process_->pid(); }
  pid_t worker_pid() const;                   // 0 when there is none at the moment.
  bool kill_worker();                         // SIGKILL; true when another worker is ready.
  std::string everything_said() const;        // Terminal output and log file, for messages of failed expectations.
  bool says(const std::string& words) const;  // Soon: the log is written beside the answers.

  Identity backend() const;  // The default identity with this gateway's token.
  WsClient client() const;
  HttpAnswer ask(const HttpRequest& request) const { return tls_ ? https(port(), request) : http(port(), request); }
  HttpAnswer get(const std::string& target) const { return ask({.target = target, .token = token()}); }
  HttpAnswer post(const std::string& target, const std::string& body, const std::string& headers = {}) const;

 private:
  Instance instance_;
  bool tls_ = false;
  std::unique_ptr<ChildProcess> process_;
};

// The body of a chat completion with one user message.
std::string chat_body(const std::string& model, const std::string& text, const std::string& more = {});

}  // namespace omenia::test
