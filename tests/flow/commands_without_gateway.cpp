// Commands where nothing listens, and those that need no gateway: fast failures in words, files that are right.
#include <sys/stat.h>

#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class Offline : public testing::Test {
 protected:
  int run(const std::vector<std::string>& arguments) {
    ChildProcess process = instance.command(arguments);
    const int code = process.wait();
    output = process.output();
    errors = process.errors();
    return code;
  }
  Instance instance;
  std::string output, errors;
};

TEST_F(Offline, ClientsFailAtOnceWithTheReasonAndTheRemedy) {
  instance.configure();
  const std::string target = "ws://127.0.0.1:" + std::to_string(instance.port());
  const std::vector<std::vector<std::string>> commands = {
      {"gateway", "call", "health"}, {"agent", "-m", "hi"}, {"health"}, {"gateway", "status", "--require-rpc"}};
  for (const auto& command : commands) {
    EXPECT_EQ(run(command), 1) << command[0];
    EXPECT_THAT(errors + output, HasSubstr("ECONNREFUSED")) << command[0];
    EXPECT_THAT(errors + output, HasSubstr(target)) << command[0];
  }
}

TEST_F(Offline, TheRemedyIsPrinted) {
  instance.configure();
  run({"gateway", "call", "health"});
  EXPECT_THAT(errors, HasSubstr("Gateway not reachable at ws://127.0.0.1:" + std::to_string(instance.port()) +
                                " (ECONNREFUSED)."));
  EXPECT_THAT(errors, HasSubstr("OmeniaClaw gateway run"));
}

TEST_F(Offline, JsonFailuresAreJson) {
  instance.configure();
  EXPECT_EQ(run({"gateway", "call", "health", "--json"}), 1);
  const auto failure = Json::parse(output);
  ASSERT_TRUE(failure.ok()) << output;
  EXPECT_FALSE(failure.value()["ok"].boolean(true));
  EXPECT_EQ(failure.value()["error"]["type"].text(), "gateway_transport_error");
}

TEST_F(Offline, StatusDegradesInsteadOfFailing) {
  instance.configure();
  EXPECT_EQ(run({"status"}), 0);
  EXPECT_THAT(output, HasSubstr("unreachable"));
  EXPECT_EQ(run({"gateway", "status"}), 0);
  EXPECT_THAT(output + errors, HasSubstr("Connectivity probe: failed"));
}

TEST_F(Offline, LogsReadsTheFileItself) {
  instance.configure();
  write_file(instance.log_path(), R"({"time":"2026-01-01T00:00:00.000Z","level":"info","message":"an old line"})"
                                  "\n");
  EXPECT_EQ(run({"logs"}), 0) << errors;
  EXPECT_THAT(output, HasSubstr("an old line"));
}

TEST_F(Offline, AnAddressNeverBorrowsCredentials) {
  instance.configure();
  EXPECT_EQ(run({"gateway", "call", "health", "--url", "ws://127.0.0.1:1"}), 1);
  EXPECT_THAT(errors, HasSubstr("gateway url override requires explicit credentials"));
}

TEST_F(Offline, ConfigFileNamesIt) {
  instance.configure();
  EXPECT_EQ(run({"config", "file"}), 0);
  EXPECT_THAT(output, HasSubstr("config.json"));
}

TEST_F(Offline, ConfigGetPrintsValuesAndHidesSecrets) {
  instance.configure();
  EXPECT_EQ(run({"config", "get", "gateway.port"}), 0) << errors;
  EXPECT_EQ(output, std::to_string(instance.port()) + "\n");
  EXPECT_EQ(run({"config", "get", "gateway", "--json"}), 0) << errors;
  EXPECT_EQ(output.find(instance.token()), std::string::npos);
  EXPECT_EQ(run({"config", "get", "gateway.nope"}), 1);
  EXPECT_THAT(errors, HasSubstr("gateway.nope"));
}

