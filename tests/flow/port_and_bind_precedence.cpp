// Port and bind: flag over environment over config over default, and nothing else is listened on.
#include <fstream>
#include <sstream>

#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

constexpr std::string_view listening = "0A";  // The state in /proc/net/tcp.

// The IPv4 addresses, as the kernel prints them, that are listened on at this port.
std::vector<std::string> listeners(int port) {
  std::ifstream table("/proc/net/tcp");
  std::vector<std::string> addresses;
  for (std::string line; std::getline(table, line);) {
    std::istringstream words(line);
    std::string number, local, remote, state;
    words >> number >> local >> remote >> state;
    const std::size_t colon = local.find(':');
    if (state != listening || colon == std::string::npos) continue;
    if (std::stoi(local.substr(colon + 1), nullptr, 16) == port) addresses.push_back(local.substr(0, colon));
  }
  return addresses;
}

const std::vector<std::string> loopback_only{"0100007F"};
const std::vector<std::string> every_address{"00000000"};

class Precedence : public FlowNotStarted {
 protected:
  bool starts_on(int port, const std::vector<std::string>& arguments = {}) {
    gateway.launch(arguments);
    return eventually([&] {
             if (!gateway.process().running()) return true;
             HttpClient client(port);
             return client.open() && client.ask({.target = "/readyz"}).status == 200;
           }) &&
           gateway.process().running();
  }
  void set_port_variable(int port) { gateway.instance().variables()["OmeniaClaw_GATEWAY_PORT"] = std::to_string(port); }
  PortLease second, third;
};

TEST_F(Precedence, PortFlagBeatsEnvironmentAndConfig) {
  set_port_variable(second.port());
  EXPECT_TRUE(starts_on(third.port(), {"--port", std::to_string(third.port())}));
  EXPECT_THAT(listeners(second.port()), testing::IsEmpty());
  EXPECT_THAT(listeners(gateway.port()), testing::IsEmpty());
}

TEST_F(Precedence, PortEnvironmentBeatsConfig) {
  set_port_variable(second.port());
  EXPECT_TRUE(starts_on(second.port()));
  EXPECT_THAT(listeners(gateway.port()), testing::IsEmpty());
}

TEST_F(Precedence, PortOfTheConfigIsServed) {
  EXPECT_TRUE(starts_on(gateway.port()));
}

TEST_F(Precedence, PortDefaultIs18789) {
  gateway.instance().write_config(R"({"gateway":{"mode":"local"}})");
  auto status = gateway.instance().command({"gateway", "status", "--json", "--no-probe"});
  EXPECT_EQ(status.wait(), 0) << status.errors();
  const auto answer = Json::parse(status.output());
  ASSERT_TRUE(answer.ok()) << status.output();
  EXPECT_EQ(answer.value()["gateway"]["port"].integer(), 18789);
}

TEST_F(Precedence, BindDefaultIsLoopback) {
  ASSERT_TRUE(gateway.start());
  EXPECT_EQ(listeners(gateway.port()), loopback_only);
}

TEST_F(Precedence, BindOfTheConfigIsUsed) {
  gateway.instance().write_config(
      "{\"gateway\":{\"mode\":\"local\",\"bind\":\"lan\",\"port\":" + std::to_string(gateway.port()) +
      ",\"auth\":{\"token\":\"" + gateway.token() + "\"}}}");
  ASSERT_TRUE(gateway.start());
  EXPECT_EQ(listeners(gateway.port()), every_address);
}

TEST_F(Precedence, BindFlagBeatsConfig) {
  gateway.instance().write_config(
      "{\"gateway\":{\"mode\":\"local\",\"bind\":\"lan\",\"port\":" + std::to_string(gateway.port()) +
      ",\"auth\":{\"token\":\"" + gateway.token() + "\"}}}");
  ASSERT_TRUE(gateway.start({"--bind", "loopback"}));
  EXPECT_EQ(listeners(gateway.port()), loopback_only);
}

}  // namespace
}  // namespace omenia::test
