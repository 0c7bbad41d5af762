// Hostile HTTP: what is wrong with a request is refused as docs/http.md says, and the gateway answers whoever comes
// next at once. The parser's own cases stand in tests/unit/http; these come through the whole gateway.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

using namespace std::string_literals;

constexpr std::size_t MiB = 1024 * 1024;

struct Hostile {
  const char* name;
  std::string bytes;
  int status;            // Of its last answer; 0: the connection ends without one.
  bool goes_on = false;  // The connection serves the next request.
};

std::string get(const std::string& target, const std::string& headers = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
}
std::string post(const std::string& target, const std::string& headers, const std::string& body = {}) {
  return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body;
}
std::string repeated(int times, const std::string& text) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// About how long the message is.
std::vector<Hostile> framings(const std::string& bearer) {
  const std::string chat = "/v1/chat/completions";
  const std::string smuggled = get("/healthz");
  return {
      {"two lengths", post(chat, bearer + "Content-Length: 2\r\nContent-Length: 40\r\n", "{}" + smuggled), 400},
      {"a length and a coding",
       post(chat, bearer + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + smuggled), 400},
      {"a coding and a length",
       post(chat, bearer + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n" + smuggled), 400},
      {"an unknown coding", post(chat, bearer + "Transfer-Encoding: br\r\n", "{}"), 400},
      {"a coding that hides", post(chat, bearer + "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 400},
      {"a coding with a tab", post(chat, bearer + "Transfer-Encoding:\tchunked\v\r\n", "0\r\n\r\n"), 400},
      {"a length of 26 MiB", post(chat, bearer + "Content-Length: " + std::to_string(26 * MiB) + "\r\n"), 413},
      {"26 MiB sent",
       post(chat, bearer + "Content-Length: " + std::to_string(26 * MiB) + "\r\n") + std::string(26 * MiB, ' '), 413},
      {"26 MiB in chunks",
       post(chat, bearer + "Transfer-Encoding: chunked\r\n") +
           repeated(26, "100000\r\n" + std::string(MiB, ' ') + "\r\n") + "0\r\n\r\n",
       413},
      {"a length of 2^64", post(chat, bearer + "Content-Length: 18446744073709551616\r\n", "{}"), 400},
      {"a chunk of 2^64 bytes", post(chat, bearer + "Transfer-Encoding: chunked\r\n", "10000000000000000\r\nx"), 400},
      {"an endless chunk extension",
       post(chat, bearer + "Transfer-Encoding: chunked\r\n", "1;" + std::string(20'000, 'x') + "\r\n{\r\n"), 400},
      {"a body of zip", post(chat, bearer + "Content-Encoding: gzip\r\nContent-Length: 4\r\n", "\x1f\x8b\x08\x00"s),
       400, true},
  };
}

// About the head.
std::vector<Hostile> heads() {
  return {
      {"NUL in a header", get("/healthz", "X: a\0b\r\n"s), 400},
      {"NUL in the target", "GET /healthz\0 HTTP/1.1\r\nHost: localhost\r\n\r\n"s, 400},
      {"bare line feeds", "GET /healthz HTTP/1.1\nHost: localhost\n\n", 400},
      {"bare carriage returns", "GET /healthz HTTP/1.1\rHost: localhost\r\r", 400},
      {"101 headers", get("/healthz", repeated(101, "X: y\r\n")), 431},
      {"a header of 1 MiB", get("/healthz", "X: " + std::string(MiB, 'x') + "\r\n"), 431},
      {"a header without an end", "GET /healthz HTTP/1.1\r\nX: " + std::string(MiB, 'x'), 431},
      {"a target of 1 MiB", get("/" + std::string(MiB, 'x')), 414},
      {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"an upgrade to HTTP/2",
       get("/healthz", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"), 400},
      {"a hello of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400},
      {"a method in small letters", "get /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 405, true},
      {"a method of other characters", "G@T /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"an unknown method", "BREW /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 405, true},
      {"a method of 64 KiB", std::string(65'536, 'A') + " / HTTP/1.1\r\nHost: localhost\r\n\r\n", 414},
      {"TRACE", "TRACE /healthz HTTP/1.1\r\nHost: localhost\r\nCookie: a=b\r\n\r\n", 405, true},
      {"CONNECT", "CONNECT localhost:22 HTTP/1.1\r\nHost: localhost:22\r\n\r\n", 0},
      {"two hosts", get("/healthz", "Host: evil.example\r\n"), 400},
      {"another host", "GET /v1/models HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, true},
      {"a folded header", get("/healthz", "X: a\r\n b\r\n"), 400},
  };
}

// About which resource is meant. With the token, so that nothing but the path stands in the way.
std::vector<Hostile> targets(const std::string& bearer) {
  std::vector<Hostile> rows;
  for (const char* target :
       {"/v1/../v1/models", "/v1/./models", "//v1/models", "/v1//models", "/v1/%6dodels", "/v1%2fmodels",
        "/v1/%252e%252e/v1/models", "/%2e%2e/%2e%2e/etc/passwd", "/../../etc/passwd", "/v1/models%00", "/v1/models;a=b",
        "/v1\\models", "/V1/MODELS", "/v1/mode\xc5\x82s", "/v1/\xef\xbd\x8dodels", "/healthz/../v1/models"})
    rows.push_back({target, get(target, bearer), 404, true});
  // What stands behind the slash is no model's id.
  for (const char* target : {"/v1/models/", "/v1/models/%ff%fe", "/v1/models/..%2f..%2fhealthz"})
    rows.push_back({target, get(target, bearer), 400, true});
  rows.push_back({"a fragment", get("/v1/models#x", bearer), 404, true});
  return rows;
}

// Lawful, and of no effect; a body where none belongs is too large.
std::vector<Hostile> harmless(const std::string& bearer) {
  return {
      {"a range", get("/v1/models", bearer + "Range: bytes=0-0\r\n"), 200, true},
      {"5,000 ranges", get("/v1/models", bearer + "Range: bytes=" + repeated(5'000, "0-,") + "\r\n"), 200, true},
      {"a condition", get("/v1/models", bearer + "If-None-Match: *\r\nIf-Modified-Since: x\r\n"), 200, true},
      {"another method in a header", get("/v1/models", bearer + "X-HTTP-Method-Override: DELETE\r\n"), 200, true},
      {"another path in a header", get("/v1/models", bearer + "X-Original-URL: /healthz\r\n"), 200, true},
      {"a body behind GET", get("/v1/models", bearer + "Content-Length: 5\r\n") + "GET /", 200, true},
      {"a large body behind GET", get("/v1/models", bearer + "Content-Length: 65537\r\n"), 413},
  };
}

class HostileHttp : public Flow {
 protected:
  std::string bearer() const { return "Authorization: Bearer " + gateway.token() + "\r\n"; }
  std::string chat(const std::string& agent) {
    return HttpRequest{.method = "POST",
                       .target = "/v1/chat/completions",
                       .token = gateway.token(),
                       .body = chat_body("OmeniaClaw/" + agent, "hi")}
        .text();
  }
  void expect_each(const std::vector<Hostile>& rows) {
    for (const Hostile& row : rows) {
      SCOPED_TRACE(row.name);
      HttpClient client(gateway.port());
      client.send(row.bytes);
      const HttpAnswer answer = client.read();
      EXPECT_EQ(answer.status, row.status) << answer.body;
      if (row.goes_on)
        EXPECT_EQ(client.ask({.target = "/healthz"}).status, 200);
      else
        EXPECT_TRUE(client.closed_by_server());
      EXPECT_EQ(http(gateway.port(), {.target = "/healthz"}).status, 200);
    }
  }
};

TEST_F(HostileHttp, FramingIsRefused) {
  expect_each(framings(bearer()));
}

TEST_F(HostileHttp, HeadsAreRefused) {
  expect_each(heads());
}

TEST_F(HostileHttp, PathsMeanWhatTheySpell) {
  expect_each(targets(bearer()));
}

TEST_F(HostileHttp, WhatChangesNothingIsIgnored) {
  expect_each(harmless(bearer()));
}

TEST_F(HostileHttp, PipelinedBodiesInOneSegmentAreToldApart) {
  HttpClient client(gateway.port());
  client.send(chat("echo") + chat("main") + HttpRequest{.target = "/healthz"}.text() + chat("echo"));
  EXPECT_THAT(client.read().body, HasSubstr("hi"));
  EXPECT_THAT(client.read().body, HasSubstr("Hello from the mock model."));
  EXPECT_THAT(client.read().body, HasSubstr("live"));
  EXPECT_THAT(client.read().body, HasSubstr("hi"));
}

TEST_F(HostileHttp, ABodyThatIsCutOffHurtsNobody) {
  HttpClient client(gateway.port());
  const std::string request = chat("echo");
  client.send(request.substr(0, request.size() - 5));
  client.socket().end_sending();
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_EQ(mock.requests().size(), 0u);
  EXPECT_EQ(http(gateway.port(), {.target = "/healthz"}).status, 200);
}

// Clients that connect and say nothing, that stop in the middle of a head or a body, that only half close, and that
// never read what they have asked for; in turns.
TEST_F(HostileHttp, AThousandSlowClientsDoNotHurtOthers) {
  constexpr int count = 1'000;
  const std::string asked = get("/v1/models", bearer());
  const std::string request = chat("echo");
  const std::vector<std::string> beginnings = {"", "GET /healthz HTT", request.substr(0, request.size() - 5),
                                               repeated(200, asked)};
  std::vector<HttpClient> slow;
  for (int i = 0; i < count; ++i) {
    slow.emplace_back(gateway.port());
    ASSERT_TRUE(slow.back().open()) << i;
    slow.back().send(beginnings[static_cast<std::size_t>(i) % beginnings.size()]);
    if (i % 5 == 0) slow.back().socket().end_sending();
  }
  HttpClient client(gateway.port());
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client.ask({.target = "/healthz"}).status, 200);
    EXPECT_EQ(client.ask({.target = "/v1/models", .token = gateway.token()}).status, 200);
    client.send(request);
    EXPECT_EQ(client.read().status, 200);
    // Another byte of each that stands in the middle of its head.
    for (std::size_t each = 1; each < slow.size(); each += beginnings.size()) slow[each].send("P");
  }
  EXPECT_TRUE(gateway.client().call("health")["ok"].boolean());
}

}  // namespace
}  // namespace omenia::test
