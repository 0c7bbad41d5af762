// A write is valid as a whole or not made; what it replaces stays as a backup.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "shared/base/fd.h"
#include "shared/config/backups.h"
#include "shared/config/write.h"
#include "shared/json/json5.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/config/variables.h"

namespace omenia {

namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Writes : public testing::Test {
 protected:
  LoadedConfig load() const { return std::move(load_config(path, environment)).value(); }

  // Replaces the file by `text`, from what is there now.
  Result<ConfigWrite> write(std::string_view text) const { return write_from(text, load().hash); }

  Result<ConfigWrite> write_from(std::string_view text, std::string_view base_hash) const {
    return write_config(path, parse_json5(text).value().value, base_hash, environment);
  }

  int files_with(std::string_view part) const {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
      count += entry.path().filename().string().find(part) != std::string::npos;
    return count;
  }

  const test::TempDir folder;
  const std::string path = folder / "OmeniaClaw.json";
  Environment environment = test::environment_of({{"PORT_HOST", "h"}});
};

TEST_F(Writes, TakeAwayWhatAProcessThatWasKilledLeftHalfWritten) {
  ASSERT_TRUE(write("{gateway: {mode: 'local'}}").ok());
  for (const char* of : {"OmeniaClaw.json", "OmeniaClaw.json.bak", "OmeniaClaw.json.last-good"}) {
    const std::string left = folder / (std::string(of) + ".tmp.0123");
    test::write_file(left, "{half");
    std::filesystem::last_write_time(left, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  }
  test::write_file(folder / "OmeniaClaw.json.tmp.4567", "{of a process that writes now");
  EXPECT_TRUE(backups_of({path}).empty());
  ASSERT_TRUE(write("{gateway: {mode: 'local', port: 1}}").ok());
  EXPECT_EQ(files_with(".tmp.0123"), 0);
  EXPECT_EQ(files_with(".tmp.4567"), 1);
}

TEST_F(Writes, AreStrictJsonWithVariablesAsWritten) {
  const auto written = write("{gateway: {mode: 'local', remote: {url: 'ws://${PORT_HOST}'}}}");
  ASSERT_TRUE(written.ok()) << written.error().message;
  EXPECT_TRUE(written.value().changed);
  EXPECT_EQ(written.value().loaded.config.remote_url, "ws://h");
  EXPECT_EQ(test::read_file(path),
            "{\n  \"gateway\": {\n    \"mode\": \"local\",\n    \"remote\": {\n      \"url\": \"ws://${PORT_HOST}\"\n  "
            "  }\n  }\n}\n");
  EXPECT_EQ(written.value().loaded.hash, load().hash);
  struct stat status {};
  ::stat(path.c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(files_with(".tmp."), 0);
}

TEST_F(Writes, OfAnEqualDocumentLeaveTheFile) {
  test::write_file(path, "// mine\n{session: {mainKey: 'a',},}");
  const auto written = write("{session: {mainKey: 'a'}}");
  ASSERT_TRUE(written.ok());
  EXPECT_FALSE(written.value().changed);
  EXPECT_EQ(test::read_file(path), "// mine\n{session: {mainKey: 'a',},}");
  EXPECT_EQ(files_with(".bak"), 0);
}

TEST_F(Writes, KeepFiveBackups) {
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(write("{gateway: {port: " + std::to_string(1000 + i) + "}}").ok());
  EXPECT_EQ(files_with(".bak"), 5);
  EXPECT_THAT(test::read_file(path + ".bak"), HasSubstr("1006"));
  EXPECT_THAT(test::read_file(path + ".bak.1"), HasSubstr("1005"));
  EXPECT_THAT(test::read_file(path + ".bak.4"), HasSubstr("1002"));
}

TEST_F(Writes, OfAnInvalidDocumentChangeNothing) {
  ASSERT_TRUE(write("{gateway: {port: 1}}").ok());
  const auto refused = write("{gateway: {port: 'x', prt: 1}}");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message,
              StartsWith("Config validation failed: gateway.port: Invalid input: expected number, received string\n"));
  EXPECT_EQ(row_of(refused.error().code).exit_code, 1);
  EXPECT_EQ(load().config.gateway_port, 1);
}

TEST_F(Writes, FromAnOldReadAreRefused) {
  ASSERT_TRUE(write("{gateway: {port: 1}}").ok());
  const std::string base = load().hash;
  ASSERT_TRUE(write("{gateway: {port: 2}}").ok());
  const auto refused = write_from("{gateway: {port: 3}}", base);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, StartsWith("config changed since last load"));
  EXPECT_FALSE(write_from("{gateway: {port: 3}}", "").ok());
  EXPECT_EQ(load().config.gateway_port, 2);
}

TEST_F(Writes, OfAnotherProgramAreNotOverrun) {
  const Fd other(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  ASSERT_EQ(::flock(other.get(), LOCK_EX), 0);
  const auto refused = write("{gateway: {port: 1}}");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("another program is writing"));
}

TEST_F(Writes, ThatHoldRedactedValuesAreRefused) {
  const auto refused = write("{channels: {telegram: {botToken: '__OmeniaClaw_REDACTED__'}}}");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("placeholders of hidden values"));
}

TEST_F(Writes, ThatLoseTheModeAreRefusedAndKept) {
  ASSERT_TRUE(write("{gateway: {mode: 'local'}}").ok());
  const auto refused = write("{gateway: {port: 5}}");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message,
              StartsWith("Config write rejected: " + path + " (gateway-mode-missing-vs-last-good)"));
  EXPECT_EQ(files_with(".rejected."), 1);
  EXPECT_EQ(load().config.gateway_mode, "local");
}

TEST_F(Writes, AreComparedWithTheLastAcceptedConfig) {
  test::write_file(path + ".last-good", "{meta: {a: 1}, gateway: {mode: 'local'}}");
  test::write_file(path, "{}");
  EXPECT_THAT(write("{gateway: {mode: 'local'}}").error().message, HasSubstr("missing-meta-vs-last-good"));
}

TEST_F(Writes, ThatLoseHalfOfTheFileAreRefused) {
  const std::string note(600, 'x');
  ASSERT_TRUE(write("{session: {mainKey: '" + note + "'}}").ok());
  EXPECT_THAT(write("{}").error().message, HasSubstr("size-drop-vs-last-good:"));
}

TEST_F(Writes, NeedAFileThatCanBeRead) {
  test::write_file(path, "{broken");
  const auto refused = write_from("{}", load().hash);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("cannot be edited: JSON5 parse failed"));
}

TEST_F(Writes, GoThroughASymbolicLink) {
  const test::TempDir elsewhere;
  test::write_file(elsewhere / "real.json", "{}");
  ASSERT_EQ(::symlink((elsewhere / "real.json").c_str(), path.c_str()), 0);
  ASSERT_TRUE(write("{gateway: {port: 7}}").ok());
  EXPECT_TRUE(std::filesystem::is_symlink(path));
  EXPECT_THAT(test::read_file(elsewhere / "real.json"), HasSubstr("7"));
}

TEST_F(Writes, AreRefusedWhereTheConfigIsReadOnly) {
  environment = test::environment_of({{"OmeniaClaw_CONFIG_READONLY", "1"}});
  EXPECT_EQ(write("{}").error().code, ErrorCode::forbidden);
}

TEST_F(Writes, MakeTheFolder) {
  const std::string deeper = folder / "a/b/OmeniaClaw.json";
  ASSERT_TRUE(write_config(deeper, Json::object(), "", environment).ok());
  EXPECT_EQ(test::read_file(deeper), "{}\n");
}

}  // namespace

}  // namespace omenia
