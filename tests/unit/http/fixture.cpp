#include "tests/unit/http/fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>

namespace omenia::http::test {

namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<in_port_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A safety net for a server that does not answer; no test depends on its length.
void give_up_after_seconds(int fd, int seconds) {
  const timeval limit{seconds, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

}  // namespace

Admission TestHandler::admit(const Request& head) {
  if (on_admit) return on_admit(head);
  Admission admission;
  admission.body_bytes_max = 1 * limits::MiB;
  return admission;
}

void TestHandler::handle(std::shared_ptr<Exchange> exchange) {
  if (on_handle) return on_handle(std::move(exchange));
  const Request& request = exchange->request();
  exchange->respond(text_response(200, request.method + " " + request.path + " " + request.body));
}

std::optional<Response> TestHandler::admit_upgrade(const Request& head) {
  return on_admit_upgrade ? on_admit_upgrade(head) : std::nullopt;
}

void TestHandler::upgrade(Upgrade upgrade) {
  if (on_upgrade) on_upgrade(std::move(upgrade));
}

std::string Answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

Client::Client(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  give_up_after_seconds(socket_.get(), 20);
  const int on = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const sockaddr_in address = loopback(port);
  EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}

void Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Client::send_bytewise(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) send(bytes.substr(i, 1));
}

bool Client::receive() {
  char buffer[65536];
  const ssize_t got = ::recv(socket_.get(), buffer, sizeof buffer, 0);
  if (got <= 0) return false;
  received_.append(buffer, static_cast<std::size_t>(got));
  return true;
}

std::string Client::take(std::size_t bytes) {
  while (received_.size() < bytes && receive()) {
  }
  std::string taken = received_.substr(0, bytes);
  received_.erase(0, taken.size());
  return taken;
}

std::string Client::read_line() {
  std::size_t end = 0;
  while ((end = received_.find("\r\n")) == std::string::npos) {
    if (!receive()) return "";
  }
  return take(end + 2);
}

Answer Client::read_answer(bool head_only) {
  Answer answer;
  std::string line = read_line();
  if (line.size() < 12 || line.compare(0, 9, "HTTP/1.1 ") != 0) return answer;
  answer.text = line;
  const int status = std::stoi(line.substr(9, 3));
  while ((line = read_line()) != "\r\n") {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) return answer;
    answer.text += line;
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    EXPECT_FALSE(answer.headers.contains(name)) << name << " twice";
    answer.headers[name] = line.substr(colon + 2, line.size() - colon - 4);
  }
  answer.status = status;
  if (head_only || status < 200) return answer;
  if (answer.header("transfer-encoding") == "chunked") {
    while (true) {
      const std::string size_line = read_line();
      if (size_line.empty()) return answer.status = 0, answer;
      const std::size_t size = std::stoul(size_line, nullptr, 16);
      answer.body += take(size);
      if (take(2) != "\r\n") return answer.status = 0, answer;
      if (size == 0) return answer;
    }
  }
  if (!answer.headers.contains("content-length")) return answer;
  const std::size_t length = std::stoul(answer.header("content-length"));
  answer.body = take(length);
  if (answer.body.size() != length) answer.status = 0;
  return answer;
}

std::string Client::read_to_end() {
  while (receive()) {
  }
  return std::exchange(received_, {});
}

std::string Client::read_some() {
  if (received_.empty()) receive();
  return std::exchange(received_, {});
}

bool Client::is_closed() {
  if (!received_.empty()) return false;
  char byte = 0;
  const ssize_t got = ::recv(socket_.get(), &byte, 1, 0);
  return got == 0 || (got < 0 && errno == ECONNRESET);
}

void Client::finish_sending() {
  ::shutdown(socket_.get(), SHUT_WR);
}

void HttpServer::start_with(Handler& handler, ServerOptions options) {
  Fd listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listening.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listening.get(), 128), 0);
  ::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  server_ = std::make_unique<Server>(loop_, handler, std::move(options), Logger());
  server_->listen(std::move(listening));
  thread_ = std::thread([this] { loop_.run(); });
}

HttpServer::~HttpServer() {
  if (!thread_.joinable()) return;
  destroy_server();
  loop_.post([this] { loop_.stop(); });
  thread_.join();
}

bool HttpServer::connection_is_refused() {
  const Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port_);
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0;
}

Answer HttpServer::ask(std::string_view request) {
  Client client = connect();
  client.send(request);
  return client.read_answer();
}

void HttpServer::on_loop(std::function<void()> work) {
  std::promise<void> done;
  loop_.post([&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

std::size_t HttpServer::connections() {
  std::size_t count = 0;
  on_loop([&] { count = server_->connections(); });
  return count;
}

void HttpServer::wait_until(const std::function<bool()>& holds_on_loop) {
  for (bool holds = false; !holds;) {
    on_loop([&] { holds = holds_on_loop(); });
    std::this_thread::yield();
  }
}

void HttpServer::destroy_server() {
  on_loop([this] { server_.reset(); });
}

std::string get(std::string_view target, std::string_view lines) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(lines) + "\r\n";
}

std::string post(std::string_view target, std::string_view body, std::string_view lines) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(lines) + "\r\n" + std::string(body);
}

}  // namespace omenia::http::test
