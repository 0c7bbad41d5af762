// The two small readers of the outgoing side: who an URL talks to, and what an answer's head says.
#include <gtest/gtest.h>

#include "shared/base/limits.h"
#include "worker/net/outbound_endpoint.h"
#include "worker/net/outbound_head.h"

namespace omenia::test {
namespace {

using net::OutboundHeadReader;
using net::parse_endpoint;

std::string endpoint(std::string_view url) {
  const auto parsed = parse_endpoint(url);
  return parsed.ok() ? parsed.value().text() + (parsed.value().tls ? " tls" : "") : "none";
}

TEST(Endpoint, IsReadFromAnUrl) {
  EXPECT_EQ(endpoint("https://api.example.com/v1"), "api.example.com:443 tls");
  EXPECT_EQ(endpoint("HTTP://Example.COM"), "example.com:80");
  EXPECT_EQ(endpoint("http://127.0.0.1:11434/v1?x=1"), "127.0.0.1:11434");
  EXPECT_EQ(endpoint("http://[::1]:8080/v1"), "[::1]:8080");
  EXPECT_EQ(endpoint("http://user:p@ss@host:81/@:99"), "host:81");
  EXPECT_EQ(endpoint("gopher://host"), "none");
  EXPECT_EQ(endpoint("http://host:0"), "none");
}

TEST(Endpoint, KnowsWhatIsOnThisMachine) {
  for (const char* url :
       {"http://127.0.0.1", "http://127.9.9.9:1", "http://localhost", "http://a.localhost", "http://[::1]"})
    EXPECT_TRUE(parse_endpoint(url).value().is_loopback()) << url;
  for (const char* url : {"http://127.0.0.1.example.com", "http://127.evil", "http://10.0.0.1", "http://localhost.com"})
    EXPECT_FALSE(parse_endpoint(url).value().is_loopback()) << url;
}

TEST(Endpoint, KnowsWhatIsNear) {
  for (const char* url : {"http://10.1.2.3", "http://172.16.0.1", "http://172.31.0.1", "http://192.168.0.1",
                          "http://169.254.0.1", "http://100.64.0.1", "http://nas", "http://nas.local",
                          "http://[fd00::1]", "http://[fe80::1]", "http://127.0.0.1"})
    EXPECT_TRUE(parse_endpoint(url).value().is_local()) << url;
  for (const char* url : {"http://172.32.0.1", "http://11.0.0.1", "http://100.128.0.1", "http://8.8.8.8",
                          "http://api.openai.com", "http://[2001:db8::1]"})
    EXPECT_FALSE(parse_endpoint(url).value().is_local()) << url;
}

net::OutboundHead head_of(std::initializer_list<std::string_view> lines) {
  OutboundHeadReader reader;
  for (const auto line : lines) EXPECT_TRUE(reader.take(line, 0));
  EXPECT_TRUE(reader.complete());
  return reader.head();
}

TEST(Head, IsReadLineByLine) {
  const auto head = head_of({"HTTP/1.1 200 OK\r\n", "content-TYPE:  Text/HTML; charset=x\r\n", "nonsense\r\n", "\r\n"});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.content_type, "text/html");
  EXPECT_EQ(head.retry_after_ms, std::nullopt);
}

TEST(Head, SaysWhenToTryAgain) {
  EXPECT_EQ(head_of({"HTTP/1.1 429 No\r\n", "Retry-After: 2\r\n", "\r\n"}).retry_after_ms, 2000);
  EXPECT_EQ(head_of({"HTTP/1.1 429\r\n", "retry-after-ms: 350\r\n", "Retry-After: 2\r\n", "\r\n"}).retry_after_ms, 350);
  EXPECT_EQ(head_of({"HTTP/1.1 429\r\n", "Retry-After: 2\r\n", "retry-after-ms: 350\r\n", "\r\n"}).retry_after_ms, 350);
}

TEST(Head, ReadsPatienceInEveryForm) {
  constexpr std::int64_t now_ms = 1'767'225'600'000;  // 2026-01-01T00:00:00Z
  EXPECT_EQ(net::retry_after_ms("0.5", now_ms), 500);
  EXPECT_EQ(net::retry_after_ms("Thu, 01 Jan 2026 00:00:30 GMT", now_ms), 30'000);
  EXPECT_EQ(net::retry_after_ms("Wed, 31 Dec 2025 00:00:00 GMT", now_ms), std::nullopt);
  EXPECT_EQ(net::retry_after_ms("99999999999999999999", now_ms), 7LL * 24 * 3600 * 1000);
  for (const char* text : {"", "-1", "soon", "nan", "inf", "1x", "Thu, 01 Jan"})
    EXPECT_EQ(net::retry_after_ms(text, now_ms), std::nullopt) << text;
}

TEST(Head, StartsAfreshAfterAnInterimAnswer) {
  const auto head = head_of({"HTTP/1.1 103 Hints\r\n", "Content-Type: a/b\r\n", "\r\n", "HTTP/1.1 204 No\r\n", "\r\n"});
  EXPECT_EQ(head.status, 204);
  EXPECT_EQ(head.content_type, "");
}

TEST(Head, HasAnEnd) {
  OutboundHeadReader reader;
  const std::string line = "X: " + std::string(limits::outbound_head_bytes_max, 'x') + "\r\n";
  EXPECT_FALSE(reader.take(line, 0));
}

}  // namespace
}  // namespace omenia::test
