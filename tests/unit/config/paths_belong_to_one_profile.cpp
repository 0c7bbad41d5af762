// Flags and environment select one instance completely: its state, its configuration, its log.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "shared/config/paths.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/config/variables.h"

namespace omenia {

namespace {

using testing::MatchesRegex;

struct PathCase {
  const char* name;
  test::Variables variables;
  const char* flag;
  bool dev;
  const char* profile;
  const char* state_dir;
  const char* config_path;
};

void PrintTo(const PathCase& sample, std::ostream* out) {
  *out << sample.name;
}

class ProfilePaths : public testing::TestWithParam<PathCase> {};

TEST_P(ProfilePaths, AreSelectedCompletely) {
  auto variables = GetParam().variables;
  variables.emplace("HOME", "/h");
  const auto paths = Paths::resolve(test::environment_of(variables), GetParam().flag, GetParam().dev);
  ASSERT_TRUE(paths.ok()) << paths.error().message;
  EXPECT_EQ(paths.value().profile, GetParam().profile);
  EXPECT_EQ(paths.value().state_dir, GetParam().state_dir);
  EXPECT_EQ(paths.value().config_path, GetParam().config_path);
}

const test::Variables service_of_y{{"OmeniaClaw_PROFILE", "y"},
                                   {"OmeniaClaw_STATE_DIR", "/h/.OmeniaClaw-y"},
                                   {"OmeniaClaw_CONFIG_PATH", "/h/.OmeniaClaw-y/OmeniaClaw.json"}};

INSTANTIATE_TEST_SUITE_P(
    Table, ProfilePaths,
    testing::Values(
        PathCase{"plain", {}, "", false, "", "/h/.OmeniaClaw", "/h/.OmeniaClaw/OmeniaClaw.json"},
        PathCase{
            "profile", {}, "rescue", false, "rescue", "/h/.OmeniaClaw-rescue", "/h/.OmeniaClaw-rescue/OmeniaClaw.json"},
        PathCase{"dev", {}, "", true, "dev", "/h/.OmeniaClaw-dev", "/h/.OmeniaClaw-dev/OmeniaClaw.json"},
        PathCase{"default_is_none", {}, "Default", false, "", "/h/.OmeniaClaw", "/h/.OmeniaClaw/OmeniaClaw.json"},
        PathCase{"variable",
                 {{"OMENIACLAW_PROFILE", "x"}},
                 "",
                 false,
                 "x",
                 "/h/.OmeniaClaw-x",
                 "/h/.OmeniaClaw-x/OmeniaClaw.json"},
        PathCase{"flag_over_variable", service_of_y, "x", false, "x", "/h/.OmeniaClaw-x",
                 "/h/.OmeniaClaw-x/OmeniaClaw.json"},
        PathCase{"flag_back_to_default", service_of_y, "default", false, "", "/h/.OmeniaClaw",
                 "/h/.OmeniaClaw/OmeniaClaw.json"},
        PathCase{"service", service_of_y, "", false, "y", "/h/.OmeniaClaw-y", "/h/.OmeniaClaw-y/OmeniaClaw.json"},
        PathCase{"explicit_state", {{"OmeniaClaw_STATE_DIR", "/s/"}}, "x", false, "x", "/s", "/s/OmeniaClaw.json"},
        PathCase{
            "explicit_config", {{"OmeniaClaw_CONFIG_PATH", "~/c.json"}}, "", false, "", "/h/.OmeniaClaw", "/h/c.json"},
        PathCase{
            "own_home", {{"OmeniaClaw_HOME", "/o"}}, "", false, "", "/o/.OmeniaClaw", "/o/.OmeniaClaw/OmeniaClaw.json"},
        PathCase{"flag_over_unusable_variable",
                 {{"OmeniaClaw_PROFILE", "a/b"}},
                 "x",
                 false,
                 "x",
                 "/h/.OmeniaClaw-x",
                 "/h/.OmeniaClaw-x/OmeniaClaw.json"},
        PathCase{"normalised", {{"OmeniaClaw_STATE_DIR", "/a/../s"}}, "", false, "", "/s", "/s/OmeniaClaw.json"}),
    [](const auto& info) { return info.param.name; });

TEST(Profile, WithOtherCharactersIsRefused) {
  for (const char* name : {"a b", "../x", "a/b", "-x", "é", "a.b"}) {
    const auto paths = Paths::resolve(test::environment_of({{"HOME", "/h"}}), name, false);
    ASSERT_FALSE(paths.ok()) << name;
    EXPECT_EQ(paths.error().message, "[OmeniaClaw] Invalid --profile (use letters, numbers, \"_\", \"-\" only)");
    EXPECT_EQ(row_of(paths.error().code).exit_code, 2);
  }
  EXPECT_FALSE(Paths::resolve(test::environment_of({{"OmeniaClaw_PROFILE", "a b"}}), "", false).ok());
  EXPECT_FALSE(Paths::resolve(test::environment_of({}), std::string(65, 'a'), false).ok());
}

TEST(Profile, IsOnlyOne) {
  EXPECT_FALSE(Paths::resolve(test::environment_of({{"HOME", "/h"}}), "rescue", true).ok());
  EXPECT_TRUE(Paths::resolve(test::environment_of({{"HOME", "/h"}}), "dev", true).ok());
}

TEST(Paths, AlwaysHaveAWorkspaceAndADatedLog) {
  const auto paths = Paths::resolve(test::environment_of({{"HOME", "/h"}}), "x", false);
  EXPECT_EQ(paths.value().default_workspace, "/h/.OmeniaClaw-x/workspace");
  EXPECT_THAT(paths.value().default_log_file,
              MatchesRegex(".*/OmeniaClaw[^/]*/OmeniaClaw-x-[0-9]+-[0-9]+-[0-9]+\\.log"));
  const auto moved =
      Paths::resolve(test::environment_of({{"HOME", "/h"}, {"OmeniaClaw_WORKSPACE_DIR", "~/w"}}), "", false);
  EXPECT_EQ(moved.value().default_workspace, "/h/w");
}

TEST(LogFolder, ThatOthersCouldWriteIsNotUsed) {
  const test::TempDir folder;
  const Environment environment = test::environment_of({{"TMPDIR", "/my/tmp"}});
  const std::string own = "/my/tmp/OmeniaClaw-" + std::to_string(::geteuid());
  EXPECT_EQ(log_folder(folder / "none", environment), folder / "none");
  EXPECT_EQ(log_folder(folder.path(), environment), folder.path());
  ::chmod(folder.path().c_str(), 0777);
  EXPECT_EQ(log_folder(folder.path(), environment), own);
  ::chmod(folder.path().c_str(), 0700);
  ASSERT_EQ(::symlink(folder.path().c_str(), (folder / "link").c_str()), 0);
  EXPECT_EQ(log_folder(folder / "link", environment), own);
}

TEST(ProductVariables, AreReadInBothSpellings) {
  EXPECT_EQ(product_variable(test::environment_of({{"OmeniaClaw_X", "a"}, {"OMENIACLAW_X", "b"}}), "X"), "a");
  EXPECT_EQ(product_variable(test::environment_of({{"OMENIACLAW_X", "b"}}), "X"), "b");
  EXPECT_EQ(product_variable(test::environment_of({{"OmeniaClaw_X", ""}}), "X"), std::nullopt);
}

}  // namespace

}  // namespace omenia
