// The small pieces around a request: its peer, its headers, percent encoding, an error as an answer.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include "worker/http/message.h"

namespace omenia::http {
namespace {

Peer peer_of_text(const char* address) {
  sockaddr_storage storage{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
  if (::inet_pton(AF_INET, address, &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(80);
  } else {
    EXPECT_EQ(::inet_pton(AF_INET6, address, &v6.sin6_addr), 1);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(80);
  }
  return peer_of(reinterpret_cast<const sockaddr&>(storage));
}

TEST(PeerOf, FoldsMappedAddresses) {
  EXPECT_EQ(peer_of_text("::ffff:192.0.2.1").address, "192.0.2.1");
  EXPECT_EQ(peer_of_text("::ffff:192.0.2.1").port, 80);
  EXPECT_EQ(peer_of_text("2001:db8::1").address, "2001:db8::1");
}

TEST(PeerOf, KnowsLoopbackByTheAddress) {
  for (const char* address : {"127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(peer_of_text(address).loopback) << address;
  }
  for (const char* address : {"126.0.0.1", "128.0.0.1", "10.0.0.127", "::2", "::", "::127.0.0.1", "::ffff:10.0.0.1"}) {
    EXPECT_FALSE(peer_of_text(address).loopback) << address;
  }
}

TEST(RequestHeaders, AreFoundInAnyCase) {
  Request request;
  request.headers = {{"X-One", "1"}, {"x-one", "2"}, {"Empty", ""}};
  EXPECT_EQ(request.header("x-ONE"), "1");
  EXPECT_EQ(request.header("X-On"), "");
  EXPECT_TRUE(request.has_header("empty"));
  EXPECT_FALSE(request.has_header("X-One-More"));
}

TEST(RequestHeaders, ShowAProxy) {
  const auto is_forwarded = [](const char* name) {
    Request request;
    request.headers = {{name, "x"}};
    return request.is_forwarded();
  };
  for (const char* name : {"Forwarded", "X-Forwarded-For", "x-forwarded-anything", "X-Real-IP"}) {
    EXPECT_TRUE(is_forwarded(name)) << name;
  }
  for (const char* name : {"X-Forwarded", "Forward", "X-Real"}) EXPECT_FALSE(is_forwarded(name)) << name;
}

TEST(ErrorResponse, HasTheStatusAndTypeOfItsRow) {
  Error error = fail(ErrorCode::rate_limited, "say \"when\"");
  error.retry_after_ms = 1'001;
  const Response response = error_response(error);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.body, R"({"error":{"message":"say \"when\"","type":"rate_limited"}})");
  EXPECT_EQ(response.headers.back().name, "Retry-After");
  EXPECT_EQ(response.headers.back().value, "2");
}

TEST(PercentDecode, DecodesOnce) {
  EXPECT_EQ(percent_decode("/v1/models/a%2Fb%20c%252F+").value(), "/v1/models/a/b c%2F+");
  EXPECT_EQ(percent_decode("%e2%82%AC").value(), "\xe2\x82\xac");
}

TEST(PercentDecode, RefusesWhatIsNotAnEncoding) {
  for (const char* text : {"%", "%2", "a%", "%g0", "%0g", "%%20", "%00", "x%00y"}) {
    const auto decoded = percent_decode(text);
    ASSERT_FALSE(decoded.ok()) << text;
    EXPECT_EQ(decoded.error().code, ErrorCode::invalid_request);
  }
}

TEST(ListHasToken, LooksAtWholeItems) {
  EXPECT_TRUE(list_has_token("keep-alive, Upgrade", "upgrade"));
  EXPECT_TRUE(list_has_token(" upgrade\t,", "upgrade"));
  EXPECT_FALSE(list_has_token("upgrades, up grade", "upgrade"));
  EXPECT_FALSE(list_has_token("", "upgrade"));
}

}  // namespace
}  // namespace omenia::http
