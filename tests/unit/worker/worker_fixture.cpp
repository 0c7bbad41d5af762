#include "tests/unit/worker/worker_fixture.h"

#include "shared/base/ensure.h"
#include "tests/support/worker_parts.h"
#include "worker/startup.h"

namespace omenia::test {

namespace {

// What is there to read; false when the other side has closed.
bool read_available(int fd, std::string& into) {
  char bytes[65536];
  while (true) {
    const ssize_t count = ::recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count == 0) return false;
    if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    into.append(bytes, static_cast<std::size_t>(count));
  }
}

}  // namespace

Json parsed(std::string_view text) {
  auto json = Json::parse(text);
  EXPECT_TRUE(json.ok()) << text;
  return json.ok() ? std::move(json).value() : Json::object();
}

void WorkerTest::prepare(std::string_view config, auth::AuthMode mode) {
  LogOptions log;
  log.file = folder / "log";
  log.console_level = LogLevel::silent;
  worker::Beginnings beginnings = beginnings_in(folder.path(), config, std::move(log), mode);
  ASSERT_TRUE(beginnings.loaded.valid()) << describe_errors(beginnings.loaded);
  context = std::make_unique<worker::Context>(std::move(beginnings));
  context->catalog =
      std::make_shared<const providers::Catalog>(context->loop, context->outbound, *context->config(), Logger());
}

void WorkerTest::start(std::string_view config, auth::AuthMode mode) {
  prepare(config, mode);
  const auto built = worker::build(*context);
  ASSERT_TRUE(built.ok()) << built.error().message;
}

void WorkerTest::run_until(const std::function<bool()>& holds) {
  const Deadline deadline;
  Timer look(context->loop, [&] {
    if (holds() || deadline.passed()) context->loop.stop();
  });
  look.start_repeating(poll_ms);
  while (!holds() && !deadline.passed()) context->loop.run();
  EXPECT_TRUE(holds()) << "what the test waits for has not happened";
}

void WorkerTest::run_what_is_due() {
  bool done = false;
  context->loop.post([&] { done = true; });
  run_until([&] { return done; });
}

WireClient::WireClient(worker::Context& context, ws::PeerFacts peer)
    : socket_(client_of_a_web_socket(context, std::move(peer))) {}

void WireClient::send(std::string_view text) {
  const std::string bytes = encode({Opcode::text, std::string(text)});
  const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  ensure(sent == static_cast<ssize_t>(bytes.size()), "a frame of the test is sent whole");
}

std::optional<WsFrame> WireClient::take() {
  if (!read_available(socket_.get(), received_)) ended_ = true;
  if (!upgraded_) {
    const auto end = received_.find("\r\n\r\n");
    if (end == std::string::npos) return std::nullopt;
    received_.erase(0, end + 4);
    upgraded_ = true;
  }
  return take_frame(received_);
}

WsFrame WireTest::next_frame(WireClient& client) {
  std::optional<WsFrame> frame;
  run_until([&] { return frame.has_value() || (frame = client.take()).has_value(); });
  return frame.value_or(WsFrame{});
}

Json WireTest::next(WireClient& client) {
  return parsed(next_frame(client).payload);
}

namespace {

void write_texts(JsonWriter& writer, std::string_view name, const std::vector<std::string>& texts) {
  writer.key(name).begin_array();
  for (const std::string& text : texts) writer.value(text);
  writer.end_array();
}

std::string joined(const std::vector<std::string>& texts) {
  std::string line;
  for (const std::string& text : texts) line.append(line.empty() ? "" : ",").append(text);
  return line;
}

}  // namespace

