#pragma once
// ScriptedServer: a TCP server of a test that says exactly which bytes it sends and when. Each connection runs the
// script on a thread of its own; the destructor ends what is still open.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "shared/base/ensure.h"
#include "shared/base/fd.h"
#include "tests/support/deadline.h"

namespace omenia::test {

class Connection {
 public:
  Connection(Fd socket, int number) : socket_(std::move(socket)), number_(number) {}

  int number() const { return number_; }  // From 0, in the order of acceptance.

  // Head and body; empty when the other side is gone.
  std::string read_request() {
    while (true) {
      const auto head_end = received_.find("\r\n\r\n");
      if (head_end != std::string::npos) {
        const std::size_t whole = head_end + 4 + body_bytes(received_.substr(0, head_end));
        if (received_.size() >= whole) {
          const std::string request = received_.substr(0, whole);
          received_.erase(0, whole);
          return request;
        }
      }
      char bytes[65536];
      const ssize_t count = ::recv(socket_.get(), bytes, sizeof bytes, 0);
      if (count <= 0) return {};
      received_.append(bytes, static_cast<std::size_t>(count));
    }
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  // What the other side takes without waiting any longer than `patience_ms` for it: 0 when it takes nothing.
  std::size_t send_what_is_taken(std::string_view bytes, int patience_ms) {
    pollfd writable{socket_.get(), POLLOUT, 0};
    if (::poll(&writable, 1, patience_ms) <= 0) return 0;
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
  }

  static std::string chunk(std::string_view data) {
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", data.size());
    return size + std::string(data) + "\r\n";
  }
  void send_chunk(std::string_view data) { send(chunk(data)); }

  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    socket_.reset();
  }
  void close() { socket_.reset(); }

  void wait_for_close() {
    char byte = 0;
    while (::recv(socket_.get(), &byte, 1, 0) > 0) {
    }
  }

  void interrupt() { ::shutdown(socket_.get(), SHUT_RDWR); }

 private:
  static std::size_t body_bytes(std::string_view head) {
    const auto found = head.find("Content-Length: ");
    return found == std::string_view::npos ? 0 : std::stoul(std::string(head.substr(found + 16)));
  }

  Fd socket_;
  int number_;
  std::string received_;
};

class ScriptedServer {
 public:
  using Script = std::function<void(Connection&)>;

  explicit ScriptedServer(Script script) : script_(std::move(script)) {
    listening_ = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ensure(::bind(listening_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0, "a free port is bound");
    ensure(::listen(listening_.get(), 512) == 0, "the test's server listens");
    ::getsockname(listening_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }

  ~ScriptedServer() {
    ending_ = true;
    ::shutdown(listening_.get(), SHUT_RDWR);
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      for (auto& connection : connections_) connection->interrupt();
    }
    for (std::thread& thread : threads_) thread.join();
  }

  int port() const { return port_; }
  std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  int accepted() const { return accepted_; }
  bool wait_for_accepted(int count) const {
    return eventually([&] { return accepted_ >= count; });
  }

 private:
  void accept_all() {
    while (!ending_) {
      Fd socket(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!socket.valid()) continue;
      const int at_once = 1;
      ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
      const std::lock_guard lock(mutex_);
      connections_.push_back(std::make_shared<Connection>(std::move(socket), accepted_++));
      threads_.emplace_back([this, connection = connections_.back()] { script_(*connection); });
    }
  }

  Script script_;
  Fd listening_;
  int port_ = 0;
  std::atomic<bool> ending_ = false;
  std::atomic<int> accepted_ = 0;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

// A whole answer with a length.
inline std::string answer_of(int status, std::string_view body, std::string_view headers = {},
                             std::string_view content_type = "application/json") {
  return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\nContent-Type: " + std::string(content_type) + "\r\n" +
         std::string(headers) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

inline constexpr std::string_view stream_head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";

}  // namespace omenia::test
