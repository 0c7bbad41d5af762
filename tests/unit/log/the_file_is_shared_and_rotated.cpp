// The log file belongs to its owner alone, and processes that share it rotate it together.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <sstream>

#include "shared/base/limits.h"
#include "shared/log/file.h"
#include "tests/support/temp_dir.h"

namespace omenia {
namespace {

using test::read_file;
using test::write_file;

int mode_of(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? static_cast<int>(found.st_mode & 0777) : -1;
}

LogFile open_file(const std::string& path, std::size_t bytes_max = 1'000'000) {
  auto file = LogFile::open(path, bytes_max);
  if (!file.ok()) throw std::runtime_error(file.error().message);
  return std::move(file).value();
}

TEST(LogFile, IsMadeForItsOwnerOnlyWithItsFolders) {
  const test::TempDir folder;
  open_file(folder / "a/b/gateway.log");
  EXPECT_EQ(mode_of(folder / "a"), 0700);
  EXPECT_EQ(mode_of(folder / "a/b"), 0700);
  EXPECT_EQ(mode_of(folder / "a/b/gateway.log"), 0600);
}

TEST(LogFile, OneThatOthersMayReadIsClosedToThem) {
  const test::TempDir folder;
  write_file(folder / "gateway.log", "old\n", 0644);
  auto file = open_file(folder / "gateway.log");
  ASSERT_TRUE(file.append("new\n").ok());
  EXPECT_EQ(mode_of(folder / "gateway.log"), 0600);
  EXPECT_EQ(read_file(folder / "gateway.log"), "old\nnew\n");
}

TEST(LogFile, ALinkOrAFolderIsRefusedByName) {
  const test::TempDir folder;
  ASSERT_EQ(::symlink("/etc/passwd", (folder / "link").c_str()), 0);
  const auto link = LogFile::open(folder / "link", 1000);
  ASSERT_FALSE(link.ok());
  EXPECT_EQ(link.error().message, "log file " + (folder / "link") + ": is a symbolic link");
  EXPECT_FALSE(LogFile::open(folder.path(), 1000).ok());
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_FALSE(LogFile::open(folder / "pipe", 1000).ok());
}

TEST(LogFile, AFullOneIsRotatedAndTheOldestGoes) {
  const test::TempDir folder;
  auto file = open_file(folder / "log", 10);
  for (int i = 0; i < limits::log_files_kept + 3; ++i)
    ASSERT_TRUE(file.append("line " + std::to_string(i) + "\n").ok());
  EXPECT_EQ(read_file(folder / "log"), "line 7\n");
  EXPECT_EQ(read_file(folder / "log.1"), "line 6\n");
  EXPECT_EQ(read_file(folder / "log.5"), "line 2\n");
  EXPECT_EQ(mode_of(folder / "log.6"), -1);
}

TEST(LogFile, AnotherProcessesRotationIsFollowed) {
  const test::TempDir folder;
  auto ours = open_file(folder / "log", 20);
  auto theirs = open_file(folder / "log", 20);
  ASSERT_TRUE(ours.append("0123456789\n").ok());
  ASSERT_TRUE(theirs.append("rotates it\n").ok());
  ASSERT_TRUE(ours.append("follow\n").ok());
  EXPECT_EQ(read_file(folder / "log.1"), "0123456789\n");
  EXPECT_EQ(read_file(folder / "log"), "rotates it\nfollow\n");
}

TEST(LogFile, ADeletedOneIsMadeAgain) {
  const test::TempDir folder;
  auto file = open_file(folder / "log");
  ::unlink((folder / "log").c_str());
  ASSERT_TRUE(file.append("still here\n").ok());
  EXPECT_EQ(read_file(folder / "log"), "still here\n");
}

// Two processes write as fast as they can over rotations: every line that is kept is whole, and none is lost while
// the files together could hold all.
TEST(LogFile, TwoProcessesRotateTogetherWithoutLosingALine) {
  const test::TempDir folder;
  constexpr int lines = 400;
  const auto write_all = [&](char name) {
    auto file = open_file(folder / "log", 6'000);
    for (int i = 0; i < lines; ++i)
      if (!file.append(std::string(1, name) + " " + std::to_string(i) + " ...... end\n").ok()) return 1;
    return 0;
  };
  const pid_t other = ::fork();
  if (other == 0) ::_exit(write_all('b'));
  EXPECT_EQ(write_all('a'), 0);
  int status = -1;
  ::waitpid(other, &status, 0);
  EXPECT_EQ(status, 0);

  std::map<std::string, int> found;
  for (const char* suffix : {"", ".1", ".2", ".3", ".4", ".5"}) {
    std::istringstream text(read_file(folder / ("log" + std::string(suffix))));
    for (std::string line; std::getline(text, line);) {
      EXPECT_TRUE(line.ends_with(" ...... end")) << line;
      ++found[line];
    }
  }
  EXPECT_EQ(found.size(), 2 * lines);
  for (const auto& [line, count] : found) EXPECT_EQ(count, 1) << line;
}

}  // namespace
}  // namespace omenia
