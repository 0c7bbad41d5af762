#include "worker/http/message.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "shared/json/writer.h"

namespace omenia::http {

namespace {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c;
}

constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

Peer peer_of_v4(const in_addr& address, in_port_t port) {
  char text[INET_ADDRSTRLEN];
  ::inet_ntop(AF_INET, &address, text, sizeof text);
  return {.address = text, .port = ntohs(port), .loopback = ntohl(address.s_addr) >> 24 == 127};
}

Peer peer_of_v6(const sockaddr_in6& v6) {
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    in_addr folded;
    std::memcpy(&folded, v6.sin6_addr.s6_addr + 12, sizeof folded);
    return peer_of_v4(folded, v6.sin6_port);
  }
  char text[INET6_ADDRSTRLEN];
  ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  return {.address = text, .port = ntohs(v6.sin6_port), .loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0};
}

}  // namespace

Peer peer_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    return peer_of_v4(v4.sin_addr, v4.sin_port);
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof v6);
    return peer_of_v6(v6);
  }
  return {};
}

bool same_token(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return false;
  for (std::size_t i = 0; i < one.size(); ++i) {
    if (lower(one[i]) != lower(other[i])) return false;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool list_has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (same_token(trimmed(list.substr(0, comma)), token)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
  return false;
}

std::string_view Request::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (same_token(header.name, name)) return header.value;
  }
  return {};
}

bool Request::has_header(std::string_view name) const {
  for (const Header& header : headers) {
    if (same_token(header.name, name)) return true;
  }
  return false;
}

bool Request::is_forwarded() const {
  constexpr std::string_view prefix = "X-Forwarded-";
  for (const Header& header : headers) {
    const std::string_view name = header.name;
    if (same_token(name, "Forwarded") || same_token(name, "X-Real-IP")) return true;
    if (name.size() > prefix.size() && same_token(name.substr(0, prefix.size()), prefix)) return true;
  }
  return false;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Payload Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Entity";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 499: return "Client Closed Request";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

Response json_response(int status, std::string body) {
  return {.status = status, .headers = {{"Content-Type", "application/json; charset=utf-8"}}, .body = std::move(body)};
}

Response text_response(int status, std::string body) {
  return {.status = status, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = std::move(body)};
}

Response error_response(const Error& error) {
  const ErrorRow& row = row_of(error.code);
  JsonWriter writer(error.message.size() + 80);
  writer.begin_object().key("error").begin_object();
  writer.member("message", error.message).member("type", row.http_type);
  writer.end_object().end_object();
  Response response = json_response(row.http_status, writer.take());
  if (error.retry_after_ms) {
    const std::int64_t seconds = (*error.retry_after_ms + 999) / 1000;
    response.headers.push_back({"Retry-After", std::to_string(seconds > 0 ? seconds : 0)});
  }
  return response;
}

Result<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return fail(ErrorCode::invalid_request, "The address holds a '%' that two hexadecimal digits do not follow.");
    }
    if (high + low == 0) return fail(ErrorCode::invalid_request, "The address holds an encoded NUL (%00).");
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

}  // namespace omenia::http
