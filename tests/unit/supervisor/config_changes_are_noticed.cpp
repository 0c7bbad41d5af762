// The watcher tells of new content in the configuration's files once, however it came there, and of nothing else.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "supervisor/watched_content.h"
#include "supervisor/watcher.h"
#include "tests/support/deadline.h"
#include "tests/support/temp_dir.h"

namespace omenia::supervisor {
namespace {

constexpr WatchPace quick{.settle_ms = 20, .settle_ms_max = 500, .poll_ms = 10};
constexpr WatchPace polling{.settle_ms = 20, .settle_ms_max = 500, .poll_ms = 10, .polls_only = true};

class Noticed : public testing::TestWithParam<WatchPace> {
 protected:
  Noticed() { test::write_file(file, "one"); }

  // Until so many reports have come in all.
  bool reported(int count) {
    Timer deadline(loop, [this] { loop.stop(); });
    deadline.start(test::wait_ms_max);
    while (reports < count && deadline.running()) loop.run();
    return reports == count;
  }

  // Lets whatever is under way come to rest; nothing waits for less than this.
  void rest(int times_settle = 6) {
    Timer end(loop, [this] { loop.stop(); });
    end.start(times_settle * quick.settle_ms);
    while (end.running()) loop.run();
  }

  std::string content() const { return test::read_file(file); }

