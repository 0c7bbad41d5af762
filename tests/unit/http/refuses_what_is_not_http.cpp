// What is not exactly HTTP is refused in words, and the connection closed; its lawful neighbours are accepted.
#include "tests/unit/http/fixture.h"

namespace omenia::http::test {
namespace {

struct Case {
  const char* name;
  std::string request;
  int status;
};

std::string with(const std::string& lines) {
  return "POST / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n";
}

std::string repeated(int times, const std::string& text) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// Whose body's end is not told, or told twice.
std::vector<Case> misframed_bodies() {
  const std::string chunk = "Transfer-Encoding: chunked\r\n";
  return {
      {"DifferingContentLength", with("Content-Length: 1\r\nContent-Length: 2\r\n") + "ab", 400},
      {"SameContentLengthTwice", with("Content-Length: 1\r\nContent-Length: 1\r\n") + "a", 400},
      {"ContentLengthList", with("Content-Length: 1, 1\r\n") + "a", 400},
      {"NegativeContentLength", with("Content-Length: -1\r\n"), 400},
      {"SignedContentLength", with("Content-Length: +1\r\n") + "a", 400},
      {"EmptyContentLength", with("Content-Length: \r\n"), 400},
      {"HugeContentLength", with("Content-Length: 99999999999999999999999\r\n"), 400},
      {"LengthThenCoding", with("Content-Length: 1\r\n" + chunk) + "0\r\n\r\n", 400},
      {"CodingThenLength", with(chunk + "Content-Length: 1\r\n") + "0\r\n\r\n", 400},
      {"CodingTwice", with(chunk + chunk) + "0\r\n\r\n", 400},
      {"UnknownCoding", with("Transfer-Encoding: xchunked\r\n"), 400},
      {"CodingBeforeChunked", with("Transfer-Encoding: gzip, chunked\r\n") + "0\r\n\r\n", 400},
      {"IdentityCoding", with("Transfer-Encoding: identity\r\n"), 400},
      {"CodingInHttp10", "POST / HTTP/1.0\r\nHost: h\r\n" + chunk + "\r\n0\r\n\r\n", 400},
      {"BadChunkSize", with(chunk) + "zzzz\r\n", 400},
      {"ChunkWithoutItsEnd", with(chunk) + "1\r\nabc\r\n0\r\n\r\n", 400},
      {"LineFeedInChunkExtension", with(chunk) + "1;a=\"\n\"\r\nx\r\n0\r\n\r\n", 400},
      {"LengthInTrailer", with(chunk) + "0\r\nContent-Length: 1\r\n\r\n", 400},
  };
}

std::vector<Case> malformed_heads() {
  using namespace std::string_literals;
  return {
      {"BareLineFeed", "GET / HTTP/1.1\nHost: h\n\n", 400},
      {"BareLineFeedInHeader", "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", 400},
      {"BareCarriageReturn", "GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n", 400},
      {"BlankBeforeColon", with("Content-Length : 1\r\n") + "a", 400},
      {"BlankBeforeName", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400},
      {"EmptyName", with(": value\r\n"), 400},
      {"NulInValue", with("X: a\0b\r\n"s), 400},
      {"NulInTarget", "GET /a\0b HTTP/1.1\r\nHost: h\r\n\r\n"s, 400},
      {"ControlCharacterInTarget", "GET /a\x01 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"DeleteInTarget", "GET /a\x7f HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"BlankInTarget", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"FoldedHeader", with("X: a\r\n b\r\n"), 400},
      {"FoldedFirstLine", with("X:\r\n b\r\n"), 400},
      {"FoldedEmptyLine", with("X: a\r\n \r\n"), 400},
      {"FoldedWithTab", with("Transfer-Encoding:\r\n\tchunked\r\n"), 400},
      {"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
      {"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
      {"HostWithUser", "GET / HTTP/1.1\r\nHost: user@host\r\n\r\n", 400},
      {"HostWithPath", "GET / HTTP/1.1\r\nHost: host/path\r\n\r\n", 400},
      {"HostList", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"TargetWithoutSlash", "GET path HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"StarThatIsNotOptions", "GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"OtherScheme", "GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"AddressOfAnotherHost", "GET http://other/ HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"AddressWithoutHost", "GET http:///path HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"TlsHello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400},
      {"Http09", "GET /\r\n\r\n", 400},
      {"Http12", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", 400},
      {"LowerCaseVersion", "GET / http/1.1\r\nHost: h\r\n\r\n", 400},
      {"Garbage", "\xff\xfe\xfd\xfc garbage\r\n\r\n", 400},
  };
}

std::vector<Case> endless_heads() {
  return {
      {"TooManyHeaders", with(repeated(101, "X: y\r\n")), 431},
      {"LongHeader", with("X: " + std::string(40 * limits::KiB, 'x') + "\r\n"), 431},
      {"LongHeaderThatDoesNotEnd", "GET / HTTP/1.1\r\nX: " + std::string(40 * limits::KiB, 'x'), 431},
      {"LongHeadOfShortHeaders", with(repeated(40, "X: " + std::string(1000, 'x') + "\r\n")), 431},
      {"LongTarget", get("/" + std::string(8 * limits::KiB, 'x')), 414},
      {"LongTargetThatDoesNotEnd", "GET /" + std::string(40 * limits::KiB, 'x'), 414},
      {"EndlessEmptyLines", repeated(20'000, "\r\n"), 431},
  };
}

std::vector<Case> cases() {
  std::vector<Case> all = misframed_bodies();
  for (const auto& more : {malformed_heads(), endless_heads()}) all.insert(all.end(), more.begin(), more.end());
  return all;
}

class Refuses : public HttpServer, public ::testing::WithParamInterface<Case> {};

// Refused in words, the connection closed, the handler not asked; sent at once or byte by byte.
TEST_P(Refuses, AtOnce) {
  handler_.on_handle = [](auto exchange) { exchange->respond(text_response(299, "let through")); };
  start();
  Client client = connect();
  client.send(GetParam().request + get("/smuggled"));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, GetParam().status);
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_GT(answer.body.size(), 60u) << answer.body;
  EXPECT_TRUE(client.is_closed());
}

TEST_P(Refuses, ByteByByte) {
  start();
  Client client = connect();
  client.send_bytewise(GetParam().request);
  EXPECT_EQ(client.read_answer().status, GetParam().status);
  EXPECT_TRUE(client.is_closed());
}

INSTANTIATE_TEST_SUITE_P(Requests, Refuses, ::testing::ValuesIn(cases()),
                         [](const auto& info) { return std::string(info.param.name); });

class Accepts : public HttpServer {};

TEST_F(Accepts, HeaderNamesThatArePrefixesOfOthers) {
  std::vector<Header> seen;
  handler_.on_handle = [&](auto exchange) {
    seen = exchange->request().headers;
    exchange->respond(text_response(200, ""));
  };
  start();
  EXPECT_EQ(ask(get("/", "A: 1\r\nX: 2\r\nX-A: 3\r\nAcc: 4\r\nX-Forwarded: 5\r\n")).status, 200);
  ASSERT_EQ(seen.size(), 6u);
  EXPECT_EQ(seen[1].name + seen[2].name + seen[3].name + seen[4].name, "AXX-AAcc");
  EXPECT_EQ(seen[5].value, "5");
}

TEST_F(Accepts, ValuesWithoutBlanksAroundThem) {
  std::string seen;
  handler_.on_handle = [&](auto exchange) {
    seen = exchange->request().header("x-value");
    exchange->respond(text_response(200, ""));
  };
  start();
  EXPECT_EQ(ask(get("/", "X-Value: \t a b \xe2\x82\xac \t\r\n")).status, 200);
  EXPECT_EQ(seen, "a b \xe2\x82\xac");
}

TEST_F(Accepts, AddressesOfThisHost) {
  start();
  EXPECT_EQ(ask("GET http://LocalHost/p?q HTTP/1.1\r\nHost: localhost\r\n\r\n").body, "GET /p ");
  EXPECT_EQ(ask("GET http://localhost?q HTTP/1.1\r\nHost: localhost\r\n\r\n").body, "GET / ");
  EXPECT_EQ(ask("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n").body, "OPTIONS * ");
}

TEST_F(Accepts, AHeadByteByByte) {
  start();
  Client client = connect();
  client.send_bytewise(get("/slow", "X: y\r\nEmpty:\r\n"));
  EXPECT_EQ(client.read_answer().body, "GET /slow ");
}

TEST_F(Accepts, NoConnectAtAll) {
  start();
  Client client = connect();
  client.send("CONNECT host:443 HTTP/1.1\r\nHost: host:443\r\n\r\n");
  EXPECT_EQ(client.read_to_end(), "");
}

}  // namespace
}  // namespace omenia::http::test
