#pragma once
// Reload: a running gateway whose configuration file is edited, as an operator does it.

#include "tests/flow/flow.h"

namespace omenia::test {

class Reload : public FlowNotStarted {
 protected:
  // Members of gateway besides mode, port, auth; members of the root; members of gateway.auth besides the token.
  struct Edit {
    std::string gateway{};
    std::string root{};
    std::string auth{};
    std::string logging{};
    std::string token{};  // Empty: the instance's.
    std::string port{};   // Empty: the instance's.
  };

  std::string text_of(const Edit& edit) const {
    const std::string token = edit.token.empty() ? gateway.token() : edit.token;
    const std::string port = edit.port.empty() ? std::to_string(gateway.port()) : edit.port;
    return "{gateway: {mode: 'local', port: " + port + ", auth: {mode: 'token', token: '" + token + "', " + edit.auth +
           "}, " + edit.gateway +
           "}, models: {providers: {mock: {baseUrl: 'http://127.0.0.1:" + std::to_string(mock.port()) +
           "/v1', apiKey: 'mock-key'}}}, logging: {file: '" + log_path() + "', " + edit.logging + "}, " + edit.root +
           "}";
  }

  void SetUp() override { log_path_ = gateway.instance().log_path(); }
  const std::string& log_path() const { return log_path_; }

  void start_with(const Edit& edit) {
    gateway.instance().write_config(text_of(edit));
    ASSERT_TRUE(gateway.start());
    worker = gateway.worker_pid();
  }
  void change_to(const Edit& edit) { gateway.instance().write_config(text_of(edit)); }

  // Lines of the log file whose message begins so.
  std::size_t count(const std::string& words) const {
    const std::string log = read_file(log_path());
    const std::string mark = "\"message\":\"" + words;
    std::size_t times = 0;
    for (std::size_t at = log.find(mark); at != std::string::npos; at = log.find(mark, at + mark.size())) ++times;
    return times;
  }
  bool logs(const std::string& words, std::size_t times = 1) const {
    return eventually([&] { return count(words) >= times; });
  }
  bool mentions(const std::string& words) const {
    return eventually([&] { return read_file(log_path()).find(words) != std::string::npos; });
  }

  // The edit has taken effect in the worker that was started.
  void expect_applied(const Edit& edit, const std::string& paths) {
    const std::string words = "config hot reload applied (" + paths + ")";
    const std::size_t before = count(words);
    change_to(edit);
    EXPECT_TRUE(logs(words, before + 1)) << words;
    EXPECT_EQ(gateway.worker_pid(), worker) << "no restart";
  }

  int status_of(const std::string& target, const std::string& token) const {
    return http(gateway.port(), {.target = target, .token = token}).status;
  }

  pid_t worker = 0;

 private:
  std::string log_path_;
};

}  // namespace omenia::test
