// Who has not finished connect is counted: the hosts of one IPv6 network together, addresses of IPv4 by themselves.
#include "shared/base/limits.h"
#include "tests/unit/worker/worker_fixture.h"

namespace omenia::test {
namespace {

using testing::EndsWith;
using testing::StartsWith;

class WaitingUpgrades : public HttpTest {
 protected:
  void SetUp() override { start_serving("{gateway: {trustedProxies: ['127.0.0.1']}}"); }

  // What a client hears that a proxy has brought from this address, as far as it has come. Whoever is let in stays.
  std::string upgrade(const std::string& address) {
    clients.push_back(client_of_port(port));
    const Fd& client = clients.back();
    const std::string request = "GET / HTTP/1.1\r\nHost: gateway.example\r\nX-Forwarded-For: " + address +
                                "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    EXPECT_EQ(::send(client.get(), request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
    std::string answer;
    run_until([&] {
      char bytes[4096];
      const ssize_t got = ::recv(client.get(), bytes, sizeof bytes, MSG_DONTWAIT);
      if (got > 0) answer.append(bytes, static_cast<std::size_t>(got));
      return got == 0 || answer.find("\r\n\r\n") != std::string::npos;
    });
    return answer;
  }
  bool is_let_in(const std::string& address) { return upgrade(address).starts_with("HTTP/1.1 101 "); }
  void expect_refusal(const std::string& address) {
    const std::string answer = upgrade(address);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 ")) << address;
    EXPECT_THAT(answer, EndsWith("Too many connections of this address have not finished connect.")) << address;
    clients.pop_back();
  }
  // As many as may wait, each from the address that `address_of` gives it.
  void fill(const std::function<std::string(int number)>& address_of) {
    for (int i = 0; i < places; ++i) ASSERT_TRUE(is_let_in(address_of(i))) << address_of(i);
  }

  static constexpr int places = limits::upgrades_before_connect_per_address_max;
  std::vector<Fd> clients;
};

TEST_F(WaitingUpgrades, AddressesOfOneNetworkOfIpv6ShareTheCount) {
  fill([](int number) { return "2001:db8:0:1::" + std::to_string(number); });
  EXPECT_EQ(context->hub.pending("2001:db8:0:1:ffff:ffff:ffff:ffff"), places);
  expect_refusal("2001:db8:0:1:ffff:ffff:ffff:ffff");
  expect_refusal("2001:DB8:0:1:8000::");
  for (const char* elsewhere : {"2001:db8:0:2::1", "2001:db8::1", "2001:db8:1:1::1"}) {
    EXPECT_EQ(context->hub.pending(elsewhere), 0) << elsewhere;
    EXPECT_TRUE(is_let_in(elsewhere)) << elsewhere;
  }
}

TEST_F(WaitingUpgrades, APlaceInTheNetworkIsFreeWhenAnyOfItLeaves) {
  fill([](int number) { return "2001:db8:0:1::" + std::to_string(number); });
  expect_refusal("2001:db8:0:1::ffff");
  clients.pop_back();
  run_until([&] { return context->hub.pending("2001:db8:0:1::") == places - 1; });
  EXPECT_TRUE(is_let_in("2001:db8:0:1::ffff"));
  expect_refusal("2001:db8:0:1::fffe");
  clients.clear();
  run_until([&] { return context->hub.pending("2001:db8:0:1::") == 0; });
}

TEST_F(WaitingUpgrades, AddressesOfIpv4CountByThemselves) {
  fill([](int) { return "192.0.2.1"; });
  expect_refusal("192.0.2.1");
  EXPECT_EQ(context->hub.pending("192.0.2.1"), places);
  EXPECT_EQ(context->hub.pending("192.0.2.2"), 0);
  fill([](int number) { return "192.0.2." + std::to_string(2 + number); });
  EXPECT_EQ(context->hub.pending("192.0.2.2"), 1);
  EXPECT_TRUE(is_let_in("2001:db8:0:1::1"));
}

TEST_F(WaitingUpgrades, AddressesOfIpv4InTheFormOfIpv6AreNoNetwork) {
  fill([](int) { return "::ffff:192.0.2.1"; });
  expect_refusal("::ffff:192.0.2.1");
  EXPECT_TRUE(is_let_in("::ffff:192.0.2.2"));
}

}  // namespace
}  // namespace omenia::test