TEST_F(Offline, ConfigSetChangesOneValueAndKeepsTheFilePrivate) {
  instance.configure();
  EXPECT_EQ(run({"config", "set", "logging.level", "debug"}), 0) << errors;
  EXPECT_EQ(run({"config", "get", "logging.level"}), 0);
  EXPECT_EQ(output, "debug\n");
  EXPECT_THAT(read_file(instance.config_path()), HasSubstr(instance.token()));
  struct stat status {};
  ASSERT_EQ(::stat(instance.config_path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(Offline, ConfigSetRefusesWhatIsInvalidAndLeavesTheFile) {
  instance.configure();
  const std::string before = read_file(instance.config_path());
  EXPECT_EQ(run({"config", "set", "gateway.reload.mode", "sometimes"}), 1);
  EXPECT_THAT(errors, HasSubstr("gateway.reload.mode"));
  EXPECT_EQ(run({"config", "set", "gateway.port", "100000"}), 1);
  EXPECT_EQ(read_file(instance.config_path()), before);
}

TEST_F(Offline, ConfigValidateListsProblems) {
  instance.configure();
  EXPECT_EQ(run({"config", "validate"}), 0) << errors;
  instance.write_config(R"({"gateway":{"mode":"local","port":"x","bind":"y"}})");
  EXPECT_EQ(run({"config", "validate"}), 1);
  EXPECT_THAT(errors + output, AllOf(HasSubstr("gateway.port"), HasSubstr("gateway.bind")));
}

TEST_F(Offline, SetupMakesAConfigThatStarts) {
  EXPECT_EQ(run({"setup", "--baseline"}), 0) << errors;
  const auto config = Json::parse(read_file(instance.config_path()));
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config.value()["gateway"]["mode"].text(), "local");
  EXPECT_GE(config.value()["gateway"]["auth"]["token"].text().size(), 32u);
  ChildProcess gateway = instance.command({"gateway", "--port", std::to_string(instance.port())});
  EXPECT_TRUE(eventually([&] { return http(instance.port(), {.target = "/readyz"}).status == 200; }));
}

TEST_F(Offline, SetupKeepsAConfigThatIsThere) {
  instance.configure();
  run({"setup", "--baseline"});
  EXPECT_THAT(read_file(instance.config_path()), HasSubstr(instance.token()));
}

class Profiles : public Offline {
 protected:
  void SetUp() override {
    instance.variables().erase("OmeniaClaw_STATE_DIR");
    instance.variables().erase("OmeniaClaw_CONFIG_PATH");
  }
  bool exists(const std::string& name) const { return ::access((instance.home() + "/" + name).c_str(), F_OK) == 0; }
};

TEST_F(Profiles, DevHasItsOwnStateAndPort) {
  EXPECT_EQ(run({"--dev", "setup"}), 0) << errors;
  EXPECT_TRUE(exists(".OmeniaClaw-dev/OmeniaClaw.json"));
  EXPECT_FALSE(exists(".OmeniaClaw"));
  EXPECT_EQ(run({"--dev", "gateway", "status", "--json", "--no-probe"}), 0) << errors;
  const auto status = Json::parse(output);
  ASSERT_TRUE(status.ok()) << output;
  EXPECT_EQ(status.value()["gateway"]["port"].integer(), 19001);
}

TEST_F(Profiles, ANamedOneHasItsOwnState) {
  EXPECT_EQ(run({"--profile", "rescue", "setup", "--baseline"}), 0) << errors;
  EXPECT_TRUE(exists(".OmeniaClaw-rescue/OmeniaClaw.json"));
  EXPECT_FALSE(exists(".OmeniaClaw"));
}

TEST_F(Profiles, ABadNameIsRefused) {
  EXPECT_NE(run({"--profile", "../up", "status"}), 0);
  EXPECT_THAT(errors, HasSubstr("Invalid --profile"));
}

TEST_F(Offline, VersionIsOneLine) {
  EXPECT_EQ(run({"--version"}), 0);
  EXPECT_THAT(output, StartsWith("OmeniaClaw "));
  EXPECT_EQ(std::count(output.begin(), output.end(), '\n'), 1);
}

TEST_F(Offline, HelpNamesTheCommands) {
  EXPECT_EQ(run({"--help"}), 0);
  for (const char* command : {"gateway", "status", "health", "logs", "agent", "config", "setup"}) {
    EXPECT_THAT(output, HasSubstr(command));
  }
}

}  // namespace
}  // namespace omenia::test