std::string WireTest::connect_frame(const Wish& wish, JsonView challenge) {
  JsonWriter params;
  params.begin_object().member("minProtocol", 4).member("maxProtocol", 4).key("client").begin_object();
  params.member("id", wish.id).member("mode", wish.mode).member("version", "1").member("platform", "linux");
  params.end_object().member("role", wish.role);
  write_texts(params, "scopes", wish.scopes);
  write_texts(params, "caps", wish.caps);
  params.key("auth").begin_object().member("token", worker_token).end_object().end_object();
  std::string text = params.take();
  if (wish.device)
    text.insert(text.size() - 1, wish.device->member({.client_id = wish.id,
                                                      .client_mode = wish.mode,
                                                      .role = wish.role,
                                                      .scopes = joined(wish.scopes),
                                                      .token = worker_token,
                                                      .platform = "linux",
                                                      .nonce = std::string(challenge["payload"]["nonce"].text()),
                                                      .signed_at_ms = challenge["payload"]["ts"].integer()}));
  JsonWriter frame;
  frame.begin_object().member("type", "req").member("id", "c").member("method", "connect").raw_member("params", text);
  return frame.end_object().take();
}

std::unique_ptr<WireClient> WireTest::connected(const Wish& wish) {
  auto client = open();
  const Json challenge = next(*client);
  EXPECT_EQ(challenge["event"].text(), "connect.challenge");
  client->send(connect_frame(wish, challenge));
  const Json hello = next(*client);
  EXPECT_TRUE(hello["ok"].boolean()) << hello.dump();
  return client;
}

void WireTest::run_until_ended(WireClient& client) {
  run_until([&client] {
    while (client.take()) continue;
    return client.has_ended();
  });
}

Json WireTest::call(WireClient& client, std::string_view method, std::string_view params) {
  JsonWriter frame;
  const std::string id = "q" + std::to_string(++calls_);
  frame.begin_object().member("type", "req").member("id", id).member("method", method).raw_member("params", params);
  client.send(frame.end_object().text());
  while (!HasFailure()) {
    Json frame_back = next(client);
    if (frame_back["type"].text() == "res" && frame_back["id"].text() == id) return frame_back;
    events.push_back(std::move(frame_back));
  }
  return Json::object();
}

Json ClientTest::ask(std::string_view method, std::string_view params) {
  Json frame = call(*client, method, params);
  EXPECT_TRUE(frame["ok"].boolean()) << method << " " << frame.dump();
  return Json::copy(frame["payload"]);
}

std::string ClientTest::refusal(std::string_view method, std::string_view params) {
  const Json frame = call(*client, method, params);
  EXPECT_FALSE(frame["ok"].boolean(true)) << method << " " << frame.dump();
  return std::string(frame["error"]["message"].text());
}

void HttpTest::start_serving(std::string_view config) {
  start(config);
  context->server->listen(listening_socket(port));
}

std::string HttpTest::exchange(const std::string& method, const std::string& path, const std::string& body,
                               const std::string& headers) {
  const Fd socket = send_request(method, path, body, headers);
  std::string answer;
  run_until([&] { return !read_available(socket.get(), answer); });
  return answer;
}

Fd HttpTest::send_request(const std::string& method, const std::string& path, const std::string& body,
                          const std::string& headers) {
  Fd socket = client_of_port(port);
  const std::string request = method + " " + path +
                              " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer s3cret\r\nConnection: close\r\n" +
                              headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  ensure(::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size()),
         "a request of the test is sent whole");
  return socket;
}

std::string HttpTest::body_of(const std::string& answer) {
  const auto head_end = answer.find("\r\n\r\n");
  if (head_end == std::string::npos) return {};
  std::string rest = answer.substr(head_end + 4);
  if (answer.substr(0, head_end).find("chunked") == std::string::npos) return rest;
  std::string body;
  while (true) {
    const auto line_end = rest.find("\r\n");
    if (line_end == std::string::npos) return body;
    const std::size_t size = std::stoul(rest.substr(0, line_end), nullptr, 16);
    if (size == 0) return body;
    body += rest.substr(line_end + 2, size);
    rest.erase(0, line_end + 2 + size + 2);
  }
}

std::vector<Json> HttpTest::data_of(const std::string& answer) {
  std::vector<Json> events;
  std::string body = body_of(answer);
  while (!body.empty()) {
    const auto end = body.find("\n\n");
    const std::string event = body.substr(0, end);
    if (event.starts_with("data: {")) events.push_back(parsed(event.substr(6)));
    body.erase(0, end == std::string::npos ? end : end + 2);
  }
  return events;
}

}  // namespace omenia::test
