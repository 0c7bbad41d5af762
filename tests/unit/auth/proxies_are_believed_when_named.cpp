// Hosts and trusted proxies: what is local, who the client is, whom somebody vouches for.
#include <gmock/gmock.h>

#include <map>

#include "worker/auth/hosts.h"
#include "worker/auth/trusted_proxy.h"

namespace omenia::auth {
namespace {

TEST(Hosts, AreReadWithoutTheirPort) {
  const std::pair<const char*, const char*> cases[] = {{"localhost", "localhost"},
                                                       {"LocalHost:80", "localhost"},
                                                       {"127.0.0.1:1", "127.0.0.1"},
                                                       {"[::1]:80", "::1"},
                                                       {"[::1]", "::1"},
                                                       {"", ""},
                                                       {"[::1", ""},
                                                       {"a:b", ""},
                                                       {"a:80:80", ""},
                                                       {"[::1]x", ""},
                                                       {"a:99999", ""}};
  for (const auto& [text, name] : cases) EXPECT_EQ(host_name_of(text), name) << text;
}

TEST(Hosts, AreOfThisMachineByTheirParsedAddress) {
  for (const char* name : {"localhost", "127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(is_loopback_host(name)) << name;
  for (const char* name : {"127.evil.com", "127.0.0.1.evil.com", "localhost.evil.com", "127.1", "0x7f.0.0.1", "::2", "",
                           "127.0.0.1 ", "127.0.0.256", "2130706433"})
    EXPECT_FALSE(is_loopback_host(name)) << name;
  for (const char* name : {"10.1.2.3", "172.31.0.1", "192.168.0.1", "169.254.1.1", "100.64.0.1", "fd00::1", "fe80::1",
                           "box.local", "x.ts.net", "::ffff:10.0.0.1"})
    EXPECT_TRUE(is_private_host(name)) << name;
  for (const char* name : {"172.32.0.1", "100.128.0.1", "8.8.8.8", "2001:db8::1", "evil.com", "local", "10.evil.com"})
    EXPECT_FALSE(is_private_host(name)) << name;
}

TEST(Networks, HoldTheirAddresses) {
  EXPECT_TRUE(is_in_networks("10.1.2.3", {"10.0.0.0/8"}));
  EXPECT_FALSE(is_in_networks("11.1.2.3", {"10.0.0.0/8"}));
  EXPECT_TRUE(is_in_networks("::ffff:10.1.2.3", {"10.0.0.0/8"}));
  EXPECT_TRUE(is_in_networks("2001:db8::5", {"2001:db8::/32"}));
  EXPECT_TRUE(is_in_networks("192.0.2.1", {"::1", "192.0.2.1"}));
  EXPECT_TRUE(is_in_networks("192.0.2.1", {"0.0.0.0/0"}));
  EXPECT_FALSE(is_in_networks("2001:db8::5", {"0.0.0.0/0"}));
  EXPECT_FALSE(is_in_networks("not an address", {"0.0.0.0/0", "::/0"}));
  EXPECT_FALSE(is_in_networks("10.1.2.3", {"10.0.0.0/x", "nonsense", ""}));
  EXPECT_TRUE(same_address("::ffff:10.0.0.1", "10.0.0.1"));
}

class ARequest : public testing::Test {
 protected:
  Passage passage() {
    return {peer, loopback, forwarded, [this](std::string_view name) {
              std::vector<std::string_view> values;
              const auto [from, to] = headers.equal_range(std::string(name));
              for (auto each = from; each != to; ++each) values.push_back(each->second);
              return values;
            }};
  }
  // The client's address, or what is wrong.
  std::string client() {
    const Attribution found = attribute(passage(), rules);
    if (!found.known) return "unknown";
    return found.address + (found.direct ? "" : " behind a proxy");
  }
  std::string user() {
    const Voucher voucher = vouched_user(passage(), rules);
    return voucher.user.empty() ? std::string(voucher.reason) : voucher.user;
  }
  std::string peer = "192.0.2.1";
  bool loopback = false;
  bool forwarded = true;
  std::multimap<std::string, std::string> headers{{"x-forwarded-for", "203.0.113.9"}, {"x-user", "alice"}};
  ProxyRules rules{.proxies = {"192.0.2.1", "198.51.100.0/24"},
                   .user_header = "x-user",
                   .required_headers = {},
                   .allow_users = {},
                   .allow_loopback = false};
};

TEST_F(ARequest, ComesFromWhomANamedProxySays) {
  EXPECT_EQ(client(), "203.0.113.9 behind a proxy");
  headers = {{"x-forwarded-for", "127.0.0.1, 203.0.113.9:4711 , 198.51.100.7"}};
  EXPECT_EQ(client(), "203.0.113.9 behind a proxy") << "named proxies at the end are passed over";
  headers = {{"x-forwarded-for", "127.0.0.1"}, {"x-forwarded-for", "203.0.113.9"}};
  EXPECT_EQ(client(), "203.0.113.9 behind a proxy") << "the visitor's own header comes first";
  headers = {{"x-forwarded-for", "[2001:db8::7]:80"}};
  EXPECT_EQ(client(), "2001:db8::7 behind a proxy");
}

TEST_F(ARequest, ComesFromWhomTheSecondHeaderNamesWhenThatIsAllowed) {
  headers = {{"x-real-ip", "203.0.113.9"}};
  EXPECT_EQ(client(), "unknown");
  rules.real_ip_fallback = true;
  EXPECT_EQ(client(), "203.0.113.9 behind a proxy");
  headers.emplace("x-forwarded-for", "203.0.113.10");
  EXPECT_EQ(client(), "203.0.113.10 behind a proxy");
}

TEST_F(ARequest, IsNobodysWhenANamedProxyDoesNotSay) {
  for (const char* value : {"", "unknown", "127.0.0.1", "::1", "203.0.113.9, ", "198.51.100.7", "evil.com"}) {
    headers = {{"x-forwarded-for", value}};
    EXPECT_EQ(client(), "unknown") << value;
  }
  headers = {{"forwarded", "for=203.0.113.9"}};
  EXPECT_EQ(client(), "unknown");
}

TEST_F(ARequest, ComesFromItsPeerWhateverAStrangerWrites) {
  peer = "203.0.113.50";
  headers = {{"x-forwarded-for", "127.0.0.1"}};
  EXPECT_EQ(client(), "203.0.113.50 behind a proxy");
  peer = "127.0.0.1";
  loopback = true;
  EXPECT_EQ(client(), "unknown");
  forwarded = false;
  EXPECT_EQ(client(), "127.0.0.1");
}

TEST_F(ARequest, OfANamedProxyIsNotLocalEvenWithoutForwardingHeaders) {
  forwarded = false;
  headers = {{"x-user", "alice"}};
  EXPECT_EQ(client(), "192.0.2.1 behind a proxy");
}

TEST_F(ARequest, HasTheUserWhomANamedProxyNames) {
  EXPECT_EQ(user(), "alice");
  rules.allow_users = {"bob"};
  EXPECT_EQ(user(), "trusted_proxy_user_not_allowed");
  rules.allow_users = {"bob", "alice"};
  rules.required_headers = {"x-verified"};
  EXPECT_EQ(user(), "trusted_proxy_missing_header");
  headers.emplace("x-verified", "1");
  EXPECT_EQ(user(), "alice");
}

TEST_F(ARequest, HasNoUserOtherwise) {
  headers = {{"x-user", "  "}};
  EXPECT_EQ(user(), "trusted_proxy_user_missing");
  headers = {{"x-user", "alice"}, {"x-user", "bob"}};
  EXPECT_EQ(user(), "trusted_proxy_user_missing");
  headers = {{"x-user", "alice"}};
  peer = "203.0.113.50";
  EXPECT_EQ(user(), "trusted_proxy_untrusted_source");
  peer = "127.0.0.1";
  loopback = true;
  rules.proxies = {"127.0.0.1"};
  EXPECT_EQ(user(), "trusted_proxy_loopback_source");
  rules.allow_loopback = true;
  EXPECT_EQ(user(), "alice");
  rules.user_header.clear();
  EXPECT_EQ(user(), "trusted_proxy_untrusted_source");
}

}  // namespace
}  // namespace omenia::auth
