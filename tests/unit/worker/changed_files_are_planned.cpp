// A worker looks at its changed file, says what it would take and applies exactly that.
#include <filesystem>

#include "tests/unit/worker/reload_fixture.h"

namespace omenia::worker {
namespace {

using test::gateway_config;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Plan : public test::ReloadTest {
 protected:
  // Paths and classes: "logging.level live".
  std::vector<std::string> changes() {
    std::vector<std::string> lines;
    for (const ConfigChange& change : context->live_config.planned()->plan.changes)
      lines.push_back(to_text(change.path) + " " + std::string(to_text(change.reload)));
    return lines;
  }
};

TEST_F(Plan, OfAnUnchangedFileIsNothing) {
  start_with(gateway_config());
  EXPECT_EQ(planned_action(), "none");
  EXPECT_THAT(plan().files, AllOf(Contains(config_path()), Contains(folder / ".env")));
  EXPECT_THAT(log_text(), Not(HasSubstr("config ")));
}

TEST_F(Plan, ChangesNothingBeforeItIsApplied) {
  start_with(gateway_config());
  edit(gateway_config("", "session: {scope: 'global'}"));
  EXPECT_EQ(planned_action(), "apply");
  EXPECT_EQ(context->config()->session_scope, "per-sender");
  ASSERT_TRUE(context->live_config.apply().ok());
  EXPECT_EQ(context->config()->session_scope, "global");
  EXPECT_EQ(planned_action(), "none");
}

TEST_F(Plan, IsWhatIsAppliedWhateverTheFileHoldsMeanwhile) {
  start_with(gateway_config());
  edit(gateway_config("", "session: {scope: 'global'}"));
  EXPECT_EQ(planned_action(), "apply");
  edit("{ half a file");
  ASSERT_TRUE(context->live_config.apply().ok());
  EXPECT_EQ(context->config()->session_scope, "global");
}

TEST_F(Plan, IsAppliedOnce) {
  start_with(gateway_config());
  EXPECT_FALSE(context->live_config.apply().ok());
  edit(gateway_config("", "session: {scope: 'global'}"));
  take_over();
  EXPECT_FALSE(context->live_config.apply().ok());
}

TEST_F(Plan, AsksForANewWorkerAndNamesItsAddresses) {
  start_with(gateway_config("port: 4000"));
  edit(gateway_config("port: 4001", "logging: {level: 'debug'}"));
  EXPECT_EQ(planned_action(), "swap");
  EXPECT_EQ(context->live_config.planned()->effective.listen.front().port, 4001);
  EXPECT_THAT(log_text(), AllOf(HasSubstr("config change detected; evaluating reload (gateway.port, logging.level)"),
                                HasSubstr("config change requires gateway restart (gateway.port)")));
  EXPECT_EQ(context->config()->log_level, "info") << "nothing is applied by halves";
}

TEST_F(Plan, NeedsNoNewWorkerForWhatAFlagOverrides) {
  launch.port_flag = 5000;
  start_with(gateway_config("port: 4000"));
  edit(gateway_config("port: 4001"));
  EXPECT_EQ(planned_action(), "apply");
  EXPECT_THAT(changes(), ElementsAre("gateway.port none"));
}

TEST_F(Plan, NeedsNoNewWorkerForAnAddressThatIsNotUsed) {
  start_with(gateway_config());
  edit(gateway_config("customBindHost: '127.0.0.2'"));
  EXPECT_EQ(planned_action(), "apply");
}

TEST_F(Plan, NeedsNoNewWorkerForAnotherNameOfTheSameAddress) {
  start_with(gateway_config());
  edit(gateway_config("bind: 'auto'"));
  take_over();
  EXPECT_EQ(context->launch.bind_mode, "auto");
}

TEST_F(Plan, OfWhatRunsAlreadyKeepsItAsTheLastGoodOne) {
  const std::string last_good = config_path() + ".last-good";
  start_with(gateway_config());
  EXPECT_EQ(planned_action(), "none");
  EXPECT_THAT(test::read_file(last_good), HasSubstr("first-token-of-the-file"));
  edit("{ broken");
  plan();
  EXPECT_THAT(test::read_file(last_good), HasSubstr("first-token-of-the-file"));
  edit(gateway_config("", "session: {scope: 'global'}"));
  EXPECT_EQ(planned_action(), "apply");
  EXPECT_THAT(test::read_file(last_good), Not(HasSubstr("global"))) << "it has not proven itself yet";
  take_over();
  EXPECT_THAT(test::read_file(last_good), HasSubstr("global"));
}

TEST_F(Plan, RefusesABrokenFileAndKeepsEverything) {
  start_with(gateway_config("port: 4000"));
  edit("{gateway: {port: 'x', nope: 1}}");
  EXPECT_THAT(planned_action(), AllOf(HasSubstr("config reload skipped (invalid config): "), HasSubstr("gateway.port"),
                                      HasSubstr("nope")));
  EXPECT_EQ(context->config()->gateway_port, 4000);
  EXPECT_FALSE(context->live_config.apply().ok());
  EXPECT_THAT(log_text(), HasSubstr("config reload skipped (invalid config)"));
}

TEST_F(Plan, RefusesAFileThatIsGoneOrUnreadable) {
  start_with(gateway_config());
  std::filesystem::remove(config_path());
  EXPECT_EQ(planned_action(), "config reload skipped (config file not found)");
  std::filesystem::create_directory(config_path());
  EXPECT_THAT(planned_action(), HasSubstr("not a regular file"));
}

TEST_F(Plan, RefusesWhatNoGatewayCouldStartWith) {
  start_with(gateway_config());
  edit("{gateway: {mode: 'remote', auth: {token: 'first-token-of-the-file'}}}");
  EXPECT_THAT(planned_action(), HasSubstr("set gateway.mode=local"));
  edit(gateway_config("bind: 'lan'", "", "mode: 'none'"));
  EXPECT_THAT(planned_action(), HasSubstr("without auth"));
}

TEST_F(Plan, TakesANewWorkerForAnotherWayToConnect) {
  start_with(gateway_config());
  edit(gateway_config("", "", "password: 'now a password'"));
  EXPECT_EQ(planned_action(), "swap");
  EXPECT_THAT(changes(), ElementsAre("gateway.auth.password worker", "gateway.auth.token worker"));
}

TEST_F(Plan, TakesNoneForAModeThatIsInForceAlready) {
  start_with(gateway_config());
  edit(gateway_config("", "", "mode: 'token', token: 'first-token-of-the-file'"));
  EXPECT_EQ(planned_action(), "apply");
}

TEST_F(Plan, SeesACredentialInDotenv) {
  edit_dotenv("OmeniaClaw_GATEWAY_TOKEN=token-of-the-env-file\n");
  start_with(gateway_config("", "", ""));
  EXPECT_EQ(context->authenticator.check("token-of-the-env-file", ""), auth::SecretCheck::granted);
  edit_dotenv("OmeniaClaw_GATEWAY_TOKEN=another-token\n");
  take_over();
  EXPECT_THAT(changes(), ElementsAre("gateway.auth.token live"));
  EXPECT_EQ(context->authenticator.check("token-of-the-env-file", ""), auth::SecretCheck::wrong);
  EXPECT_EQ(context->authenticator.check("another-token", ""), auth::SecretCheck::granted);
}

TEST_F(Plan, SeesAPortInDotenv) {
  start_with(gateway_config());
  edit_dotenv("OmeniaClaw_GATEWAY_PORT=4500\n");
  EXPECT_EQ(planned_action(), "swap");
  EXPECT_THAT(changes(), ElementsAre("gateway.port service"));
}

TEST_F(Plan, SeesAnIncludedFile) {
  test::write_file(folder / "session.json", "{scope: 'per-sender'}");
  const std::string text = gateway_config("", "session: {$include: './session.json'}");
  start_with(text);
  EXPECT_EQ(planned_action(), "none");
  EXPECT_THAT(plan().files, Contains(folder / "session.json"));
  test::write_file(folder / "session.json", "{scope: 'global'}");
  take_over();
  EXPECT_THAT(changes(), ElementsAre("session.scope live"));
  test::write_file(folder / "session.json", "{scope: 'sideways'}");
  EXPECT_THAT(planned_action(), AllOf(HasSubstr("session.scope"), HasSubstr("session.json")));
  std::filesystem::remove(folder / "session.json");
  EXPECT_THAT(planned_action(), HasSubstr("session.json"));
  EXPECT_THAT(plan().files, Contains(folder / "session.json")) << "so that its return is noticed";
}

TEST_F(Plan, OfAnotherTextWithTheSameSettingsOnlyRemembersTheText) {
  start_with(gateway_config());
  const std::string hash = context->loaded->hash;
  edit("// a remark\n" + gateway_config());
  EXPECT_EQ(planned_action(), "none");
  EXPECT_NE(context->loaded->hash, hash);
}

TEST_F(Plan, InModeOffIsRefusedUntilTheModeIsAnother) {
  start_with(gateway_config("reload: {mode: 'off'}"));
  edit(gateway_config("reload: {mode: 'off'}, port: 4001", "session: {scope: 'global'}"));
  EXPECT_EQ(planned_action(), "ignore");
  EXPECT_THAT(log_text(), HasSubstr("config reload disabled (gateway.reload.mode=off)"));
  EXPECT_EQ(context->config()->session_scope, "per-sender");
  edit(gateway_config("reload: {mode: 'hybrid'}", "session: {scope: 'global'}"));
  take_over();
  EXPECT_EQ(context->config()->session_scope, "global");
}

TEST_F(Plan, ThatTurnsReloadingOffTakesThatOverAlone) {
  start_with(gateway_config());
  edit(gateway_config("reload: {mode: 'off'}", "session: {scope: 'global'}"));
  take_over();
  EXPECT_EQ(context->config()->reload_mode, "off");
  EXPECT_EQ(context->config()->session_scope, "per-sender");
}

TEST_F(Plan, InModeHotKeepsWhatNeedsARestartUntilAnotherModeDoesIt) {
  start_with(gateway_config("reload: {mode: 'hot'}, port: 4000"));
  edit(gateway_config("reload: {mode: 'hot'}, port: 4001", "session: {scope: 'global'}"));
  take_over();
  EXPECT_EQ(context->config()->session_scope, "global");
  EXPECT_EQ(context->config()->gateway_port, 4000);
  EXPECT_THAT(
      log_text(),
      HasSubstr("config change requires gateway restart (gateway.port) — not applied (gateway.reload.mode=hot)"));
  EXPECT_EQ(planned_action(), "ignore");
  edit(gateway_config("reload: {mode: 'hybrid'}, port: 4001", "session: {scope: 'global'}"));
  EXPECT_EQ(planned_action(), "swap");
}

TEST_F(Plan, KeepsATokenThatIsTakenOutOfTheFile) {
  start_with(gateway_config());
  edit(gateway_config("", "", ""));
  take_over();
  EXPECT_EQ(context->authenticator.check(token, ""), auth::SecretCheck::granted);
  EXPECT_THAT(log_text(), HasSubstr("no gateway token is configured any more"));
}

TEST_F(Plan, PrefersAConfiguredTokenToOneThatWasMadeForTheRun) {
  launch.token = Secret("made-for-this-run");
  launch.token_is_made = true;
  start_with(gateway_config("", "", ""));
  EXPECT_EQ(context->authenticator.check("made-for-this-run", ""), auth::SecretCheck::granted);
  edit(gateway_config());
  take_over();
  EXPECT_EQ(context->authenticator.check(token, ""), auth::SecretCheck::granted);
}

TEST_F(Plan, IsOneLineForTheSupervisor) {
  start_with(gateway_config("port: 4000"));
  edit(gateway_config("port: 4001", "logging: {level: 'debug'}"));
  const std::string line = plan_line(*context);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const Json planned = test::parsed(line);
  EXPECT_EQ(planned["type"].text(), "planned");
  EXPECT_EQ(planned["class"].text(), "service");
  EXPECT_EQ(planned["mode"].text(), "hybrid");
  EXPECT_EQ(planned["action"].text(), "swap");
  EXPECT_EQ(planned["changes"].at(0).dump(), R"({"path":"gateway.port","class":"service","old":"4000","new":"4001"})");
  EXPECT_EQ(planned["listen"].dump(), R"([{"host":"127.0.0.1","port":4001}])");
  EXPECT_EQ(planned["bindMode"].text(), "loopback");
  EXPECT_EQ(planned["problems"].size(), 0u);
  EXPECT_EQ(planned["files"].at(0).text(), config_path());
}

TEST_F(Plan, OfABrokenFileIsALineToo) {
  start_with(gateway_config());
  edit("{gateway: {port: 'x'}}");
  const Json planned = test::parsed(plan_line(*context));
  EXPECT_EQ(planned["action"].text(), "invalid");
  EXPECT_EQ(planned["problems"].at(0)["path"].text(), "gateway.port");
  EXPECT_EQ(planned["listen"].size(), 0u);
  const Json applied = test::parsed(apply_line(*context));
  EXPECT_FALSE(applied["ok"].boolean(true));
  EXPECT_NE(applied["text"].text(), "");
}

TEST_F(Plan, IsAppliedWithALine) {
  start_with(gateway_config());
  edit(gateway_config("", "logging: {level: 'debug'}"));
  plan_line(*context);
  const Json applied = test::parsed(apply_line(*context));
  EXPECT_TRUE(applied["ok"].boolean());
  EXPECT_EQ(applied["hash"].text(), context->loaded->hash);
  EXPECT_EQ(applied["text"].text(), "config hot reload applied (logging.level)");
  EXPECT_THAT(log_text(), HasSubstr("config hot reload applied (logging.level)"));
}

}  // namespace
}  // namespace omenia::worker
