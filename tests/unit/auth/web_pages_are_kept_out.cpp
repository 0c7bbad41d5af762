// Origin: which pages may open a WebSocket, for a visitor of this machine and for one from elsewhere.
#include <gtest/gtest.h>

#include "worker/auth/hosts.h"
#include "worker/auth/origin.h"

namespace omenia::auth {
namespace {

bool allowed(std::string_view origin, std::string_view host, bool local, const std::vector<std::string>& listed = {}) {
  return is_origin_allowed({origin, host, local}, listed);
}

TEST(APage, OfThisMachineMayForALocalVisitor) {
  for (const char* origin :
       {"http://localhost:18789", "http://localhost", "https://localhost:5173", "http://127.0.0.1:3000",
        "http://127.8.9.10", "http://[::1]:80", "http://[::1]", "HTTP://LOCALHOST:1"})
    EXPECT_TRUE(allowed(origin, "localhost:18789", true)) << origin;
}

TEST(APage, OfThisMachineMayNotForAVisitorFromElsewhere) {
  for (const char* origin : {"http://localhost:18789", "http://127.0.0.1:18789", "http://[::1]:18789"}) {
    EXPECT_FALSE(allowed(origin, "localhost:18789", false)) << origin;
    EXPECT_FALSE(allowed(origin, std::string_view(origin).substr(7), false)) << origin;
  }
}

TEST(APage, OfTheInternetMayNot) {
  for (const char* origin :
       {"http://evil.example", "https://evil.example", "http://localhost.evil.example", "http://evil.example:18789",
        "http://127.0.0.1.evil.example", "http://evil-localhost", "https://8.8.8.8", "http://[2001:db8::1]"})
    for (const bool local : {true, false}) {
      EXPECT_FALSE(allowed(origin, "localhost:18789", local)) << origin;
      // DNS rebinding: the page's own name is also the Host.
      EXPECT_FALSE(allowed(origin, std::string(origin).substr(std::string(origin).find("//") + 2), local)) << origin;
    }
}

TEST(APage, OfAPrivateNetworkMayOnItsOwnHost) {
  for (const char* host :
       {"10.0.0.1:18789", "172.16.0.9", "172.31.255.255:1", "192.168.1.20:18789", "169.254.1.1", "100.64.0.1",
        "100.127.255.254:18789", "gateway.local", "box.tail.ts.net:443", "[fd00::1]:18789", "[fe80::1]", "[fc00::1]"})
    for (const char* scheme : {"http://", "https://"}) {
      EXPECT_TRUE(allowed(std::string(scheme) + host, host, false)) << host;
      EXPECT_FALSE(allowed(std::string(scheme) + host, "192.168.7.7:18789", false)) << host;
    }
}

TEST(APage, OfAnAddressBesideThePrivateRangesMayNot) {
  for (const char* host : {"11.0.0.1", "9.255.255.255", "172.15.0.1", "172.32.0.1", "192.167.1.1", "192.169.0.1",
                           "169.253.0.1", "100.63.255.255", "100.128.0.0", "[fb00::1]", "[fec0::1]", "[::]", "0.0.0.0",
                           "10.1", "0x0a000001", "local", "ts.net", "gateway.localx"})
    EXPECT_FALSE(allowed("http://" + std::string(host), host, false)) << host;
}

TEST(APage, OfAnotherPortOfTheHostMayNot) {
  EXPECT_FALSE(allowed("http://192.168.1.20:8080", "192.168.1.20:18789", false));
  EXPECT_FALSE(allowed("http://192.168.1.20", "192.168.1.20:18789", true));
}

TEST(APage, IsComparedInAnyCase) {
  EXPECT_TRUE(allowed("http://Gateway.Local:1", "gATEWAY.local:1", false));
  EXPECT_TRUE(allowed("https://UI.example", "x", false, {"https://ui.EXAMPLE"}));
}

TEST(APage, MayWhenItIsListed) {
  const std::vector<std::string> listed = {"https://ui.example", "https://other.example:8443", "null"};
  EXPECT_TRUE(allowed("https://ui.example", "gw:1", false, listed));
  EXPECT_TRUE(allowed("https://other.example:8443", "gw:1", true, listed));
  EXPECT_TRUE(allowed("null", "gw:1", true, listed));
  for (const char* origin : {"http://ui.example", "https://ui.example:443", "https://ui.example.evil",
                             "https://other.example", "https://x.ui.example"})
    EXPECT_FALSE(allowed(origin, "gw:1", true, listed)) << origin;
}

TEST(APage, MayWhenAllMay) {
  for (const char* origin : {"http://evil.example", "null", "file://", ""})
    EXPECT_TRUE(allowed(origin, "gw:1", false, {"*"})) << origin;
  EXPECT_FALSE(allowed("http://evil.example", "gw:1", true, {"http://*", "https://*.example", ""}));
}

TEST(APage, WithoutAReadableOriginMayNot) {
  for (const char* origin : {"", " ", "null", "file://", "chrome-extension://abc", "localhost", "//localhost",
                             "http:localhost", "http://", "https://", "http://:80", "http://[", "http://[]", "http://]",
                             "http://[::1", "ftp://localhost", "http://\xff", "http://local host"})
    EXPECT_FALSE(allowed(origin, "", true)) << origin;
}

// No browser sends these, but what is no origin must not pass for one of this machine.
TEST(APage, WhoseOriginOnlyBeginsLikeALocalOneMayNot) {
  for (const char* origin : {"http://localhost:80@evil.example", "http://localhost:x", "http://[::1]evil.example",
                             "http://localhost:80/path", "http://127.0.0.1:1.evil.example",
                             "http://localhost:", "http://[::1]:", "http://[::1]:80x", "http://localhost:123456"})
    EXPECT_FALSE(allowed(origin, "localhost:18789", true)) << origin;
}

TEST(AName, ThatAnybodyCanPointHereIsPublic) {
  for (const char* name : {"evil.example", "127.evil.com", "localhost.evil.com", "lan.example", "internal.evil.com",
                           "xinternal.com", "localhost.", "1.2.3", "10.0.0.1.nip.io", "ts.net.example"})
    EXPECT_TRUE(is_public_name(name)) << name;
  for (const char* name : {"", "localhost", "gateway", "box.local", "box.tail.ts.net", "app.localhost", "127.0.0.1",
                           "10.0.0.1", "203.0.113.5", "::1", "2001:db8::1", "host.docker.internal",
                           "host.containers.internal", "gateway.lan", "nas.home.arpa"})
    EXPECT_FALSE(is_public_name(name)) << name;
}

TEST(AName, OfAListedOriginIsKnown) {
  const std::vector<std::string> origins = {"https://Ui.Example:8443", "http://[2001:db8::1]"};
  EXPECT_TRUE(is_host_of("ui.example", origins));
  EXPECT_TRUE(is_host_of("2001:db8::1", origins));
  EXPECT_FALSE(is_host_of("example", origins));
  EXPECT_FALSE(is_host_of("", origins));
  EXPECT_TRUE(is_host_of("anything.example", {"*"}));
}

TEST(AnOrigin, IsListedWholeOrNotAtAll) {
  const std::vector<std::string> origins = {"https://chat.example"};
  EXPECT_TRUE(is_listed("https://CHAT.example", origins));
  for (const char* other : {"", "null", "https://chat.example.evil", "https://chat.example:444", "http://chat.example"})
    EXPECT_FALSE(is_listed(other, origins)) << other;
  EXPECT_FALSE(is_listed("https://chat.example", {"*"}));
}

}  // namespace
}  // namespace omenia::auth
