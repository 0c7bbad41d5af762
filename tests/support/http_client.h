#pragma once
// HttpClient: one HTTP/1.1 connection that sends exactly the bytes it is told and reads answers whole, or a stream's
// events one by one. It never retries and never opens a second connection.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "shared/json/json.h"
#include "tests/support/socket.h"

namespace omenia::test {

struct HttpAnswer {
  int status = 0;    // 0: nothing that is an answer came.
  std::string head;  // From the status line to the last header, lines end with CRLF.
  std::string body;  // Without the chunk framing.

  std::string header(std::string_view name) const;  // Its value; empty when absent. Names in any letter case.
  Json json() const;                                // The body; nothing when it is no JSON.
};

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";
  std::string token{};    // Empty: no Authorization header.
  std::string headers{};  // More header lines, each ending with CRLF.
  std::string body{};
  std::string text() const;
};

class HttpClient {
 public:
  explicit HttpClient(int port) : socket_(port) {}
  HttpClient(int port, const TlsWish& wish) : socket_(port, wish) {}

  bool open() const { return socket_.open(); }
  bool send(std::string_view bytes) { return socket_.send(bytes); }
  HttpAnswer read();  // The next whole answer.
  HttpAnswer ask(const HttpRequest& request);

  // A stream: its head, then the text of each `data:` event; nothing at the end of the stream.
  HttpAnswer read_head();
  std::optional<std::string> read_event();
  std::optional<std::string> read_block();  // The lines of the next event or comment, as they were sent.
  // Events up to "[DONE]" or the end of the stream, without "[DONE]" itself.
  std::string read_text_deltas();  // The joined choices[0].delta.content of all of them.

  bool closed_by_server();  // Waits for the end of the connection; false when it stays open.
  Socket& socket() { return socket_; }

 private:
  bool read_until(std::string_view mark, std::size_t& position);
  bool read_chunk(std::string& into);

  Socket socket_;
  std::string received_;  // Bytes that no answer has used yet.
  std::string stream_;    // Of the open stream: body bytes that are no whole event yet.
};

// One request on a connection of its own.
HttpAnswer http(int port, const HttpRequest& request);
HttpAnswer https(int port, const HttpRequest& request, const TlsWish& wish = {});

}  // namespace omenia::test
