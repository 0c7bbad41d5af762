// A log writes what its levels ask for, from any thread, and loses nothing at its end.
#include <gtest/gtest.h>
#include <unistd.h>

#include <sstream>
#include <thread>
#include <vector>

#include "shared/base/fd.h"
#include "shared/json/json.h"
#include "shared/log/log.h"
#include "tests/support/temp_dir.h"

namespace omenia {
namespace {

Log open_log(const std::string& path, LogLevel level = LogLevel::info) {
  LogOptions options;
  options.file = path;
  options.file_level = level;
  options.console_level = LogLevel::silent;
  auto log = Log::open(options);
  if (!log.ok()) throw std::runtime_error(log.error().message);
  return std::move(log).value();
}

std::vector<std::string> messages_in(const std::string& path) {
  std::vector<std::string> messages;
  std::istringstream text(test::read_file(path));
  for (std::string line; std::getline(text, line);) messages.emplace_back(Json::parse(line).value()["message"].text());
  return messages;
}

using Messages = std::vector<std::string>;

TEST(Log, WritesLinesOfItsLevelAndAbove) {
  const test::TempDir folder;
  Log log = open_log(folder / "log", LogLevel::warn);
  const Logger logger = log.logger("gateway");
  EXPECT_FALSE(logger.enabled(LogLevel::info));
  EXPECT_TRUE(logger.enabled(LogLevel::error));
  logger.info("not this");
  logger.warn("this");
  logger.error("and this");
  log.flush();
  EXPECT_EQ(messages_in(folder / "log"), (Messages{"this", "and this"}));
}

TEST(Log, EndingItWritesWhatIsQueued) {
  const test::TempDir folder;
  {
    Log log = open_log(folder / "log");
    log.logger("a").info("last words");
  }
  EXPECT_EQ(messages_in(folder / "log"), Messages{"last words"});
}

TEST(Log, ALoggerMayOutliveIt) {
  const test::TempDir folder;
  Logger logger;
  logger.info("to nowhere");
  {
    Log log = open_log(folder / "log");
    logger = log.logger("a");
  }
  logger.info("afterwards");
  logger = Logger();
  EXPECT_EQ(messages_in(folder / "log"), Messages{"afterwards"});
}

TEST(Log, AFatalLineIsInTheFileWhenTheCallReturns) {
  const test::TempDir folder;
  Log log = open_log(folder / "log");
  log.logger("a").fatal("the end");
  EXPECT_EQ(messages_in(folder / "log"), Messages{"the end"});
}

TEST(Log, RegisteredSecretsAreMasked) {
  const test::TempDir folder;
  Log log = open_log(folder / "log");
  const Logger logger = log.logger("a");
  log.mask("0123456789-0123456789");
  logger.info("token 0123456789-0123456789.");
  log.flush();
  EXPECT_EQ(messages_in(folder / "log"), Messages{"token 012345…6789."});
}

TEST(Log, ASecretAtTheCutOfALongMessageIsMaskedWhole) {
  const test::TempDir folder;
  Log log = open_log(folder / "log");
  log.mask("hunter22");
  log.logger("a").info(std::string(limits::log_message_bytes_max - 4, 'x') + "hunter22" + std::string(1000, 'y'));
  log.flush();
  const auto messages = messages_in(folder / "log");
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].find("hunt"), std::string::npos);
  EXPECT_TRUE(messages[0].ends_with(" bytes cut)"));
  EXPECT_LT(messages[0].size(), limits::log_message_bytes_max + 100);
}

TEST(Log, SeveralThreadsMayWrite) {
  const test::TempDir folder;
  Log log = open_log(folder / "log");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([logger = log.logger("t")] {
      for (int i = 0; i < 50; ++i) logger.info("line");
    });
  for (auto& thread : threads) thread.join();
  log.flush();
  EXPECT_EQ(messages_in(folder / "log").size(), 200u);
}

TEST(Log, LinesThatCameTooFastAreCountedAndTheNewestKept) {
  const test::TempDir folder;
  constexpr int lines = 200'000;
  Log log = open_log(folder / "log");
  const Logger logger = log.logger("a");
  for (int i = 0; i < lines; ++i) logger.info("line " + std::to_string(i));
  log.flush();
  logger.info("after");
  log.flush();
  const auto messages = messages_in(folder / "log");
  ASSERT_LT(messages.size(), static_cast<std::size_t>(lines)) << "the disk is faster than this test";
  EXPECT_EQ(messages.back(), "after");
  long lost = 0;
  std::size_t notices = 0;
  for (const std::string& message : messages) {
    if (message.find(" log lines were lost here") == std::string::npos) continue;
    lost += std::stol(message);
    ++notices;
  }
  EXPECT_EQ(static_cast<std::size_t>(lost) + messages.size() - notices - 1, static_cast<std::size_t>(lines));
}

TEST(Log, AFileThatCannotBeOpenedIsNamed) {
  LogOptions options;
  options.file = "/proc/no/such/folder/log";
  const auto log = Log::open(options);
  ASSERT_FALSE(log.ok());
  EXPECT_NE(log.error().message.find(options.file), std::string::npos);
}

// The terminal, seen through a pipe in place of each descriptor.
class Capture {
 public:
  explicit Capture(int fd) : fd_(fd), saved_(::dup(fd)) {
    int ends[2];
    if (::pipe(ends) != 0) return;
    read_ = Fd(ends[0]);
    ::dup2(ends[1], fd_);
    ::close(ends[1]);
  }
  std::string take() {
    ::dup2(saved_.get(), fd_);
    std::string text(65536, '\0');
    const ssize_t got = ::read(read_.get(), text.data(), text.size());
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
  }

 private:
  int fd_;
  Fd saved_;
  Fd read_;
};

void log_two_lines(bool json) {
  LogOptions options;
  options.console_json = json;
  Log log = std::move(Log::open(options)).value();
  log.logger("gateway").info("to stdout");
  log.logger("gateway").warn("to stderr");
}

TEST(Log, TheTerminalGetsInformationOnStdoutAndTroubleOnStderr) {
  Capture out(STDOUT_FILENO);
  Capture err(STDERR_FILENO);
  log_two_lines(false);
  const std::string errors = err.take();
  const std::string output = out.take();
  EXPECT_TRUE(output.ends_with(" [gateway] to stdout\n")) << output;
  EXPECT_TRUE(errors.ends_with(" [gateway] warn: to stderr\n")) << errors;
}

TEST(Log, TheTerminalCanHaveJson) {
  Capture out(STDOUT_FILENO);
  Capture err(STDERR_FILENO);
  log_two_lines(true);
  const std::string errors = err.take();
  EXPECT_EQ(Json::parse(out.take()).value()["message"].text(), "to stdout");
  EXPECT_EQ(Json::parse(errors).value()["_meta"]["logLevelName"].text(), "WARN");
}

TEST(Log, ATerminalThatNobodyReadsDoesNotStopTheFile) {
  const test::TempDir folder;
  constexpr int lines = 30;  // 16 KiB each, and a pipe holds 64.
  Capture out(STDOUT_FILENO);
  LogOptions options;
  options.file = folder / "log";
  {
    Log log = std::move(Log::open(options)).value();
    for (int i = 0; i < lines; ++i) log.logger("a").info(std::string(limits::log_message_bytes_max, 'x'));
  }
  out.take();
  EXPECT_EQ(messages_in(folder / "log").size(), static_cast<std::size_t>(lines));
}

}  // namespace
}  // namespace omenia
