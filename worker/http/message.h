#pragma once
// Request and Response: values of HTTP/1.1, without a socket.

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error_code.h"
#include "shared/base/result.h"

struct sockaddr;

namespace omenia::http {

struct Header {
  std::string name;
  std::string value;
};

// Where a connection comes from, by its parsed address; never by a name or a header.
struct Peer {
  std::string address;  // Numeric, IPv4-mapped IPv6 folded into IPv4.
  int port = 0;
  bool loopback = false;
};

Peer peer_of(const sockaddr& address);  // Of a family without addresses: no address, not loopback.

struct Request {
  std::string method;           // As sent: "GET".
  std::string target;           // As sent: "/v1/models/a%2Fb?x=1".
  std::string path;             // Target up to '?', not decoded.
  std::string query;            // After '?', not decoded.
  std::vector<Header> headers;  // In order, values trimmed.
  std::string body;             // Whole; empty while the head alone is looked at.
  std::string id;               // Its name in the answer and the log.
  Peer peer;

  std::string_view header(std::string_view name) const;  // The first of that name, any case; "" when there is none.
  bool has_header(std::string_view name) const;
  // Any Forwarded, X-Forwarded-* or X-Real-IP: a proxy stands between, so the peer is not the client.
  bool is_forwarded() const;
};

struct Response {
  int status = 200;
  std::vector<Header> headers{};  // Without Content-Length, Connection, Date: the connection writes those.
  std::string body{};
  bool close = false;  // End the connection after this answer.
};

std::string_view reason_phrase(int status);  // "Unknown" for a status that has none.

// What header names and tokens are compared with: ASCII letters of any case are the same.
bool same_token(std::string_view one, std::string_view other);
std::string_view trimmed(std::string_view text);  // Without blanks and tabs at both ends.
// Is `token` one of the items of a comma-separated list, any case?
bool list_has_token(std::string_view list, std::string_view token);

Response json_response(int status, std::string body);
Response text_response(int status, std::string body);  // text/plain; charset=utf-8
// {"error":{"message":...,"type":...}} with the status and type of the error's row; a retry time becomes Retry-After.
Response error_response(const Error& error);

// "%2F" -> "/". Fails with invalid_request for a '%' without two hexadecimal digits, or a decoded NUL.
Result<std::string> percent_decode(std::string_view text);

}  // namespace omenia::http
