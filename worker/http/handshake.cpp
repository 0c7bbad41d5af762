#include "worker/http/handshake.h"

#include "worker/http/characters.h"

namespace omenia::http {

namespace {

// 16 bytes in base64: 22 characters and the padding.
bool is_key(std::string_view text) {
  return text.size() == 24 && text.ends_with("==") && base64_characters.contain_all_of(text.substr(0, 22));
}

Response refuse(std::string sentence) {
  return text_response(400, std::move(sentence));
}

}  // namespace

std::optional<Response> check_upgrade(const Request& head, bool has_body) {
  if (!list_has_token(head.header("Upgrade"), "websocket"))
    return refuse("The only upgrade on this port is websocket.");
  if (head.method != "GET") return refuse("An upgrade to websocket is a GET.");
  if (has_body) return refuse("An upgrade to websocket has no body.");
  if (head.header("Sec-WebSocket-Version") != "13") {
    Response response = text_response(426, "Sec-WebSocket-Version has to be 13.");
    response.headers.push_back({"Sec-WebSocket-Version", "13"});
    response.headers.push_back({"Upgrade", "websocket"});
    return response;
  }
  if (!is_key(head.header("Sec-WebSocket-Key"))) return refuse("Sec-WebSocket-Key has to be 16 bytes in base64.");
  return std::nullopt;
}

}  // namespace omenia::http
