// CVE-2026-25593: an unauthenticated local client could write the configuration, and a value of it was executed later.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class TheConfiguration : public Flow {
 protected:
  const std::string change = R"({"raw":"{gateway: {mode: 'local'}}","baseHash":"x"})";
  void SetUp() override {
    Flow::SetUp();
    before = read_file(gateway.instance().config_path());
  }
  void TearDown() override {
    EXPECT_EQ(read_file(gateway.instance().config_path()), before);
    Flow::TearDown();
  }
  std::string before;
};

TEST_F(TheConfiguration, IsNotWrittenBeforeConnect) {
  for (const char* method : {"config.apply", "config.set", "config.patch"}) {
    WsClient client(gateway.port());
    client.event("connect.challenge");
    const Json answer = client.call(method, change);
    EXPECT_EQ(error_message(answer), "invalid handshake: first request must be connect") << method;
    EXPECT_EQ(client.closing().code, 1008);
  }
}

TEST_F(TheConfiguration, IsNotWrittenWithoutTheScope) {
  Identity identity = gateway.backend();
  identity.scopes = R"(["operator.read","operator.write"])";
  WsClient writer = connected(gateway.port(), identity);
  identity.id = identity.mode = "test";
  WsClient nobody = connected(gateway.port(), identity);
  for (const char* method : {"config.apply", "config.set", "config.patch"}) {
    EXPECT_EQ(error_code(writer.call(method, change)), "FORBIDDEN") << method;
    EXPECT_EQ(error_code(nobody.call(method, change)), "FORBIDDEN") << method;
  }
}

}  // namespace
}  // namespace omenia::test
