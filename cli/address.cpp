// Name lookup runs in the C library's helper thread, so that a dead name server cannot hold a command beyond its
// deadline.

#include "cli/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "shared/base/clock.h"
#include "shared/base/fd.h"

namespace omenia::cli {

namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

SocketAddress numeric_address(const std::string& host, int port) {
  SocketAddress address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (::inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(static_cast<std::uint16_t>(port));
    address.length = sizeof *v4;
  } else if (::inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(static_cast<std::uint16_t>(port));
    address.length = sizeof *v6;
  }
  return address;
}

std::string text_of(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = address.sa_family == AF_INET6
                          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr)
                          : static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr);
  ::inet_ntop(address.sa_family, bytes, text.data(), text.size());
  return text.data();
}

timespec remaining(std::int64_t deadline_steady_ms) {
  const std::int64_t left = std::max<std::int64_t>(1, deadline_steady_ms - steady_ms());
  return {.tv_sec = left / 1000, .tv_nsec = (left % 1000) * 1'000'000};
}

// What a lookup in the helper thread reads and writes.
struct Lookup {
  explicit Lookup(const std::string& host) : name(host) {
    hints.ai_socktype = SOCK_STREAM;
    request.ar_name = name.c_str();
    request.ar_request = &hints;
  }
  std::string name;
  addrinfo hints{};
  gaicb request{};
};

Error lookup_failed(const std::string& host, std::string_view cause) {
  return fail(ErrorCode::unreachable, "cannot resolve host " + host + ": " + std::string(cause));
}

std::string error_name(int number) {
  const char* name = ::strerrorname_np(number);
  return name == nullptr ? "error " + std::to_string(number) : name;
}

}  // namespace

Result<std::string> resolve_host(const std::string& host, std::int64_t deadline_steady_ms) {
  if (host == "localhost") return std::string("127.0.0.1");
  if (numeric_address(host, 0).length > 0) return host;
  auto lookup = std::make_unique<Lookup>(host);
  gaicb* list[] = {&lookup->request};
  if (::getaddrinfo_a(GAI_NOWAIT, list, 1, nullptr) != 0) return lookup_failed(host, "no lookup could be started");
  const timespec wait = remaining(deadline_steady_ms);
  ::gai_suspend(list, 1, &wait);
  const int outcome = ::gai_error(&lookup->request);
  if (outcome == EAI_INPROGRESS) {
    static_cast<void>(lookup.release());  // The helper thread still writes there; the program ends soon.
    return lookup_failed(host, "the name server did not answer in time");
  }
  if (outcome != 0 || lookup->request.ar_result == nullptr) return lookup_failed(host, ::gai_strerror(outcome));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> found(lookup->request.ar_result, &::freeaddrinfo);
  return text_of(*found->ai_addr);
}

bool is_private_address(const std::string& numeric) {
  in6_addr v6{};
  in_addr v4{};
  if (::inet_pton(AF_INET, numeric.c_str(), &v4) == 1) {
    const std::uint32_t bits = ntohl(v4.s_addr);
    const auto within = [bits](std::uint32_t net, int length) {
      return (bits >> (32 - length)) == (net >> (32 - length));
    };
    return within(0x7F000000, 8) || within(0x0A000000, 8) || within(0xAC100000, 12) || within(0xC0A80000, 16) ||
           within(0xA9FE0000, 16) || within(0x64400000, 10);
  }
  if (::inet_pton(AF_INET6, numeric.c_str(), &v6) != 1) return false;
  return IN6_IS_ADDR_LOOPBACK(&v6) || IN6_IS_ADDR_LINKLOCAL(&v6) || (v6.s6_addr[0] & 0xFE) == 0xFC;
}

std::string connect_problem(const std::string& numeric, int port, std::int64_t deadline_steady_ms) {
  const SocketAddress address = numeric_address(numeric, port);
  if (address.length == 0) return "EINVAL";
  const Fd socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return error_name(errno);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.length) == 0) return "";
  if (errno != EINPROGRESS) return error_name(errno);
  pollfd wanted{.fd = socket.get(), .events = POLLOUT, .revents = 0};
  const timespec wait = remaining(deadline_steady_ms);
  if (::ppoll(&wanted, 1, &wait, nullptr) <= 0) return "ETIMEDOUT";
  int number = 0;
  socklen_t size = sizeof number;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &number, &size);
  return number == 0 ? "" : error_name(number);
}

}  // namespace omenia::cli
