// The pure renderers: answers of agents, log lines, tables, what may reach a terminal.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cli/commands/agent_text.h"
#include "cli/commands/gateway_report.h"
#include "cli/commands/health_text.h"
#include "cli/commands/log_file.h"
#include "cli/commands/log_text.h"
#include "cli/failure.h"
#include "cli/output.h"

namespace omenia::cli {
namespace {

Json json(const std::string& text) {
  auto parsed = Json::parse(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? std::move(parsed).value() : Json();
}

TEST(AgentText, PiecesAreShownOnceWhetherTheyComeAloneOrWithTheWhole) {
  AgentText text;
  EXPECT_EQ(text.add(json(R"({"stream":"assistant","data":{"delta":"Hel"}})")), "Hel");
  EXPECT_EQ(text.add(json(R"({"stream":"assistant","data":{"text":"Hello","delta":"lo"}})")), "lo");
  EXPECT_EQ(text.add(json(R"({"stream":"usage","data":{"delta":"no"}})")), "");
  EXPECT_EQ(text.finish(json(R"([{"text":"Hello"}])")), "\n");
}

TEST(AgentText, EventThatWasLostIsMadeUpFromTheNextWholeText) {
  AgentText text;
  EXPECT_EQ(text.add(json(R"({"stream":"assistant","data":{"text":"a","delta":"a"}})")), "a");
  EXPECT_EQ(text.add(json(R"({"stream":"assistant","data":{"text":"abc","delta":"c"}})")), "bc");
}

TEST(AgentText, FinalResultFillsWhatNoEventHasShown) {
  AgentText text;
  EXPECT_EQ(text.add(json(R"({"stream":"assistant","data":{"delta":"Hello "}})")), "Hello ");
  EXPECT_EQ(text.finish(json(R"([{"text":"Hello world"}])")), "world\n");
  AgentText silent;
  EXPECT_EQ(silent.finish(json(R"([{"text":"one"},{"text":"two\n"}])")), "one\ntwo\n");
  AgentText nothing;
  EXPECT_EQ(nothing.finish(JsonView()), "");
}

TEST(AgentText, ResultThatDiffersIsShownWhole) {
  AgentText text;
  EXPECT_EQ(text.add(json(R"({"stream":"assistant","data":{"delta":"ac"}})")), "ac");
  EXPECT_EQ(text.finish(json(R"([{"text":"abc"}])")), "\nabc\n");
}

TEST(LogText, LineOfTheFileBecomesTimeLevelSubsystemMessage) {
  const LogEntry entry = log_entry_of(
      R"({"0":"{\"subsystem\":\"gateway\"}","1":"ready","_meta":{"logLevelName":"WARN"},"time":"2026-11-24T01:30:00.250+02:00","message":"ready"})");
  EXPECT_EQ(log_line_text(entry, {}), "2026-11-24T01:30:00.250+02:00 warn gateway ready");
  EXPECT_EQ(log_line_text(entry, {.utc = true, .color = false}), "2026-11-23T23:30:00.250Z warn gateway ready");
  EXPECT_EQ(json(log_line_json(entry, "raw"))["subsystem"].text(), "gateway");
}

TEST(LogText, StrangeLineIsItsOwnMessage) {
  EXPECT_EQ(log_line_text(log_entry_of("not json"), {}), "not json");
  EXPECT_EQ(log_line_text(log_entry_of("[1]"), {}), "[1]");
}

TEST(LogText, TimesWithNegativeOffsetsAndStrangeOnes) {
  EXPECT_EQ(time_in_utc("2026-01-01T00:00:00.000-03:30"), "2026-01-01T03:30:00.000Z");
  EXPECT_EQ(time_in_utc("2026-01-01T00:00:00.000Z"), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(time_in_utc("yesterday"), "yesterday");
  EXPECT_EQ(time_in_utc(""), "");
}

TEST(LogFile, LastCompleteLinesAreReadAndCuttingIsSaid) {
  const std::string file = std::filesystem::temp_directory_path() / ("omenia-log-" + std::to_string(::getpid()));
  std::ofstream(file) << "one\ntwo\nthree\nunfinis";
  const auto all = read_log_tail(file, 10, 1000);
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all.value().lines, (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_FALSE(all.value().truncated);
  EXPECT_EQ(all.value().cursor, 14);
  EXPECT_EQ(read_log_tail(file, 1, 1000).value().lines, (std::vector<std::string>{"three"}));
  const auto cut = read_log_tail(file, 10, 15);
  EXPECT_EQ(cut.value().lines, (std::vector<std::string>{"three"}));
  EXPECT_TRUE(cut.value().truncated);
  EXPECT_TRUE(read_log_tail(file, 10, 3).value().lines.empty());
  std::filesystem::remove(file);
  EXPECT_FALSE(read_log_tail(file, 10, 1000).ok());
}

TEST(Output, NothingFromOutsideDrivesTheTerminal) {
  EXPECT_EQ(for_terminal("a\x1b[31mb\tc\nd\x07\x7f"), "a[31mb\tc\nd");
  EXPECT_EQ(for_terminal("\xC2\x9B"
                         "31m\xE2\x82\xAC\xFF"),
            "31m\xE2\x82\xAC");
}

TEST(Output, TableColumnsAreAsWideAsTheirWidestCell) {
  EXPECT_EQ(framed_table({{"Item", "V"}, {"a·b", "long value"}}),
            "┌──────┬────────────┐\n│ Item │ V          │\n├──────┼────────────┤\n│ a·b  │ long value │\n"
            "└──────┴────────────┘");
}

TEST(Output, OnlyPathsBelowHomeAreShortened) {
  EXPECT_EQ(shortened("/home/me/x", "/home/me"), "~/x");
  EXPECT_EQ(shortened("/home/melon/x", "/home/me"), "/home/melon/x");
  EXPECT_EQ(shortened("/x", "/"), "/x");
}

TEST(Failure, CauseIsTheSystemsWordWhereThereIsOne) {
  EXPECT_EQ(cause_of("connect ECONNREFUSED 127.0.0.1:1"), "ECONNREFUSED");
  EXPECT_EQ(cause_of("gateway closed: service restart"), "gateway closed: service restart");
}

TEST(GatewayReport, CommandLinesAreShownWithoutTheirSecrets) {
  EXPECT_EQ(without_secrets("OmeniaClaw gateway --token abc --port 1"), "OmeniaClaw gateway --token *** --port 1");
  EXPECT_EQ(without_secrets("x --password=abc"), "x --password=***");
  EXPECT_EQ(without_secrets("x --token --token y"), "x --token *** y");
  EXPECT_EQ(without_secrets("plain"), "plain");
}

TEST(GatewayReport, CapabilityIsTheStrongestGrantedScope) {
  EXPECT_EQ(capability_of({"operator.read", "operator.admin"}), "admin_capable");
  EXPECT_EQ(capability_of({"operator.write"}), "write_capable");
  EXPECT_EQ(dashed(capability_of({"operator.read"})), "read-only");
  EXPECT_EQ(dashed(capability_of({})), "connected-no-operator-scope");
}

TEST(GatewayReport, RuntimeSaysWhoseGatewayItIs) {
  GatewayReport report;
  EXPECT_EQ(runtime_text(report).rfind("stopped", 0), 0u);
  report.probe = GatewayProbe{};
  report.probe->reached = true;
  EXPECT_EQ(runtime_text(report).rfind("unknown", 0), 0u);
  report.pid = 77;
  EXPECT_EQ(runtime_text(report).rfind("running (pid 77, foreground", 0), 0u);
}

TEST(HealthText, MissingFieldsHaveNoLine) {
  EXPECT_EQ(health_lines(json("{}"), 3), (std::vector<std::string>{"Gateway probe duration: 3ms"}));
  const auto lines = health_lines(json(R"({"eventLoop":{"degraded":false,"delayMaxMs":4.6,"utilization":0.5},
      "agents":[{"agentId":"main","isDefault":true},{"agentId":"work"}],
      "sessions":{"path":"/s","count":2},"defaultAgentId":"main"})"),
                                  3);
  EXPECT_EQ(lines, (std::vector<std::string>{"Gateway event loop: ok max=5ms util=50%", "Gateway probe duration: 3ms",
                                             "Agents: main (default), work", "Session store (main): /s (2 entries)"}));
}

}  // namespace
}  // namespace omenia::cli
