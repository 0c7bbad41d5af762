// Levels, style and size of rotation of a log may change at any time, for every part that has a logger already.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "shared/log/log.h"
#include "tests/support/temp_dir.h"

namespace omenia {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

LogOptions options_for(const std::string& file) {
  LogOptions options;
  options.file = file;
  options.console_level = LogLevel::silent;
  return options;
}

class OpenLog : public testing::Test {
 protected:
  std::string text() {
    log.flush();
    return test::read_file(options.file);
  }

  test::TempDir folder;
  LogOptions options = options_for(folder / "log");
  Log log = Log::open(options).value();
  Logger logger = log.logger("part");
};

TEST_F(OpenLog, WritesWhatItsNewLevelAsksFor) {
  logger.debug("before");
  options.file_level = LogLevel::debug;
  log.change(options);
  EXPECT_TRUE(logger.enabled(LogLevel::debug));
  logger.debug("after");
  EXPECT_THAT(text(), AllOf(Not(HasSubstr("before")), HasSubstr("after")));
}

TEST_F(OpenLog, CanFallSilent) {
  options.file_level = LogLevel::silent;
  log.change(options);
  EXPECT_FALSE(logger.enabled(LogLevel::fatal));
  logger.error("unheard");
  EXPECT_THAT(text(), Not(HasSubstr("unheard")));
}

TEST_F(OpenLog, IsRotatedAtItsNewSize) {
  options.file_bytes_max = 10'000;
  log.change(options);
  for (int i = 0; i < 40; ++i) logger.info(std::string(500, 'x'));
  EXPECT_LT(text().size(), 10'001u);
  EXPECT_FALSE(test::read_file(folder / "log.1").empty());
}

TEST_F(OpenLog, SpeaksJsonOnTheTerminalWhenAsked) {
  testing::internal::CaptureStdout();
  options.console_level = LogLevel::info;
  log.change(options);
  logger.info("plain");
  log.flush();
  options.console_json = true;
  log.change(options);
  logger.info("structured");
  log.flush();
  EXPECT_THAT(testing::internal::GetCapturedStdout(),
              AllOf(HasSubstr("[part] plain\n"), HasSubstr(R"("message":"structured")")));
}

TEST_F(OpenLog, ChangesUnderTheHandsOfItsWriters) {
  std::atomic<bool> done = false;
  std::thread writer([&] {
    while (!done) logger.debug("a line");
  });
  for (int i = 0; i < 200; ++i) {
    options.file_level = i % 2 ? LogLevel::debug : LogLevel::error;
    options.file_bytes_max = i % 2 ? 20'000 : 10'000;
    log.change(options);
  }
  done = true;
  writer.join();
  logger.error("the last");
  EXPECT_THAT(text(), HasSubstr("the last"));
}

}  // namespace
}  // namespace omenia
