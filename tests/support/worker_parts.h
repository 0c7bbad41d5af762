#pragma once
// WorkerParts: what a whole worker on the caller's own thread is made of, and the other ends of its sockets. For the
// programs that link the worker: its unit tests and the fuzz targets.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <memory>
#include <string>
#include <string_view>

#include "shared/base/ensure.h"
#include "shared/base/fd.h"
#include "worker/context.h"
#include "worker/ws/session.h"

namespace omenia::test {

inline constexpr const char* worker_token = "s3cret";

// With the configuration as it stands in a file of this folder, which is the state directory too.
inline worker::Beginnings beginnings_in(const std::string& folder, std::string_view config, LogOptions log,
                                        auth::AuthMode mode = auth::AuthMode::token) {
  const std::string path = folder + "/OmeniaClaw.json";
  worker::Beginnings beginnings{
      {}, check_config(config, path, {}), {mode, Secret(worker_token)}, Log::open(std::move(log)).value()};
  beginnings.launch.state_dir = folder;
  beginnings.launch.bind_mode = "loopback";
  beginnings.launch.config_path = path;
  return beginnings;
}

inline ws::PeerFacts local_peer() {
  ws::PeerFacts peer;
  peer.address = "127.0.0.1";
  peer.loopback = true;
  peer.host = "localhost";
  return peer;
}

// The other end of a WebSocket that the worker has adopted; its upgrade is on its way.
inline Fd client_of_a_web_socket(worker::Context& context, ws::PeerFacts peer = local_peer()) {
  int ends[2];
  ensure(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0, "a socket pair is made");
  Fd client(ends[0]);
  context.web_sockets->adopt(Fd(ends[1]), {"dGhlIHNhbXBsZSBub25jZQ=="}, {},
                             std::make_shared<ws::Session>(context, std::move(peer)));
  return client;
}

// On a free port of this machine.
inline Fd listening_socket(int& port) {
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

inline Fd client_of_port(int port) {
  Fd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ensure(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "the worker is there");
  return client;
}

}  // namespace omenia::test
