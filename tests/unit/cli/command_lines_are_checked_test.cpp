// Mistakes in a command line are named, with a suggestion and the help to read.

#include <gtest/gtest.h>

#include "cli/arguments.h"
#include "tests/unit/cli/command_run.h"

namespace omenia::cli {
namespace {

Arguments parsed(const std::vector<std::string>& words) {
  auto invocation = parse_arguments(words);
  EXPECT_TRUE(invocation.ok()) << invocation.error().message;
  return invocation.ok() ? invocation.value().arguments : Arguments();
}

std::string refused(const std::vector<std::string>& words) {
  const auto invocation = parse_arguments(words);
  return invocation.ok() ? "accepted" : invocation.error().message;
}

TEST(CommandLinesAreChecked, UnknownCommandGetsTheNearestOne) {
  EXPECT_EQ(refused({"gatewayy"}),
            "OmeniaClaw does not know the command \"gatewayy\".\nDid you mean this?\n  gateway\n"
            "Try: OmeniaClaw --help");
}

TEST(CommandLinesAreChecked, CommandOfALaterReleaseIsUnknown) {
  EXPECT_EQ(refused({"doctor"}), "OmeniaClaw does not know the command \"doctor\".\nTry: OmeniaClaw --help");
}

TEST(CommandLinesAreChecked, UnknownWordOfAGroupNamesTheGroup) {
  EXPECT_EQ(refused({"gateway", "frob"}),
            "OmeniaClaw gateway has no command \"frob\".\nTry: OmeniaClaw gateway --help");
}

TEST(CommandLinesAreChecked, UnknownOptionNamesTheHelpOfItsCommand) {
  EXPECT_EQ(refused({"gateway", "status", "--nope"}),
            "OmeniaClaw does not recognize option \"--nope\".\nTry: OmeniaClaw gateway status --help");
}

TEST(CommandLinesAreChecked, ValueOfAMisspeltOptionIsNotRepeated) {
  const std::string message = refused({"health", "--tokken=very-secret"});
  EXPECT_EQ(message.find("very-secret"), std::string::npos);
  EXPECT_NE(message.find("--token"), std::string::npos);
}

TEST(CommandLinesAreChecked, OptionsMayStandBeforeAndBehindTheCommand) {
  const auto invocation = parse_arguments({"--profile", "work", "gateway", "--port", "4000", "run", "--verbose"});
  ASSERT_TRUE(invocation.ok()) << invocation.error().message;
  EXPECT_EQ(invocation.value().command->name, "gateway run");
  EXPECT_EQ(invocation.value().arguments.value("--profile"), "work");
  EXPECT_EQ(invocation.value().arguments.value("--port"), "4000");
  EXPECT_TRUE(invocation.value().arguments.flag("--verbose"));
}

TEST(CommandLinesAreChecked, LastOfARepeatedOptionCounts) {
  EXPECT_EQ(parsed({"gateway", "--port", "1", "--port=2"}).value("--port"), "2");
}

TEST(CommandLinesAreChecked, ValuesAreTakenAsTheyAre) {
  const Arguments arguments = parsed({"config", "set", "agents.list", "[1, 2]"});
  EXPECT_EQ(arguments.positionals(), (std::vector<std::string>{"agents.list", "[1, 2]"}));
  EXPECT_EQ(parsed({"health", "--token", "-starts-with-a-dash"}).value("--token"), "-starts-with-a-dash");
  EXPECT_EQ(parsed({"config", "set", "a.b", "--", "-5"}).positionals().back(), "-5");
}

TEST(CommandLinesAreChecked, ValueThatIsACommandsNameStaysAValue) {
  EXPECT_EQ(parsed({"config", "set", "gateway.mode", "status"}).positionals().back(), "status");
}

TEST(CommandLinesAreChecked, MissingAndSurplusWordsAreNamed) {
  EXPECT_EQ(refused({"config", "get"}).substr(0, 38), "OmeniaClaw config get needs <path>.\nTr");
  EXPECT_NE(refused({"health", "extra"}).find("\"extra\""), std::string::npos);
}

TEST(CommandLinesAreChecked, OptionWithoutItsValueIsAnError) {
  EXPECT_NE(refused({"health", "--token"}), "accepted");
}

TEST(CommandLinesAreChecked, PortOutsideItsRangeIsRefusedWithAnExample) {
  CommandRun run;
  for (const char* port : {"0", "65536", "abc", "80x", ""}) {
    const CommandResult result = run({"gateway", "run", "--port", port});
    EXPECT_EQ(result.exit_code, 1) << port;
    EXPECT_EQ(result.notes, "Invalid --port. Use a port number from 1 to 65535, for example 18789.\n");
  }
}

TEST(CommandLinesAreChecked, MistakesAreJsonWhenJsonWasAskedFor) {
  CommandRun run;
  const CommandResult result = run({"gateway", "frob", "--json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(result.notes.empty());
  const auto envelope = Json::parse(result.results);
  ASSERT_TRUE(envelope.ok()) << result.results;
  EXPECT_EQ(envelope.value()["error"]["type"].text(), "cli_error");
  EXPECT_FALSE(envelope.value()["ok"].boolean(true));
}

TEST(CommandLinesAreChecked, InvalidProfileExitsWithTwo) {
  CommandRun run;
  const CommandResult result = run({"--profile", "no/such", "status"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.notes, "[OmeniaClaw] Invalid --profile (use letters, numbers, \"_\", \"-\" only)\n");
}

TEST(CommandLinesAreChecked, EveryCommandHasAHelpPage) {
  CommandRun run;
  for (const Command& command : command_table()) {
    std::vector<std::string> words;
    const std::size_t space = command.name.find(' ');
    words.emplace_back(command.name.substr(0, space));
    if (space != std::string_view::npos) words.emplace_back(command.name.substr(space + 1));
    words.emplace_back("--help");
    const CommandResult result = run(words);
    EXPECT_EQ(result.exit_code, 0) << command.name;
    EXPECT_NE(result.results.find("Usage: OmeniaClaw " + std::string(command.name)), std::string::npos) << command.name;
    EXPECT_NE(result.results.find(command.summary), std::string::npos) << command.name;
  }
}

TEST(CommandLinesAreChecked, VersionNeedsNothing) {
  CommandRun run;
  run.variables.clear();
  const CommandResult result = run({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.results.rfind("OmeniaClaw ", 0), 0u);
}

}  // namespace
}  // namespace omenia::cli
