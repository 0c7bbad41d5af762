#include "tests/support/gateway.h"

#include <poll.h>
#include <signal.h>

#include "shared/json/writer.h"
#include "tests/support/note.h"

namespace omenia::test {

namespace {

constexpr int come_again = 503;

}  // namespace

void Gateway::launch(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"gateway"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  process_ = std::make_unique<ChildProcess>(instance_.command(words));
}

bool Gateway::start(const std::vector<std::string>& arguments) {
  launch(arguments);
  if (wait_ready()) return true;
  note("the gateway is not ready:\n" + everything_said());
  return false;
}

bool Gateway::wait_ready() const {
  return eventually([this] {
           if (!process_->running()) return true;
           HttpClient client = tls_ ? HttpClient(port(), TlsWish{}) : HttpClient(port());
           return client.open() && client.ask({.target = "/readyz"}).status == 200;
         }) &&
         process_->running();
}

int Gateway::stop() {
  process_->signal(SIGTERM);
  return process_->wait(2 * wait_ms_max);
}

pid_t Gateway::worker_pid() const {
  const auto children = children_of(supervisor_pid());
  return children.empty() ? 0 : children.back();
}

bool Gateway::kill_worker() {
  const pid_t victim = worker_pid();
  if (victim == 0) return false;
  ::kill(victim, SIGKILL);
  return eventually([&] { return worker_pid() != victim && worker_pid() != 0; }) && wait_ready();
}

std::string Gateway::everything_said() const {
  const std::string log = read_file(instance_.log_path());
  return process_ ? process_->output() + process_->errors() + log : log;
}

Identity Gateway::backend() const {
  Identity identity;
  identity.token = token();
  return identity;
}

bool Gateway::says(const std::string& words) const {
  return eventually([&] { return everything_said().find(words) != std::string::npos; });
}

// A worker that is just leaving tells who comes to it to come again.
WsClient Gateway::client() const {
  const Deadline deadline;
  while (true) {
    WsClient client = tls_ ? WsClient(port(), TlsWish{}) : WsClient(port());
    if (client.upgrade_status() != come_again || deadline.passed()) return connected(std::move(client), backend());
    ::poll(nullptr, 0, poll_ms);
  }
}

HttpAnswer Gateway::post(const std::string& target, const std::string& body, const std::string& headers) const {
  return ask({.method = "POST", .target = target, .token = token(), .headers = headers, .body = body});
}

std::string chat_body(const std::string& model, const std::string& text, const std::string& more) {
  JsonWriter writer;
  writer.begin_object().member("model", model).key("messages").begin_array();
  writer.begin_object().member("role", "user").member("content", text).end_object().end_array().end_object();
  std::string body = writer.take();
  body.insert(body.size() - 1, more);
  return body;
}

}  // namespace omenia::test
