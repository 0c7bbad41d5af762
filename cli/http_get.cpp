// See http_get.h.

#include "cli/http_get.h"

#include <array>

#include "cli/lws_context.h"

namespace omenia::cli {

namespace {

struct Exchange {
  std::string body;
  std::size_t body_bytes_max = 0;
  unsigned status = 0;
  bool complete = false;
  bool ended = false;
};

int read_piece(lws* socket) {
  std::array<char, LWS_PRE + 4096> buffer{};
  char* piece = buffer.data() + LWS_PRE;
  int length = static_cast<int>(buffer.size() - LWS_PRE);
  return lws_http_client_read(socket, &piece, &length) < 0 ? -1 : 0;
}

int callback(lws* socket, lws_callback_reasons reason, void*, void* in, std::size_t length) {
  auto* exchange = static_cast<Exchange*>(lws_context_user(lws_get_context(socket)));
  switch (reason) {
    case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP: exchange->status = lws_http_client_http_response(socket); return 0;
    case LWS_CALLBACK_RECEIVE_CLIENT_HTTP: return read_piece(socket);
    case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
      exchange->body.append(static_cast<const char*>(in), length);
      return exchange->body.size() > exchange->body_bytes_max ? -1 : 0;
    case LWS_CALLBACK_COMPLETED_CLIENT_HTTP: exchange->complete = true; return -1;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
    case LWS_CALLBACK_CLOSED_CLIENT_HTTP: exchange->ended = true; return 0;
    default: return 0;
  }
}

}  // namespace

Result<std::string> http_get(const std::string& address, int port, const std::string& path,
                             std::int64_t deadline_steady_ms, std::size_t body_bytes_max) {
  static constexpr std::array<lws_protocols, 2> protocols = {lws_protocols{"http", callback, 0, 4096, 0, nullptr, 0},
                                                             lws_protocols{}};
  const std::string where = "http://" + address + ":" + std::to_string(port) + path;
  Exchange exchange;
  exchange.body_bytes_max = body_bytes_max;
  LwsContext context(protocols.data(), &exchange);
  if (context.get() == nullptr) return fail(ErrorCode::system, "No HTTP client could be made.");
  lws_client_connect_info info{};
  info.context = context.get();
  info.address = address.c_str();
  info.host = address.c_str();
  info.port = port;
  info.path = path.c_str();
  info.method = "GET";
  info.alpn = "http/1.1";
  info.local_protocol_name = "http";
  if (lws_client_connect_via_info(&info) == nullptr) exchange.ended = true;
  while (!exchange.ended && !exchange.complete)
    if (!context.serve(deadline_steady_ms)) return fail(ErrorCode::unreachable, where + " did not answer in time");
  if (!exchange.complete || exchange.status != 200)
    return fail(ErrorCode::unreachable, where + " gave no usable answer");
  return std::move(exchange.body);
}

}  // namespace omenia::cli
