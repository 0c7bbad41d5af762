#include "tests/support/http_client.h"

#include <strings.h>

#include <algorithm>
#include <cstdlib>

#include "tests/support/note.h"

namespace omenia::test {

std::string HttpAnswer::header(std::string_view name) const {
  std::size_t line = head.find("\r\n");
  while (line != std::string::npos && line + 2 < head.size()) {
    const std::size_t start = line + 2;
    const std::size_t end = head.find("\r\n", start);
    const std::size_t colon = head.find(':', start);
    if (colon < end && colon - start == name.size() && ::strncasecmp(&head[start], name.data(), name.size()) == 0) {
      const std::size_t value = head.find_first_not_of(' ', colon + 1);
      return head.substr(value, end - value);
    }
    line = end;
  }
  return {};
}

Json HttpAnswer::json() const {
  auto parsed = Json::parse(body);
  return parsed.ok() ? std::move(parsed).value() : Json();
}

std::string HttpRequest::text() const {
  std::string out = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  if (!token.empty()) out += "Authorization: Bearer " + token + "\r\n";
  out += headers;
  if (method == "POST" || !body.empty()) {
    out += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  }
  return out + "\r\n" + body;
}

bool HttpClient::read_until(std::string_view mark, std::size_t& position) {
  const Deadline deadline;
  while ((position = received_.find(mark)) == std::string::npos) {
    if (socket_.receive(received_, deadline) != Received::data) return false;
  }
  return true;
}

bool HttpClient::read_chunk(std::string& into) {
  std::size_t line_end = 0;
  if (!read_until("\r\n", line_end)) return false;
  const std::size_t size = std::strtoul(received_.c_str(), nullptr, 16);
  const std::size_t whole = line_end + 2 + size + 2;
  const Deadline deadline;
  while (received_.size() < whole) {
    if (socket_.receive(received_, deadline) != Received::data) return false;
  }
  into.append(received_, line_end + 2, size);
  received_.erase(0, whole);
  return size > 0;
}

HttpAnswer HttpClient::read_head() {
  std::size_t end = 0;
  if (!read_until("\r\n\r\n", end)) {
    note("no HTTP answer came; received: \"" + received_.substr(0, 200) + "\"");
    return {};
  }
  HttpAnswer answer;
  answer.head = received_.substr(0, end + 2);
  received_.erase(0, end + 4);
  if (answer.head.starts_with("HTTP/1.1 ")) answer.status = std::atoi(answer.head.c_str() + 9);
  if (answer.status == 100) return read_head();
  stream_.clear();
  return answer;
}

HttpAnswer HttpClient::read() {
  HttpAnswer answer = read_head();
  if (answer.status == 0 || answer.status == 204 || answer.status == 304) return answer;
  if (answer.header("Transfer-Encoding") == "chunked") {
    while (read_chunk(answer.body)) continue;
    return answer;
  }
  const std::size_t length = std::strtoul(answer.header("Content-Length").c_str(), nullptr, 10);
  const Deadline deadline;
  while (received_.size() < length) {
    if (socket_.receive(received_, deadline) != Received::data) break;
  }
  answer.body = received_.substr(0, length);
  received_.erase(0, answer.body.size());
  return answer;
}

HttpAnswer HttpClient::ask(const HttpRequest& request) {
  send(request.text());
  return request.method == "HEAD" ? read_head() : read();
}

std::optional<std::string> HttpClient::read_block() {
  std::size_t end = stream_.find("\n\n");
  while (end == std::string::npos) {
    if (!read_chunk(stream_)) return std::nullopt;
    end = stream_.find("\n\n");
  }
  std::string block = stream_.substr(0, end);
  stream_.erase(0, end + 2);
  return block;
}

std::optional<std::string> HttpClient::read_event() {
  for (;;) {
    const auto block = read_block();
    if (!block) return std::nullopt;
    // Others are comments that keep the line open. The line of a name says what its data says too.
    const std::size_t start = block->starts_with("event: ") ? std::min(block->find('\n'), block->size() - 1) + 1 : 0;
    if (block->compare(start, 6, "data: ") == 0) return block->substr(start + 6);
  }
}

std::string HttpClient::read_text_deltas() {
  std::string text;
  for (auto event = read_event(); event && *event != "[DONE]"; event = read_event()) {
    const auto chunk = Json::parse(*event);
    if (!chunk.ok()) {
      note("an event is no JSON: " + *event);
      continue;
    }
    text += chunk.value()["choices"].at(0)["delta"]["content"].text();
  }
  return text;
}

bool HttpClient::closed_by_server() {
  const Deadline deadline;
  for (;;) {
    switch (socket_.receive(received_, deadline)) {
      case Received::end: return true;
      case Received::late: return false;
      case Received::data: break;
    }
  }
}

HttpAnswer https(int port, const HttpRequest& request, const TlsWish& wish) {
  HttpClient client(port, wish);
  return client.ask(request);
}

HttpAnswer http(int port, const HttpRequest& request) {
  HttpClient client(port);
  return client.ask(request);
}

}  // namespace omenia::test
