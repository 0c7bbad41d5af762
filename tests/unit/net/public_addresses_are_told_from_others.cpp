// Which addresses may be fetched from: the first and the last of every range that may not, and their neighbours.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <string>

#include "worker/net/public_address.h"

namespace omenia::test {
namespace {

bool is_public(const std::string& text) {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  if (::inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1)
    return net::is_public_address(reinterpret_cast<const sockaddr&>(four));
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  EXPECT_EQ(::inet_pton(AF_INET6, text.c_str(), &six.sin6_addr), 1) << text;
  return net::is_public_address(reinterpret_cast<const sockaddr&>(six));
}

struct Range {
  const char* before;  // Null: not public either, or there is none.
  const char* first;
  const char* last;
  const char* after;
};

TEST(PublicAddresses, OfIpv4AreWhatNoRegistryKeeps) {
  const Range ranges[] = {{nullptr, "0.0.0.0", "0.255.255.255", "1.0.0.0"},
                          {"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
                          {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
                          {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
                          {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
                          {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
                          {"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"},
                          {"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},
                          {"192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"},
                          {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
                          {"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
                          {"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"},
                          {"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"},
                          {"223.255.255.255", "224.0.0.0", "239.255.255.255", nullptr},
                          {nullptr, "240.0.0.0", "255.255.255.255", nullptr}};
  for (const Range& range : ranges) {
    EXPECT_FALSE(is_public(range.first)) << range.first;
    EXPECT_FALSE(is_public(range.last)) << range.last;
    for (const char* neighbour : {range.before, range.after})
      EXPECT_TRUE(!neighbour || is_public(neighbour)) << range.first;
  }
  for (const char* address : {"127.0.0.1", "127.1.2.3", "10.1.2.3", "192.168.1.1", "169.254.169.254", "172.20.0.1"})
    EXPECT_FALSE(is_public(address)) << address;
  for (const char* address : {"1.1.1.1", "8.8.8.8", "93.184.216.34", "100.0.0.1", "172.217.0.1", "192.1.1.1"})
    EXPECT_TRUE(is_public(address)) << address;
}

TEST(PublicAddresses, OfIpv6AreTheGlobalOnesThatMeanNothingElse) {
  EXPECT_FALSE(is_public("1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
  EXPECT_TRUE(is_public("2000::"));
  EXPECT_TRUE(is_public("3ffe::1"));
  EXPECT_FALSE(is_public("4000::"));
  for (const char* address : {"::",
                              "::1",
                              "::2",
                              "::127.0.0.1",
                              "::8.8.8.8",
                              "100::1",
                              "fc00::1",
                              "fd00::1",
                              "fdff:ffff::1",
                              "fe80::1",
                              "fe80::1:2:3:4",
                              "febf::1",
                              "fec0::1",
                              "ff02::1",
                              "ff0e::1",
                              "5f00::1",
                              "2001::1",
                              "2001:0:5ef5:79fd::1",
                              "2001:2::1",
                              "2001:10::1",
                              "2001:20::1",
                              "2001:1ff::1",
                              "2001:db8::1",
                              "2001:db8:ffff::1",
                              "2002::1",
                              "2002:7f00:1::1",
                              "2002:0808:0808::1",

                              "3fff::1",
                              "3fff:fff::1",
                              "64:ff9b:1::1",
                              "64:ff9b:1:2::8.8.8.8"})
    EXPECT_FALSE(is_public(address)) << address;
  for (const char* address : {"2001:200::1", "2001:4860:4860::8888", "2606:4700:4700::1111", "2001:db7::1",
                              "2001:db9::1", "2003::1", "2620:4e::1", "3fff:1000::1", "2a00:1450::1"})
    EXPECT_TRUE(is_public(address)) << address;
}

TEST(PublicAddresses, ThatCarryAnotherAreWhatTheyCarry) {
  for (const char* start : {"::ffff:", "64:ff9b::"}) {
    for (const char* address : {"127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "192.168.0.1", "172.16.0.1",
                                "100.64.0.1", "224.0.0.1", "255.255.255.255"})
      EXPECT_FALSE(is_public(std::string(start) + address)) << start << address;
    EXPECT_TRUE(is_public(std::string(start) + "8.8.8.8")) << start;
  }
}

TEST(PublicAddresses, HaveAFamilyThatHasSome) {
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  EXPECT_FALSE(net::is_public_address(reinterpret_cast<const sockaddr&>(local)));
}

}  // namespace
}  // namespace omenia::test