  test::TempDir folder;
  std::string file = folder / "config.json";
  Loop loop;
  int reports = 0;
  ConfigWatcher watcher{loop, Logger(),
                        [this] {
                          ++reports;
                          loop.stop();
                        },
                        GetParam()};
};

TEST_P(Noticed, AWriteInPlace) {
  watcher.watch({file});
  test::write_file(file, "two");
  EXPECT_TRUE(reported(1));
}

TEST_P(Noticed, ARenameOverTheFile) {
  watcher.watch({file});
  test::write_file(folder / ".config.json.tmp", "two");
  std::filesystem::rename(folder / ".config.json.tmp", file);
  EXPECT_TRUE(reported(1));
  test::write_file(folder / ".config.json.tmp", "three");
  std::filesystem::rename(folder / ".config.json.tmp", file);
  EXPECT_TRUE(reported(2)) << "the new file is watched like the old one";
}

TEST_P(Noticed, ABackupThatTakesTheFileAwayForAMoment) {
  watcher.watch({file});
  std::filesystem::rename(file, file + "~");
  Timer editor(loop, [this] { test::write_file(file, "two"); });
  editor.start(2 * quick.settle_ms);
  EXPECT_TRUE(reported(1));
  EXPECT_EQ(content(), "two") << "the gap was not told";
}

TEST_P(Noticed, AFileThatIsGoneForGoodAndOneThatComesBack) {
  watcher.watch({file});
  std::filesystem::remove(file);
  EXPECT_TRUE(reported(1));
  test::write_file(file, "one");
  EXPECT_TRUE(reported(2));
}

TEST_P(Noticed, AFileThatIsMadeLater) {
  watcher.watch({file, folder / ".env"});
  test::write_file(folder / ".env", "A=1");
  EXPECT_TRUE(reported(1));
}

TEST_P(Noticed, ManyWritesAsOne) {
  watcher.watch({file});
  for (int i = 0; i < 20; ++i) test::write_file(file, "draft " + std::to_string(i));
  EXPECT_TRUE(reported(1));
  rest();
  EXPECT_EQ(reports, 1);
}

TEST_P(Noticed, AFileThatNeverRestsIsLookedAtAllTheSame) {
  watcher.watch({file});
  int draft = 0;
  Timer editor(loop, [&] { test::write_file(file, "draft " + std::to_string(++draft)); });
  editor.start_repeating(quick.settle_ms / 4);
  EXPECT_TRUE(reported(1));
}

TEST_P(Noticed, NotTheSameContentWrittenAgain) {
  watcher.watch({file});
  test::write_file(file, "one");
  std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now());
  test::write_file(folder / "other.json", "two");
  rest();
  EXPECT_EQ(reports, 0);
}

TEST_P(Noticed, NotAChangeThatWasTakenBack) {
  watcher.watch({file});
  test::write_file(file, "two");
  test::write_file(file, "one");
  rest();
  EXPECT_EQ(reports, 0);
}

TEST_P(Noticed, AFileThatJoinsAndNotOneThatLeaves) {
  const std::string include = folder / "more.json";
  test::write_file(include, "{}");
  watcher.watch({file});
  watcher.watch({file, include});
  EXPECT_TRUE(reported(1)) << "it may have changed between being read and being watched";
  watcher.watch({file, include});
  test::write_file(include, "{a:1}");
  EXPECT_TRUE(reported(2));
  watcher.watch({file});
  test::write_file(include, "{a:2}");
  rest();
  EXPECT_EQ(reports, 2);
}

TEST_P(Noticed, AnotherTargetOfASymbolicLink) {
  std::filesystem::create_directory(folder / "v1");
  std::filesystem::create_directory(folder / "v2");
  test::write_file(folder / "v1/config.json", "one");
  test::write_file(folder / "v2/config.json", "two");
  std::filesystem::create_symlink("v1", folder / "current");
  const std::string linked = folder / "linked.json";
  std::filesystem::create_symlink("current/config.json", linked);
  watcher.watch({linked});
  std::filesystem::create_symlink("v2", folder / "next");
  std::filesystem::rename(folder / "next", folder / "current");
  EXPECT_TRUE(reported(1));
  test::write_file(folder / "v2/config.json", "three");
  EXPECT_TRUE(reported(2));
}

TEST_P(Noticed, AFolderThatIsReplaced) {
  const std::string nested = folder / "etc/config.json";
  std::filesystem::create_directory(folder / "etc");
  test::write_file(nested, "one");
  watcher.watch({nested});
  std::filesystem::rename(folder / "etc", folder / "old");
  std::filesystem::create_directory(folder / "etc");
  test::write_file(nested, "two");
  EXPECT_TRUE(reported(1));
  test::write_file(nested, "three");
  EXPECT_TRUE(reported(2));
}

TEST_P(Noticed, AChangeWhileTheLastOneIsHandled) {
  watcher.watch({file});
  test::write_file(file, "two");
  EXPECT_TRUE(reported(1));
  test::write_file(file, "three");
  watcher.watch({file});
  EXPECT_TRUE(reported(2));
}

TEST_P(Noticed, MoreFilesThanAreWatchedAreNoHarm) {
  std::vector<std::string> files = {file};
  for (int i = 0; i < 2 * limits::config_watched_files_max; ++i) files.push_back(folder / ("more" + std::to_string(i)));
  watcher.watch(files);
  test::write_file(file, "two");
  EXPECT_TRUE(reported(1));
}

INSTANTIATE_TEST_SUITE_P(By, Noticed, testing::Values(quick, polling),
                         [](const auto& pace) { return pace.param.polls_only ? "Polling" : "Notification"; });

TEST(WatchedContent, OfWhatIsNoFileIsTold) {
  const test::TempDir folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  test::write_file(folder / "large", std::string(limits::config_file_bytes_max + 1, 'x'));
  EXPECT_EQ(fingerprint_of(folder / "missing"), missing_fingerprint);
  EXPECT_EQ(fingerprint_of(folder / "pipe"), "not a regular file");
  EXPECT_EQ(fingerprint_of(folder.path()), "not a regular file");
  EXPECT_TRUE(fingerprint_of(folder / "large").starts_with("too large"));
}

TEST(WatchedContent, LeadsThroughEveryLinkAndEndsInACircle) {
  const test::TempDir folder;
  std::filesystem::create_directory(folder / "a");
  std::filesystem::create_symlink("../b", folder / "a/link");
  std::filesystem::create_symlink("circle", folder / "circle");
  const auto places = places_of(folder / "a/link");
  EXPECT_TRUE(places.contains({folder / "a", "link"}));
  EXPECT_TRUE(places.contains({folder.path(), "b"}));
  EXPECT_TRUE(places_of(folder / "circle").contains({folder.path(), "circle"}));
}

}  // namespace
}  // namespace omenia::supervisor
