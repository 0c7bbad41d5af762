// fake_worker: stands in for the worker in tests of the supervisor. The variable FAKE_WORKER lists what the first,
// second, ... generation does, separated by commas; the last word holds for all later ones:
//
//   serves        says hello and ready, answers each connection with its process id, drains and stops when told
//   serves_once   the same, and ends itself with code 7 at its first connection
//   dies          ends with code 3 before it is ready
//   refuses       says that it cannot start, exit code 78
//   hangs         never gets ready, and leaves only by force
//   stays         serves, but neither drains nor stops when told
//   lingers       serves and stops when told, but is never drained
//   falls_silent  serves, and stops sending heartbeats after the first
//   captured      as falls_silent, and says "captured" on standard error when it is to write where it stands
//   babbles       says hello and then something that is no message
//   stranger      speaks another control protocol

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/version.h"
#include "shared/json/writer.h"
#include "shared/loop/loop.h"
#include "shared/protocol/control.h"
#include "shared/protocol/launch.h"

namespace omenia::test {

namespace {

std::string behaviour_of(std::string_view words, std::int64_t generation) {
  for (; generation > 1 && words.find(',') != std::string_view::npos; --generation)
    words.remove_prefix(words.find(',') + 1);
  return std::string(words.substr(0, words.find(',')));
}

void say_captured(int) {
  [[maybe_unused]] const ssize_t put = ::write(STDERR_FILENO, "captured\n", 9);
}

class FakeWorker {
 public:
  FakeWorker()
      : control_(
            loop_, Fd(control_descriptor), [this](JsonView message) { hear(message); },
            [](const std::string&) { ::_exit(0); }),
        beat_(loop_, [this] { say("heartbeat"); }) {}

  void run() { loop_.run(); }

 private:
  void say(const char* type) { control_.send(std::string(R"({"type":")") + type + R"("})"); }

  void hear(JsonView message) {
    const std::string_view type = message["type"].text();
    if (type == "hello") return start(message["generation"].integer());
    if (type == "drain" && behaviour_ != "stays" && behaviour_ != "lingers") say("drained");
    if (type == "stop" && behaviour_ != "stays" && behaviour_ != "hangs") ::_exit(0);
  }

  void start(std::int64_t generation) {
    const char* words = std::getenv("FAKE_WORKER");
    behaviour_ = behaviour_of(words ? words : "serves", generation);
    if (behaviour_ == "dies") ::_exit(3);
    say_hello(behaviour_ == "stranger" ? control_protocol + 1 : control_protocol);
    if (behaviour_ == "hangs" || behaviour_ == "stranger") return;
    if (behaviour_ == "babbles") return control_.send("no JSON at all");
    if (behaviour_ == "refuses")
      return control_.send(R"({"type":"refused","message":"Gateway start blocked: set gateway.mode=local","exit":78})");
    if (behaviour_ == "captured") ::signal(SIGUSR2, say_captured);
    say("ready");
    say("heartbeat");
    if (behaviour_ != "falls_silent" && behaviour_ != "captured") beat_.start_repeating(20);
    accepting_.emplace(loop_, first_listen_descriptor, Watch::For::reading, [this] { answer_one(); });
  }

  void say_hello(int protocol) {
    JsonWriter hello;
    hello.begin_object()
        .member("type", "hello")
        .member("protocol", protocol)
        .member("version", version)
        .member("pid", static_cast<std::int64_t>(::getpid()))
        .end_object();
    control_.send(hello.text());
  }

  void answer_one() {
    const Fd connection(::accept4(first_listen_descriptor, nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection.valid()) return;
    const std::string answer = std::to_string(::getpid()) + "\n";
    ::send(connection.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
    if (behaviour_ == "serves_once") ::_exit(7);
  }

  Loop loop_;
  std::string behaviour_;
  ControlChannel control_;
  Timer beat_;
  std::optional<Watch> accepting_;
};

}  // namespace

}  // namespace omenia::test

int main() {
  omenia::test::FakeWorker().run();
}
