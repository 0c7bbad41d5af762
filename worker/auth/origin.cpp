#include "worker/auth/origin.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace omenia::auth {

namespace {

std::string lowered(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return copy;
}

// "https://ui.example:8443" -> "ui.example:8443"; empty for anything else.
std::string host_of_origin(const std::string& origin) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (origin.starts_with(scheme)) return origin.substr(scheme.size());
  return {};
}

// ":8443" or nothing.
bool is_port_part(std::string_view text) {
  if (text.empty()) return true;
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + 1, end, port);
  return text.front() == ':' && read.ec == std::errc() && read.ptr == end;
}

// "[::1]:80" -> "::1", "localhost:80" -> "localhost"; empty for what is no host, so that nothing that only begins like
// a local name passes for one.
std::string without_port(const std::string& host) {
  const bool bracketed = host.starts_with('[');
  const std::size_t end = bracketed ? host.find(']') : std::min(host.find(':'), host.size());
  if (end == std::string::npos) return {};
  const std::size_t port_at = bracketed ? end + 1 : end;
  if (!is_port_part(std::string_view(host).substr(port_at))) return {};
  return bracketed ? host.substr(1, end - 1) : host.substr(0, end);
}

bool is_loopback(const std::string& name) {
  if (name == "localhost" || name == "::1") return true;
  in_addr address{};
  return ::inet_pton(AF_INET, name.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

bool is_private(const std::string& name) {
  if (is_loopback(name) || name.ends_with(".local") || name.ends_with(".ts.net")) return true;
  in_addr parsed{};
  if (::inet_pton(AF_INET, name.c_str(), &parsed) == 1) {
    const std::uint32_t address = ntohl(parsed.s_addr);
    return (address >> 24) == 10 || (address >> 20) == 0xac1 || (address >> 16) == 0xc0a8 ||
           (address >> 16) == 0xa9fe ||
           (address >> 22) == (0x64400000u >> 22);  // 10/8, 172.16/12, 192.168/16, 169.254/16, 100.64/10
  }
  in6_addr parsed6{};
  if (::inet_pton(AF_INET6, name.c_str(), &parsed6) != 1) return false;
  return (parsed6.s6_addr[0] & 0xfe) == 0xfc || (parsed6.s6_addr[0] == 0xfe && (parsed6.s6_addr[1] & 0xc0) == 0x80);
}

}  // namespace

bool is_origin_allowed(const OriginQuestion& question, const std::vector<std::string>& allowed) {
  const std::string origin = lowered(question.origin);
  if (std::any_of(allowed.begin(), allowed.end(),
                  [&](const std::string& entry) { return entry == "*" || lowered(entry) == origin; }))
    return true;
  const std::string origin_host = host_of_origin(origin);
  if (origin_host.empty()) return false;
  const std::string name = without_port(origin_host);
  if (is_loopback(name)) return question.peer_is_local;
  return origin_host == lowered(question.host) && is_private(name);
}

}  // namespace omenia::auth
