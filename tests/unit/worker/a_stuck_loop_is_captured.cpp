// A loop that stands still is told of in a file: where it stands, for its owner alone.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "shared/base/folders.h"
#include "tests/support/temp_dir.h"
#include "worker/stuck.h"

namespace omenia::worker {
namespace {

class Stuck : public ::testing::Test {
 protected:
  Stuck() { ::sigaction(SIGUSR2, nullptr, &before); }
  ~Stuck() override { ::sigaction(SIGUSR2, &before, nullptr); }

  std::vector<std::filesystem::path> written() const {
    std::vector<std::filesystem::path> files;
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator(stability, problem)) files.push_back(entry.path());
    return files;
  }

  struct sigaction before {};
  test::TempDir state;
  std::string stability = state / "logs/stability";
};

TEST_F(Stuck, TheStackIsWrittenForTheOwnerAlone) {
  make_private_folders(stability);
  write_stack_when_asked(state.path());
  ASSERT_EQ(::raise(SIGUSR2), 0);
  ASSERT_EQ(written().size(), 1u);
  const std::string path = written().front().string();
  EXPECT_NE(path.find("/OmeniaClaw-stuck-"), std::string::npos);
  EXPECT_TRUE(path.ends_with("-" + std::to_string(::getpid()) + ".txt")) << path;
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const std::string text = test::read_file(path);
  EXPECT_NE(text.find("the event loop stood still"), std::string::npos);
  EXPECT_NE(text.find("unit_worker"), std::string::npos) << text;
}

TEST_F(Stuck, WithoutTheFolderNothingHappens) {
  write_stack_when_asked(state.path());
  ASSERT_EQ(::raise(SIGUSR2), 0);
  EXPECT_TRUE(written().empty());
}

}  // namespace
}  // namespace omenia::worker
