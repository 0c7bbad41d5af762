// PR #57647: a guess that also carried a device token was not counted. Every wrong credential counts, whatever field it
// stands in and whatever stands beside it.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class TheGuessLimit : public Flow {
 protected:
  // Of a page: those are counted on this machine too.
  Json connect(const Identity& identity, const Device* device) {
    WsClient client(gateway.port(), "/", "Origin: http://127.0.0.1:" + std::to_string(gateway.port()) + "\r\n");
    return device ? client.connect(identity, *device) : client.connect(identity);
  }
  void expect_locked_after(Identity guess, const Device* device) {
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(connect(guess, device)["ok"].boolean(true)) << i;
    const Json locked = connect(gateway.backend(), nullptr);
    EXPECT_EQ(locked["error"]["details"]["code"].text(), "AUTH_RATE_LIMITED") << locked.dump();
    EXPECT_GT(locked["error"]["retryAfterMs"].integer(), 0);
  }
  const Device device;
};

TEST_F(TheGuessLimit, HoldsForTokens) {
  expect_locked_after({.token = "guess"}, nullptr);
}

TEST_F(TheGuessLimit, HoldsForTokensBesideADeviceToken) {
  expect_locked_after({.token = "guess", .device_token = "x"}, &device);
}

TEST_F(TheGuessLimit, HoldsForTokensBesideADevice) {
  expect_locked_after({.token = "guess"}, &device);
}

TEST_F(TheGuessLimit, HoldsForDeviceTokens) {
  expect_locked_after({.device_token = "guess"}, &device);
}

TEST_F(TheGuessLimit, HoldsForSetupCodes) {
  expect_locked_after({.bootstrap_token = "guess"}, &device);
}

TEST_F(TheGuessLimit, HoldsForPasswordFields) {
  expect_locked_after({.password = "guess", .device_token = "x"}, nullptr);
}

}  // namespace
}  // namespace omenia::test
