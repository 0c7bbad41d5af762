#include "tests/fuzz/worker.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "shared/base/ensure.h"
#include "tests/support/worker_parts.h"
#include "worker/pipeline.h"
#include "worker/startup.h"

namespace omenia::fuzz {

namespace {

constexpr int turns_to_accept = 2;
constexpr int turns_to_leave_max = 10'000;

// An agent that answers by itself, and every endpoint.
constexpr const char* configuration = R"({
  agents: {defaults: {model: {primary: "builtin/echo"}}},
  gateway: {http: {endpoints: {chatCompletions: {enabled: true}, responses: {enabled: true}}}},
  hooks: {enabled: true, token: "the-token-of-hooks",
          mappings: [{match: {path: "mail"}, forEach: "messages", messageTemplate: "{{messages[0].subject}} {{query.k}}"}]},
  plugins: {entries: {"admin-http-rpc": {enabled: true}}}
})";

// Each client has an address of its own on this machine: one alone has too few ports for as many connections.
in_addr_t next_address() {
  static std::uint32_t number = 0;
  constexpr std::uint32_t addresses = 0xff'fffd;
  return htonl(0x7f00'0001 + ++number % addresses);
}

LogOptions quiet_log(const std::string& folder) {
  LogOptions log;
  log.file = folder + "/log";
  log.file_level = LogLevel::error;
  log.console_level = LogLevel::silent;
  return log;
}

}  // namespace

FuzzWorker& FuzzWorker::instance() {
  static FuzzWorker worker;
  return worker;
}

FuzzWorker::FuzzWorker() {
  ::signal(SIGPIPE, SIG_IGN);
  std::string name = std::filesystem::temp_directory_path() / "omenia-fuzz-XXXXXX";
  ensure(::mkdtemp(name.data()) != nullptr, "a folder is made");
  folder_ = name;
  context_ = std::make_unique<worker::Context>(test::beginnings_in(folder_, configuration, quiet_log(folder_)));
  ensure(worker::build(*context_).ok(), "the worker is built");
  context_->server->listen(test::listening_socket(port_));
}

FuzzWorker::~FuzzWorker() {
  context_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Fd FuzzWorker::client_of_a_web_socket() {
  return test::client_of_a_web_socket(*context_);
}

Fd FuzzWorker::client_of_the_port() {
  Fd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in from{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {next_address()}, .sin_zero = {}};
  ensure(::bind(client.get(), reinterpret_cast<sockaddr*>(&from), sizeof from) == 0, "an address is bound");
  sockaddr_in to{
      .sin_family = AF_INET, .sin_port = htons(static_cast<std::uint16_t>(port_)), .sin_addr = {}, .sin_zero = {}};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // The fuzzer's own clock interrupts it now and then; it goes on by itself.
  if (::connect(client.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
    ensure(errno == EINTR, "the worker is there");
    pollfd established{client.get(), POLLOUT, 0};
    while (::poll(&established, 1, -1) < 0) ensure(errno == EINTR, "a connect is waited for");
  }
  ::fcntl(client.get(), F_SETFL, O_NONBLOCK);
  turn(turns_to_accept);  // One that left before would fill the queue of those that wait to be accepted.
  return client;
}

void FuzzWorker::turn(int times) {
  for (int i = 0; i < times; ++i) event_base_loop(context_->loop.base(), EVLOOP_NONBLOCK);
}

void FuzzWorker::send(const Fd& client, std::string_view bytes) {
  [[maybe_unused]] const auto sent = ::send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void FuzzWorker::drain(const Fd& client) {
  static char bytes[64 * 1024];
  while (::recv(client.get(), bytes, sizeof bytes, MSG_DONTWAIT) > 0) continue;
}

void FuzzWorker::leave(Fd client) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);  // Leaves no port behind that waits.
  client.reset();
  const auto is_gone = [this] { return context_->web_sockets->open_sockets() + context_->server->connections() == 0; };
  for (int i = 0; i < turns_to_leave_max && !is_gone(); ++i) turn(1);
  ensure(is_gone(), "a connection that broke is forgotten");
}

}  // namespace omenia::fuzz
