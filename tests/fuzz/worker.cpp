#include "tests/fuzz/worker.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <cstdlib>
#include <filesystem>

#include "shared/base/ensure.h"
#include "worker/pipeline.h"
#include "worker/startup.h"
#include "worker/ws/session.h"

namespace omenia::fuzz {

namespace {

constexpr int turns_to_leave_max = 10'000;

worker::Beginnings beginnings_in(const std::string& folder) {
  LogOptions log;
  log.file = folder + "/log";
  log.level = LogLevel::error;
  log.console_level = LogLevel::silent;
  worker::Beginnings beginnings{{},
                                check_config("{}", folder + "/OmeniaClaw.json", {}),
                                {auth::AuthMode::token, Secret(std::string(fuzz_token))},
                                Log::open(log).value()};
  beginnings.launch.state_dir = folder;
  beginnings.launch.bind_mode = "loopback";
  beginnings.launch.config_path = folder + "/OmeniaClaw.json";
  return beginnings;
}

Fd listening_socket(int& port) {
  Fd listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ensure(::bind(listening.get(), reinterpret_cast<sockaddr*>(&address), size) == 0, "a free port is bound");
  ensure(::listen(listening.get(), 16) == 0, "the worker listens");
  ::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return listening;
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
  context_ = std::make_unique<worker::Context>(beginnings_in(folder_));
  ensure(worker::build(*context_).ok(), "the worker is built");
  context_->server->listen(listening_socket(port_));
}

FuzzWorker::~FuzzWorker() {
  context_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Fd FuzzWorker::client_of_a_web_socket() {
  int ends[2];
  ensure(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0, "a socket pair is made");
  Fd client(ends[0]);
  ws::PeerFacts peer;
  peer.address = "127.0.0.1";
  peer.loopback = true;
  peer.host = "localhost";
  context_->web_sockets->adopt(Fd(ends[1]), {"dGhlIHNhbXBsZSBub25jZQ=="}, {},
                               std::make_shared<ws::Session>(*context_, std::move(peer)));
  return client;
}

Fd FuzzWorker::client_of_the_port() {
  Fd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ensure(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "the worker is there");
  ::fcntl(client.get(), F_SETFL, O_NONBLOCK);
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
