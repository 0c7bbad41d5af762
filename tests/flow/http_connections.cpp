// Connections: reuse, pipelining, limits, and callers that go away.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

constexpr const char* path = "/v1/chat/completions";

class Connections : public Flow {
 protected:
  std::string chat(const std::string& agent, const std::string& more = {}) {
    return HttpRequest{.method = "POST",
                       .target = path,
                       .token = gateway.token(),
                       .body = chat_body("OmeniaClaw/" + agent, "hi", more)}
        .text();
  }
};

TEST_F(Connections, AreReusedAfterErrors) {
  HttpClient client(gateway.port());
  EXPECT_EQ(client.ask({.target = "/nothing", .headers = "Accept: application/json\r\n"}).status, 404);
  EXPECT_EQ(client.ask({.target = "/v1/models"}).status, 401);
  EXPECT_EQ(client.ask({.method = "POST", .target = path, .token = gateway.token(), .body = "{bad"}).status, 400);
  EXPECT_EQ(client.ask({.method = "POST", .target = "/healthz"}).status, 405);
  EXPECT_EQ(client.ask({.target = "/v1/models", .token = gateway.token()}).status, 200);
}

TEST_F(Connections, AnswerPipelinedRequestsInOrder) {
  HttpClient client(gateway.port());
  client.send(HttpRequest{.target = "/healthz"}.text() + chat("main") +
              HttpRequest{.target = "/v1/models", .token = gateway.token()}.text() +
              HttpRequest{.target = "/x"}.text());
  EXPECT_THAT(client.read().body, HasSubstr("live"));
  EXPECT_THAT(client.read().body, HasSubstr("Hello from the mock model."));
  EXPECT_THAT(client.read().body, HasSubstr("OmeniaClaw/default"));
  EXPECT_NE(client.read().status, 0);
}

TEST_F(Connections, CloseWhenTheCallerAsksForIt) {
  HttpClient client(gateway.port());
  EXPECT_EQ(client.ask({.target = "/healthz", .headers = "Connection: close\r\n"}).status, 200);
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(Connections, TakeARequestByteByByte) {
  HttpClient client(gateway.port());
  for (const char byte : HttpRequest{.target = "/healthz"}.text()) client.send(std::string(1, byte));
  EXPECT_EQ(client.read().status, 200);
}

TEST_F(Connections, TakeAChunkedBody) {
  HttpClient client(gateway.port());
  const std::string body = chat_body("OmeniaClaw/echo", "in two pieces");
  const auto chunk = [](const std::string& text) {
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", text.size());
    return size + text + "\r\n";
  };
  client.send("POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + gateway.token() +
              "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(body.substr(0, 20)) + chunk(body.substr(20)) +
              "0\r\n\r\n");
  EXPECT_THAT(client.read().body, HasSubstr("in two pieces"));
}

TEST_F(Connections, TellAWaitingCallerToContinue) {
  HttpClient client(gateway.port());
  const std::string body = chat_body("OmeniaClaw", "hi");
  client.send("POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nAuthorization: Bearer " +
              gateway.token() + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  std::string received;
  ASSERT_EQ(client.socket().receive(received), Received::data);
  EXPECT_THAT(received, StartsWith("HTTP/1.1 100 "));
  client.send(body);
  EXPECT_EQ(client.read().status, 200);
}

TEST_F(Connections, RefuseABodyThatIsTooLargeBeforeReadingIt) {
  HttpClient client(gateway.port());
  client.send("POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + gateway.token() +
              "\r\nContent-Length: 20971521\r\n\r\n");
  const HttpAnswer answer = client.read();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body, R"({"error":{"message":"Payload too large","type":"invalid_request_error"}})");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(Connections, RefuseAHeadThatIsTooLarge) {
  HttpClient client(gateway.port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Filler: " + std::string(200'000, 'x') + "\r\n\r\n");
  EXPECT_THAT(client.read().status, AnyOf(431, 400, 0));
  EXPECT_EQ(http(gateway.port(), {.target = "/healthz"}).status, 200);
}

TEST_F(Connections, RefuseAmbiguousFraming) {
  const std::string start = "POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + gateway.token();
  for (const char* framing : {"\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                              "\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                              "\r\nContent-Length: -1\r\n\r\n{}", "\r\nTransfer-Encoding: gzip\r\n\r\n{}"}) {
    HttpClient client(gateway.port());
    client.send(start + framing);
    EXPECT_THAT(client.read().status, AnyOf(400, 501)) << framing;
    EXPECT_TRUE(client.closed_by_server());
  }
}

TEST_F(Connections, RefuseWhatIsNoHttp) {
  HttpClient client(gateway.port());
  client.send(std::string("\x16\x03\x01\x02\x00\x01\x00", 7) + "\r\n\r\n");
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_EQ(http(gateway.port(), {.target = "/healthz"}).status, 200);
}

TEST_F(Connections, OfACallerThatLeavesEndTheModelCall) {
  for (const char* more : {R"(,"stream":true)", ""}) {
    HttpClient client(gateway.port());
    const std::size_t before = mock.requests().size();
    client.send(chat("gated", more));
    ASSERT_TRUE(mock.wait_for_requests(before + 1));
    client.socket().close();
    EXPECT_TRUE(mock.wait_for_broken_off(before + 1)) << "streaming: " << more;
  }
}

TEST_F(Connections, ThatAreResetEndTheModelCallToo) {
  HttpClient client(gateway.port());
  client.send(chat("slow", R"(,"stream":true)"));
  ASSERT_TRUE(mock.wait_for_requests(1));
  client.socket().reset();
  EXPECT_TRUE(mock.wait_for_broken_off(1));
}

TEST_F(Connections, ThatAreIdleOrHalfOpenDoNotHurtOthers) {
  std::vector<HttpClient> idle;
  for (int i = 0; i < 200; ++i) {
    idle.emplace_back(gateway.port());
    if (i % 2 == 0) idle.back().send("GET /healthz HTT");
  }
  EXPECT_EQ(http(gateway.port(), {.target = "/healthz"}).status, 200);
  EXPECT_TRUE(gateway.client().call("health")["ok"].boolean());
}

}  // namespace
}  // namespace omenia::test
