// A record is one line, in the file with the fields that tools read, on the terminal for people.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <ctime>

#include "shared/json/json.h"
#include "shared/log/line.h"

namespace omenia {
namespace {

constexpr std::int64_t moment_ms = 1'795'421'730'123;  // 2026-11-23T08:15:30.123Z

class LogLineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ::setenv("TZ", "XYZ-05:30", 1);  // A zone east of Greenwich, in the notation that needs no database.
    ::tzset();
  }
  void TearDown() override {
    ::unsetenv("TZ");
    ::tzset();
  }
};

TEST_F(LogLineTest, TheFileHoldsTheFieldsThatToolsRead) {
  const std::string text = json_line({moment_ms, LogLevel::info, "gateway/ws", "it \"works\""}, "host-1");
  EXPECT_EQ(text.back(), '\n');
  const auto line = Json::parse(text).value();
  EXPECT_EQ(line["0"].text(), R"({"subsystem":"gateway/ws"})");
  EXPECT_EQ(line["1"].text(), "it \"works\"");
  EXPECT_EQ(line["message"].text(), "it \"works\"");
  EXPECT_EQ(line["hostname"].text(), "host-1");
  EXPECT_EQ(line["time"].text(), "2026-11-23T13:45:30.123+05:30");
  const JsonView meta = line["_meta"];
  EXPECT_EQ(meta["runtime"].text(), "omeniaclaw");
  EXPECT_EQ(meta["hostname"].text(), "host-1");
  EXPECT_EQ(meta["date"].text(), "2026-11-23T08:15:30.123Z");
  EXPECT_EQ(meta["logLevelId"].integer(), 3);
  EXPECT_EQ(meta["logLevelName"].text(), "INFO");
  EXPECT_EQ(meta["name"].text(), R"({"subsystem":"gateway/ws"})");
  EXPECT_EQ(meta["parentNames"].at(0).text(), "OmeniaClaw");
}

TEST_F(LogLineTest, LevelsAreNumberedFromTraceToFatal) {
  int id = 1;
  for (const LogLevel level :
       {LogLevel::trace, LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error, LogLevel::fatal})
    EXPECT_EQ(Json::parse(json_line({0, level, "a", "b"}, "")).value()["_meta"]["logLevelId"].integer(), id++);
}

TEST_F(LogLineTest, TheTerminalShowsTheLevelFromWarnOn) {
  EXPECT_EQ(terminal_line({moment_ms, LogLevel::info, "gateway", "ready"}),
            "2026-11-23T13:45:30.123+05:30 [gateway] ready\n");
  EXPECT_EQ(terminal_line({moment_ms, LogLevel::warn, "gateway", "slow"}),
            "2026-11-23T13:45:30.123+05:30 [gateway] warn: slow\n");
}

TEST_F(LogLineTest, TheTerminalShowsTheSubsystemsLastTwoParts) {
  const auto shown = [](std::string_view subsystem) {
    const std::string line = terminal_line({0, LogLevel::info, subsystem, ""});
    return line.substr(line.find('['), line.find(']') - line.find('[') + 1);
  };
  EXPECT_EQ(shown("gateway"), "[gateway]");
  EXPECT_EQ(shown("gateway/ws"), "[ws]");
  EXPECT_EQ(shown("gateway/channels/mail/inbox"), "[mail/inbox]");
  EXPECT_EQ(shown("a/b/c"), "[b/c]");
}

TEST_F(LogLineTest, AMessageCannotStartAnotherLine) {
  const std::string forged = "first\n2026-11-23T13:45:30.123+05:30 [gateway] second\r\n";
  const std::string line = terminal_line({moment_ms, LogLevel::info, "gateway", forged});
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_NE(line.find("first\\n2026"), std::string::npos);
  const std::string json = json_line({moment_ms, LogLevel::info, "gateway", forged}, "");
  EXPECT_EQ(json.find('\n'), json.size() - 1);
  EXPECT_EQ(Json::parse(json).value()["message"].text(), forged);
}

TEST_F(LogLineTest, AMessageCannotSteerATerminal) {
  EXPECT_EQ(printable("\x1b[2J\x07\x7f"), "\\u001b[2J\\u0007\\u007f");
  EXPECT_EQ(printable("\xC2\x9B"), "\\u009b");
  EXPECT_EQ(printable("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(printable("größer € 𝄞"), "größer € 𝄞");
}

TEST_F(LogLineTest, LevelsAreReadByTheirWords) {
  EXPECT_EQ(parse_log_level("silent").value(), LogLevel::silent);
  EXPECT_EQ(parse_log_level("trace").value(), LogLevel::trace);
  for (const char* word : {"", "INFO", "warning", "7"}) EXPECT_FALSE(parse_log_level(word).ok()) << word;
}

}  // namespace
}  // namespace omenia
