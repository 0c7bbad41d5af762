// setup and config on a home directory of their own.

#include <gtest/gtest.h>

#include <sys/stat.h>

#include "cli/commands/baseline.h"
#include "tests/unit/cli/command_run.h"

namespace omenia::cli {
namespace {

Json json(const std::string& text) {
  auto parsed = Json::parse(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? std::move(parsed).value() : Json();
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

TEST(Setup, FreshMachineGetsAConfigurationThatAGatewayAccepts) {
  CommandRun run;
  const CommandResult result = run({"--dev", "setup"});
  EXPECT_EQ(result.exit_code, 0) << result.notes;
  const Json config = json(run.config_text("dev"));
  EXPECT_EQ(config["gateway"]["mode"].text(), "local");
  EXPECT_EQ(config["gateway"]["auth"]["token"].text().size(), 43u);
  EXPECT_TRUE(config["meta"]["lastTouchedVersion"].is_string());
  EXPECT_EQ(mode_of(run.home() + "/.OmeniaClaw-dev"), 0700u);
  EXPECT_EQ(mode_of(run.home() + "/.OmeniaClaw-dev/OmeniaClaw.json"), 0600u);
  EXPECT_EQ(mode_of(run.home() + "/.OmeniaClaw-dev/workspace"), 0700u);
  EXPECT_EQ(result.results.find(config["gateway"]["auth"]["token"].text()), std::string::npos);
}

TEST(Setup, SecondRunLeavesTheFileUntouched) {
  CommandRun run;
  run({"setup", "--baseline"});
  const std::string before = run.config_text();
  const CommandResult result = run({"setup", "--baseline"});
  EXPECT_NE(result.results.find("(unchanged)"), std::string::npos);
  EXPECT_EQ(run.config_text(), before);
}

TEST(Setup, ExistingValuesWinOverWishes) {
  CommandRun run;
  run.write_config(R"({gateway: {port: 4000, auth: {mode: "token", token: "kept-kept-kept"}}})");
  const CommandResult result = run({"setup", "--gateway-port", "5000", "--gateway-bind", "lan"});
  EXPECT_EQ(result.exit_code, 0) << result.notes;
  const Json config = json(run.config_text());
  EXPECT_EQ(config["gateway"]["port"].integer(), 4000);
  EXPECT_EQ(config["gateway"]["bind"].text(), "lan");
  EXPECT_EQ(config["gateway"]["auth"]["token"].text(), "kept-kept-kept");
  EXPECT_NE(result.notes.find("gateway.port is already set"), std::string::npos);
}

TEST(Setup, NamedProfileGetsAPortOfItsOwnOnce) {
  CommandRun run;
  run({"--profile", "rescue", "setup"});
  const std::int64_t port = json(run.config_text("rescue"))["gateway"]["port"].integer();
  EXPECT_GT(port, 19001);
  run({"--profile", "rescue", "setup"});
  EXPECT_EQ(json(run.config_text("rescue"))["gateway"]["port"].integer(), port);
}

TEST(Setup, KeyOfTheEnvironmentIsOfferedByNameOnly) {
  CommandRun run;
  run.variables["OPENAI_API_KEY"] = "sk-very-secret";
  const CommandResult result = run({"setup", "--non-interactive", "--accept-risk"});
  EXPECT_NE(result.results.find("config set models.providers.openai"), std::string::npos);
  EXPECT_NE(result.results.find("${OPENAI_API_KEY}"), std::string::npos);
  EXPECT_EQ((result.results + run.config_text()).find("sk-very-secret"), std::string::npos);
  EXPECT_EQ(run.config_text().find("providers"), std::string::npos);
}

TEST(Setup, BrokenConfigurationIsNotTouched) {
  CommandRun run;
  run.write_config("{gateway: {mode: 'lokal'}}");
  const CommandResult result = run({"setup"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(run.config_text(), "{gateway: {mode: 'lokal'}}");
}

TEST(Setup, TokenOfTheEnvironmentIsEnough) {
  CommandRun run;
  run.variables["OmeniaClaw_GATEWAY_TOKEN"] = "from-the-environment";
  run({"setup"});
  EXPECT_FALSE(json(run.config_text())["gateway"]["auth"]["token"]);
}

TEST(ModelOffers, ConfiguredProvidersAreNotOfferedAgain) {
  const Environment environment = [](std::string_view name) -> std::optional<std::string> {
    if (name == "OPENAI_API_KEY" || name == "ANTHROPIC_API_KEY") return "key";
    return std::nullopt;
  };
  const Json document = json(R"({"models":{"providers":{"openai":{}}}})");
  const auto offers = model_offers(environment, document, R"({"models":[{"name":"llama3:latest"}]})");
  ASSERT_EQ(offers.size(), 2u);
  EXPECT_EQ(offers[0].provider, "anthropic");
  EXPECT_EQ(offers[0].settings["api"].text(), "openai-completions");
  EXPECT_EQ(offers[1].model, "ollama/llama3:latest");
  EXPECT_TRUE(model_offers([](std::string_view) { return std::nullopt; }, document, "garbage").empty());
}

TEST(ModelOffers, TakenOfferMakesAUsableConfiguration) {
  Baseline baseline = std::move(baseline_of(JsonView(), {})).value();
  auto offers = model_offers([](std::string_view) { return std::nullopt; }, baseline.document,
                             R"({"models":[{"name":"it's a model"}]})");
  ASSERT_TRUE(take_offer(baseline.document, offers.at(0)).ok());
  const LoadedConfig checked =
      check_config(baseline.document.dump(), "c.json", [](std::string_view) { return std::nullopt; });
  EXPECT_TRUE(checked.valid()) << describe_errors(checked);
  EXPECT_EQ(checked.config.default_model, "ollama/it's a model");
}

TEST(ModelOffers, CommandsAreSafeInAShell) {
  auto offers = model_offers([](std::string_view) { return std::nullopt; }, JsonView(),
                             R"({"models":[{"name":"it's $(a) model"}]})");
  const Paths paths;
  EXPECT_NE(commands_for(offers.at(0), paths)[1].find("'ollama/it'\\''s $(a) model'"), std::string::npos);
}

class ConfigCommand : public ::testing::Test {
 protected:
  ConfigCommand() { run.write_config(R"({"gateway": {"mode": "local", "auth": {"token": "secret-token"}}})"); }
  CommandRun run;
};

TEST_F(ConfigCommand, SetThenGetThenUnset) {
  EXPECT_EQ(run({"config", "set", "gateway.port", "4000"}).results,
            "Updated gateway.port. Restart the gateway to apply.\n");
  EXPECT_EQ(run({"config", "get", "gateway.port"}).results, "4000\n");
  EXPECT_EQ(run({"config", "set", "gateway.port", "4000"}).results, "No change\n");
  EXPECT_EQ(run({"config", "unset", "gateway.port"}).exit_code, 0);
  const CommandResult gone = run({"config", "get", "gateway.port"});
  EXPECT_EQ(gone.exit_code, 1);
  EXPECT_NE(gone.notes.find("not set (default: 18789)"), std::string::npos);
}

TEST_F(ConfigCommand, UnknownAndUnsetAreDifferentErrors) {
  EXPECT_NE(run({"config", "get", "gateway.nope"}).notes.find("Unknown config path: gateway.nope"), std::string::npos);
  EXPECT_NE(run({"config", "get", "gateway.bind"}).notes.find("is not set"), std::string::npos);
}

TEST_F(ConfigCommand, InvalidValueChangesNothing) {
  const std::string before = run.config_text();
  const CommandResult result = run({"config", "set", "gateway.reload.mode", "sometimes"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.notes.find("gateway.reload.mode"), std::string::npos);
  EXPECT_EQ(run.config_text(), before);
}

TEST_F(ConfigCommand, DryRunWritesNothing) {
  const std::string before = run.config_text();
  EXPECT_EQ(run({"config", "set", "gateway.port", "4000", "--dry-run"}).exit_code, 0);
  EXPECT_EQ(run({"config", "set", "gateway.port", "abc", "--dry-run"}).exit_code, 1);
  EXPECT_EQ(json(run({"config", "set", "gateway.port", "abc", "--dry-run", "--json"}).results)["ok"].boolean(true),
            false);
  EXPECT_EQ(run.config_text(), before);
}

TEST_F(ConfigCommand, StrictJsonRefusesBareWords) {
  EXPECT_EQ(run({"config", "set", "gateway.bind", "lan", "--strict-json"}).exit_code, 1);
  EXPECT_EQ(run({"config", "set", "gateway.bind", "\"lan\"", "--strict-json"}).exit_code, 0);
}

TEST_F(ConfigCommand, SecretsAreHidden) {
  EXPECT_EQ(run({"config", "get", "gateway.auth.token"}).results, "__OmeniaClaw_REDACTED__\n");
  EXPECT_EQ(json(run({"config", "get", "gateway", "--json"}).results)["auth"]["token"].text(),
            "__OmeniaClaw_REDACTED__");
}

TEST_F(ConfigCommand, ValidateListsProblemsAndFails) {
  EXPECT_EQ(run({"config", "validate"}).results, "Config valid: " + run.home() + "/.OmeniaClaw/OmeniaClaw.json\n");
  run.write_config("{gateway: {port: 'x'}}");
  const CommandResult text = run({"config", "validate"});
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_EQ(text.notes.rfind("OmeniaClaw config is invalid: ", 0), 0u);
  const Json document = json(run({"config", "validate", "--json"}).results);
  EXPECT_FALSE(document["valid"].boolean(true));
  EXPECT_EQ(document["issues"].at(0)["path"].text(), "gateway.port");
}

TEST_F(ConfigCommand, FileNamesThePath) {
  EXPECT_EQ(run({"config", "file"}).results, run.home() + "/.OmeniaClaw/OmeniaClaw.json\n");
}

}  // namespace
}  // namespace omenia::cli
