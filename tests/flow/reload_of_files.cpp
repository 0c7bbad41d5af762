// A change of the configuration's files is noticed once, checked whole, and done as the mode says; a file that cannot
// be used changes nothing.
#include <filesystem>

#include "tests/flow/reload.h"

namespace omenia::test {
namespace {

constexpr const char* detected = "config change detected";
constexpr const char* skipped = "config reload skipped";

TEST_F(Reload, IsDoneOnceForAFileThatIsRenamedIntoPlace) {
  start_with({});
  const std::string draft = gateway.instance().config_path() + ".draft";
  write_file(draft, text_of({.root = "session: {scope: 'global'}"}));
  std::filesystem::rename(draft, gateway.instance().config_path());
  EXPECT_TRUE(logs("config hot reload applied (session.scope)"));
  expect_applied({.root = "session: {scope: 'global'}", .logging = "level: 'debug'"}, "logging.level");
  EXPECT_EQ(count("config hot reload applied (session.scope)"), 1u);
}

TEST_F(Reload, IsNotDoneForTheSameContent) {
  start_with({});
  change_to({});
  expect_applied({.root = "session: {scope: 'global'}"}, "session.scope");
  EXPECT_EQ(count(detected), 1u);
}

TEST_F(Reload, OfABrokenFileChangesNothingAndTheNextGoodOneCounts) {
  start_with({});
  gateway.instance().write_config("{gateway: {port: ");
  EXPECT_TRUE(logs(skipped, 1));
  EXPECT_EQ(status_of("/v1/models", gateway.token()), 200);
  change_to({.gateway = "nope: 1, bind: 'everywhere'"});
  EXPECT_TRUE(logs(skipped, 2));
  EXPECT_TRUE(mentions("gateway.bind: "));
  EXPECT_TRUE(mentions("nope"));
  EXPECT_EQ(read_file(gateway.instance().config_path()), text_of({.gateway = "nope: 1, bind: 'everywhere'"}));
  expect_applied({.root = "session: {scope: 'global'}"}, "session.scope");
}

TEST_F(Reload, OfAFileThatIsGoneChangesNothing) {
  start_with({});
  std::filesystem::remove(gateway.instance().config_path());
  EXPECT_TRUE(logs("config reload skipped (config file not found)"));
  EXPECT_EQ(status_of("/v1/models", gateway.token()), 200);
  expect_applied({.root = "session: {scope: 'global'}"}, "session.scope");
}

TEST_F(Reload, FollowsIncludedFiles) {
  const std::string included = gateway.instance().home() + "/session.json";
  write_file(included, "{scope: 'per-sender'}");
  start_with({.root = "session: {$include: './session.json'}"});
  write_file(included, "{scope: 'global'}");
  EXPECT_TRUE(logs("config hot reload applied (session.scope)"));
}

TEST_F(Reload, FollowsTheEnvFile) {
  const std::string file = gateway.instance().state_dir() + "/.env";
  std::filesystem::create_directories(gateway.instance().state_dir());
  write_file(file, "SCOPE=per-sender\n");
  start_with({.root = "session: {scope: '${SCOPE}'}"});
  write_file(file, "SCOPE=global\n");
  EXPECT_TRUE(logs("config hot reload applied (session.scope)"));
}

TEST_F(Reload, InModeOffIsOnlyTold) {
  start_with({.gateway = "reload: {mode: 'off'}"});
  change_to({.gateway = "reload: {mode: 'off'}, bind: 'lan'", .root = "session: {scope: 'global'}"});
  EXPECT_TRUE(logs("config reload disabled (gateway.reload.mode=off)"));
  EXPECT_EQ(gateway.worker_pid(), worker);
  EXPECT_EQ(count("config hot reload applied"), 0u);
  expect_applied({.gateway = "reload: {mode: 'hybrid'}", .root = "session: {scope: 'global'}"},
                 "gateway.reload.mode, session.scope");
}

TEST_F(Reload, InModeHotNamesWhatNeedsARestartAndAppliesTheRest) {
  start_with({.gateway = "reload: {mode: 'hot'}"});
  change_to({.gateway = "reload: {mode: 'hot'}, bind: 'lan'", .root = "session: {scope: 'global'}"});
  EXPECT_TRUE(logs("config change requires gateway restart (gateway.bind) — not applied (gateway.reload.mode=hot)"));
  EXPECT_TRUE(logs("config hot reload applied (session.scope)"));
  EXPECT_EQ(gateway.worker_pid(), worker);
}

class ReloadBySwap : public Reload, public testing::WithParamInterface<const char*> {};

TEST_P(ReloadBySwap, ServesTheNewPort) {
  const std::string mode = std::string("reload: {mode: '") + GetParam() + "'}";
  const PortLease other;
  start_with({.gateway = mode});
  change_to({.gateway = mode, .port = std::to_string(other.port())});
  EXPECT_TRUE(logs("config change requires gateway restart (gateway.port)"));
  EXPECT_TRUE(eventually([&] { return http(other.port(), {.target = "/readyz"}).status == 200; }));
  EXPECT_EQ(http(other.port(), {.target = "/v1/models", .token = gateway.token()}).status, 200);
  EXPECT_TRUE(eventually([&] { return http(gateway.port(), {.target = "/readyz"}).status == 0; })) << "the old port";
  EXPECT_EQ(count("config change requires gateway restart"), 1u);
}

TEST_P(ReloadBySwap, SendsClientsToAWorkerWithAnotherWayToConnect) {
  const std::string mode = std::string("reload: {mode: '") + GetParam() + "'}";
  start_with({.gateway = mode});
  auto client = gateway.client();
  gateway.instance().write_config("{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) + ", " + mode +
                                  ", auth: {mode: 'password', password: 'a long password'}}, logging: {file: '" +
                                  log_path() + "'}}");
  EXPECT_EQ(client.closing().code, 1012);
  EXPECT_TRUE(eventually([&] { return status_of("/v1/models", "a long password") == 200; }));
  EXPECT_EQ(status_of("/v1/models", gateway.token()), 401);
}

INSTANTIATE_TEST_SUITE_P(InMode, ReloadBySwap, testing::Values("hybrid", "restart"),
                         [](const auto& mode) { return std::string(mode.param); });

}  // namespace
}  // namespace omenia::test
