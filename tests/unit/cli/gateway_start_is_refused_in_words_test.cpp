// gateway run refuses before it opens or writes anything; the texts are what operators search for.

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/unit/cli/command_run.h"

namespace omenia::cli {
namespace {

constexpr int exit_refused = 78;

void expect_refused(const CommandResult& result, const std::string& words) {
  EXPECT_EQ(result.exit_code, exit_refused) << result.notes;
  EXPECT_NE(result.notes.find(words), std::string::npos) << result.notes;
}

TEST(GatewayStartIsRefused, WithoutConfiguration) {
  CommandRun run;
  expect_refused(run({"gateway"}),
                 "Missing config. Run `OmeniaClaw setup` or set gateway.mode=local (or pass --allow-unconfigured).");
  EXPECT_TRUE(std::filesystem::is_empty(run.home()));
}

TEST(GatewayStartIsRefused, InRemoteAndInMissingModeWithOneSignature) {
  CommandRun run;
  run.write_config("{gateway: {mode: 'remote'}}");
  expect_refused(run({"gateway"}), "Gateway start blocked: set gateway.mode=local (current: remote)");
  run.write_config("{gateway: {port: 4000}}");
  expect_refused(run({"gateway", "run"}), "Gateway start blocked: set gateway.mode=local");
}

TEST(GatewayStartIsRefused, ForAnInvalidFileBeforeAnythingElse) {
  CommandRun run;
  run.write_config("{gateway: {bind: 'lan', auth: {mode: 'none'}, port: 'x'}}");
  const CommandResult result = run({"gateway"});
  expect_refused(result, "Gateway failed to start: Invalid config at ");
  EXPECT_NE(result.notes.find("gateway.port"), std::string::npos);
  EXPECT_EQ(result.notes.find("refusing to bind"), std::string::npos);
}

TEST(GatewayStartIsRefused, BeyondThisMachineWithoutAuth) {
  CommandRun run;
  run.write_config("{gateway: {mode: 'local', auth: {mode: 'none'}}}");
  expect_refused(run({"gateway", "--bind", "lan"}), "refusing to bind gateway to 0.0.0.0:18789 without auth");
  run.write_config("{gateway: {mode: 'local'}}");
  expect_refused(run({"gateway", "--bind", "lan"}), "refusing to bind gateway to 0.0.0.0:18789 without auth");
}

TEST(GatewayStartIsRefused, ForFlagsThatAreNoModes) {
  CommandRun run;
  run.write_config("{gateway: {mode: 'local'}}");
  const CommandResult bind = run({"gateway", "--bind", "0.0.0.0"});
  EXPECT_EQ(bind.exit_code, 1);
  EXPECT_EQ(bind.notes, "Invalid --bind. Use \"loopback\", \"lan\", \"tailnet\", \"auto\", or \"custom\".\n");
  EXPECT_EQ(run({"gateway", "--auth", "magic"}).exit_code, 1);
  EXPECT_EQ(run({"gateway", "--password", "a", "--password-file", "b"}).notes,
            "Use either --password or --password-file.\n");
  EXPECT_EQ(run({"--log-level", "loud", "gateway"}).exit_code, 1);
}

}  // namespace
}  // namespace omenia::cli
