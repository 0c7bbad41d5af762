// $include puts files together in order, knows the line of every value, and never leaves the folders it may read.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared/config/load.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/config/variables.h"

namespace omenia {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Includes : public testing::Test {
 protected:
  void put(std::string_view name, std::string_view text) const { test::write_file(folder / name, text); }
  LoadedConfig load(std::string_view text) const {
    put("OmeniaClaw.json", text);
    return std::move(load_config(path, test::environment_of(variables))).value();
  }
  // "<file>:<line> <path>: <message>" of the only error.
  std::string error_of(std::string_view text) const {
    const LoadedConfig loaded = load(text);
    if (loaded.errors.size() != 1) return std::to_string(loaded.errors.size()) + " errors\n" + describe_errors(loaded);
    const ConfigIssue& issue = loaded.errors[0];
    const std::string file = issue.file.empty() ? path : issue.file;
    return file.substr(file.rfind('/') + 1) + ":" + std::to_string(issue.line) + " " + issue.path + ": " +
           issue.message;
  }

  const test::TempDir folder;
  const std::string path = folder / "OmeniaClaw.json";
  test::Variables variables;
};

TEST_F(Includes, AFileReplacesTheObjectThatNamesIt) {
  put("gateway.json5", "{port: 4000, remote: {url: 'ws://${HOST_NAME}'}}");
  variables["HOST_NAME"] = "h";
  const LoadedConfig loaded = load("{gateway: {$include: './gateway.json5'}}");
  EXPECT_THAT(loaded.errors, IsEmpty()) << describe_errors(loaded);
  EXPECT_EQ(loaded.config.gateway_port, 4000);
  EXPECT_EQ(loaded.config.remote_url, "ws://h");
  EXPECT_EQ(loaded.source["gateway"]["remote"]["url"].text(), "ws://${HOST_NAME}");
  EXPECT_THAT(loaded.files, ElementsAre(path, folder / "gateway.json5"));
}

TEST_F(Includes, LaterFilesAndThenSiblingsWin) {
  put("a.json", "{gateway: {port: 1, bind: 'lan'}, session: {scope: 'global'}}");
  put("b.json", "{gateway: {port: 2}}");
  const LoadedConfig loaded = load("{$include: ['a.json', 'b.json'], session: {scope: 'per-sender'}}");
  EXPECT_THAT(loaded.errors, IsEmpty()) << describe_errors(loaded);
  EXPECT_EQ(loaded.config.gateway_port, 2);
  EXPECT_EQ(loaded.config.gateway_bind, "lan");
  EXPECT_EQ(loaded.config.session_scope, "per-sender");
}

TEST_F(Includes, ListsAreJoined) {
  put("a.json", "{gateway: {trustedProxies: ['10.0.0.1']}}");
  EXPECT_THAT(load("{$include: 'a.json', gateway: {trustedProxies: ['10.0.0.2']}}").config.trusted_proxies,
              ElementsAre("10.0.0.1", "10.0.0.2"));
}

TEST_F(Includes, AreReadFromTheFolderOfTheIncludingFile) {
  ASSERT_EQ(::mkdir((folder / "d").c_str(), 0700), 0);
  put("d/outer.json", "{$include: 'inner.json'}");
  put("d/inner.json", "{port: 5}");
  EXPECT_EQ(load("{gateway: {$include: 'd/outer.json'}}").config.gateway_port, 5);
}

TEST_F(Includes, ErrorsNameTheFileAndLineOfTheValue) {
  put("gateway.json", "{\n\n  port: 'x'}");
  EXPECT_EQ(error_of("{gateway: {$include: 'gateway.json'}}"),
            "gateway.json:3 gateway.port: Invalid input: expected number, received string");
  EXPECT_THAT(describe_errors(load("{gateway: {$include: 'gateway.json'}}")),
              HasSubstr("\n  × gateway.json:3 — gateway.port: "));
  put("gateway.json", "{\n prt: 1}");
  EXPECT_EQ(error_of("{gateway: {$include: 'gateway.json'}}"),
            "gateway.json:2 gateway: Unrecognized key: \"prt\". Did you mean \"port\"?");
}

TEST_F(Includes, BrokenFilesAreNamedWithTheirLine) {
  put("a.json", "{\n port: }");
  EXPECT_EQ(error_of("{gateway: {$include: 'a.json'}}"),
            "a.json:2 gateway: JSON5 parse failed: expected a value, found \"}\" at 2:8");
}

TEST_F(Includes, EveryProblemIsToldAtOnce) {
  put("a.json", "{");
  EXPECT_EQ(load("{gateway: {$include: 'a.json'}, agents: {$include: 'none'}, models: {$include: 5}}").errors.size(),
            3u);
}

TEST_F(Includes, ThatFormACycleAreRefused) {
  put("a.json", "{\n$include: 'b.json'}");
  put("b.json", "{\n\n$include: 'a.json'}");
  EXPECT_EQ(error_of("{$include: 'a.json'}"),
            "b.json:3 <root>: $include \"a.json\": the files include each other: a.json → b.json → a.json");
  EXPECT_EQ(error_of("{$include: 'OmeniaClaw.json'}"),
            "OmeniaClaw.json:1 <root>: $include \"OmeniaClaw.json\": the files include each other: OmeniaClaw.json → "
            "OmeniaClaw.json");
}

TEST_F(Includes, MayBeNestedTenDeep) {
  for (int i = 1; i <= 11; ++i)
    put(std::to_string(i) + ".json", i < 11 ? "{$include: '" + std::to_string(i + 1) + ".json'}" : "{}");
  EXPECT_THAT(error_of("{$include: '1.json'}"),
              HasSubstr("10.json:1 <root>: $include \"11.json\": included files may be nested 10 deep"));
  EXPECT_THAT(load("{$include: '2.json'}").errors, IsEmpty());
}

TEST_F(Includes, StayInTheFolder) {
  EXPECT_THAT(error_of("{\n$include: '../x.json'}"),
              HasSubstr("OmeniaClaw.json:2 <root>: $include \"../x.json\" leads out of"));
  EXPECT_THAT(error_of("{$include: '/etc/passwd'}"), HasSubstr("leads out of"));
  const test::TempDir elsewhere;
  test::write_file(elsewhere / "x.json", "{}");
  ASSERT_EQ(::symlink((elsewhere / "x.json").c_str(), (folder / "link.json").c_str()), 0);
  EXPECT_THAT(error_of("{$include: 'link.json'}"), HasSubstr("leads out of"));
}

TEST_F(Includes, MayComeFromFurtherRoots) {
  const test::TempDir elsewhere;
  test::write_file(elsewhere / "x.json", "{gateway: {port: 9}}");
  const std::string text = "{$include: '" + (elsewhere / "x.json") + "'}";
  EXPECT_THAT(error_of(text), HasSubstr("OmeniaClaw_INCLUDE_ROOTS"));
  variables["OmeniaClaw_INCLUDE_ROOTS"] = "/nowhere:" + elsewhere.path();
  EXPECT_EQ(load(text).config.gateway_port, 9);
}

TEST_F(Includes, AreBounded) {
  put("large.json", std::string(2 * 1024 * 1024 + 1, ' '));
  EXPECT_THAT(error_of("{$include: 'large.json'}"), HasSubstr("it is larger than 2097152 bytes"));
  put("a.json", "{}");
  std::string many = "{$include: [";
  for (int i = 0; i < 102; ++i) many += "'a.json',";
  EXPECT_THAT(load(many + "]}").errors[0].message, HasSubstr("more than 100 files"));
  put("quarter.json", "{} //" + std::string(2'000'000, 'x'));
  EXPECT_THAT(error_of("{$include: ['quarter.json','quarter.json','quarter.json','quarter.json','quarter.json']}"),
              HasSubstr("all files together are larger"));
}

TEST_F(Includes, NeedPathsToRegularFiles) {
  EXPECT_THAT(error_of("{$include: 5}"), HasSubstr("expected a path or a list of paths"));
  EXPECT_THAT(error_of("{$include: []}"), HasSubstr("expected a path or a list of paths"));
  EXPECT_THAT(error_of("{$include: [5]}"), HasSubstr("expected a path, received another value"));
  EXPECT_THAT(error_of("{$include: ''}"), HasSubstr("the path is empty"));
  EXPECT_THAT(error_of("{$include: '" + std::string(5000, 'a') + "'}"), HasSubstr("longer than 4095"));
  EXPECT_THAT(error_of("{$include: '.'}"), HasSubstr("not a regular file"));
  put("list.json", "[1]");
  EXPECT_THAT(error_of("{$include: 'list.json', gateway: {}}"), HasSubstr("the file holds no object"));
}

TEST_F(Includes, AListMayBeAFileOfItsOwn) {
  put("proxies.json", "['10.0.0.1']");
  EXPECT_THAT(load("{gateway: {trustedProxies: {$include: 'proxies.json'}}}").config.trusted_proxies,
              ElementsAre("10.0.0.1"));
}

TEST_F(Includes, CountForTheHashAndAreListedWhenMissing) {
  put("a.json", "{port: 1}");
  const std::string before = load("{gateway: {$include: 'a.json'}}").hash;
  put("a.json", "{port: 2}");
  EXPECT_NE(load("{gateway: {$include: 'a.json'}}").hash, before);
  EXPECT_THAT(load("{gateway: {$include: 'gone.json'}}").files, ElementsAre(path, folder / "gone.json"));
}

}  // namespace

}  // namespace omenia
