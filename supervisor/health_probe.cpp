#include "supervisor/health_probe.h"

#include <poll.h>
#include <sys/socket.h>

#include <string>
#include <string_view>

#include "shared/base/clock.h"
#include "shared/base/fd.h"
#include "shared/base/limits.h"
#include "shared/protocol/plain_on_tls.h"
#include "supervisor/socket_address.h"

namespace omenia::supervisor {

namespace {

constexpr std::string_view question = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
constexpr std::size_t answer_bytes_max = 8 * limits::KiB;

bool wait_for(const Fd& socket, short what, std::int64_t deadline_ms) {
  pollfd ready{socket.get(), what, 0};
  const std::int64_t left_ms = deadline_ms - steady_ms();
  return left_ms > 0 && ::poll(&ready, 1, static_cast<int>(left_ms)) == 1;
}

std::string answer_from(const SocketAddress& where) {
  const std::int64_t deadline_ms = steady_ms() + limits::health_probe_ms_max;
  const Fd socket(::socket(where.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  static_cast<void>(::connect(socket.get(), where.get(), where.length));  // Its failure shows when we write.
  if (!wait_for(socket, POLLOUT, deadline_ms)) return "";
  if (::send(socket.get(), question.data(), question.size(), MSG_NOSIGNAL) < 0) return "";
  std::string answer;
  while (answer.size() < answer_bytes_max && wait_for(socket, POLLIN, deadline_ms)) {
    char bytes[1024];
    const ssize_t got = ::recv(socket.get(), bytes, sizeof bytes, 0);
    if (got <= 0) break;
    answer.append(bytes, static_cast<std::size_t>(got));
  }
  return answer;
}

}  // namespace

bool is_live_gateway(const ListenAddress& address) {
  const auto where = SocketAddress::of(address);
  if (!where) return false;
  const std::string answer = answer_from(*where);
  if (answer.starts_with("HTTP/1.1 400 ")) return answer.ends_with(plain_on_tls_text);
  return answer.starts_with("HTTP/1.1 200 ") && answer.find(R"("status":"live")") != std::string::npos;
}

}  // namespace omenia::supervisor
