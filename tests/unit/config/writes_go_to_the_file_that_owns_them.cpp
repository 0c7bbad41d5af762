// A change of an included value is written into the included file; what no single file can take is refused.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/config/backups.h"
#include "shared/config/edit.h"
#include "shared/config/write.h"
#include "shared/json/json5.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/config/variables.h"

namespace omenia {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class OwnedWrites : public testing::Test {
 protected:
  void put(std::string_view name, std::string_view text) const { test::write_file(folder / name, text); }
  std::string text_of(std::string_view name) const { return test::read_file(folder / name); }
  LoadedConfig load() const { return std::move(load_config(path, environment)).value(); }

  // Sets each path to a JSON5 value; an empty one removes it.
  Result<ConfigWrite> change(const std::vector<std::pair<std::string, std::string>>& edits) const {
    const LoadedConfig loaded = load();
    Json document = Json::copy(loaded.source);
    for (const auto& [place, value] : edits) {
      const JsonPath at = parse_json_path(place).value();
      if (value.empty())
        unset_value(document, at);
      else
        TRY(set_value(document, at, parse_json5(value).value().value));
    }
    return write_config(path, document, loaded.hash, environment);
  }

  const test::TempDir folder;
  const std::string path = folder / "OmeniaClaw.json";
  const Environment environment = test::environment_of({{"NAME", "n"}});
};

TEST_F(OwnedWrites, ReachTheIncludedFile) {
  const std::string main = "{gateway: {$include: 'g.json'}, session: {scope: 'global'}}";
  put("OmeniaClaw.json", main);
  put("g.json", "{port: 1, remote: {url: 'ws://${NAME}'}}");
  const auto written = change({{"gateway.port", "2"}, {"gateway.bind", "'lan'"}});
  ASSERT_TRUE(written.ok()) << written.error().message;
  EXPECT_EQ(written.value().file, folder / "g.json");
  EXPECT_THAT(written.value().paths, ElementsAre(JsonPath{"gateway", "port"}, JsonPath{"gateway", "bind"}));
  EXPECT_EQ(text_of("OmeniaClaw.json"), main);
  EXPECT_THAT(text_of("g.json"), HasSubstr("\"port\": 2"));
  EXPECT_THAT(text_of("g.json"), HasSubstr("ws://${NAME}"));
  EXPECT_THAT(text_of("g.json.bak"), HasSubstr("port: 1"));
  EXPECT_EQ(load().config.gateway_bind, "lan");
  EXPECT_EQ(load().hash, written.value().loaded.hash);
}

TEST_F(OwnedWrites, KeepTheDirectivesOfTheMainFile) {
  put("OmeniaClaw.json", "{gateway: {$include: 'g.json'}, session: {scope: 'global'}}");
  put("g.json", "{port: 1}");
  ASSERT_TRUE(change({{"session.scope", "'per-sender'"}, {"logging.level", "'debug'"}}).ok());
  EXPECT_THAT(text_of("OmeniaClaw.json"), HasSubstr("\"$include\": \"g.json\""));
  EXPECT_EQ(text_of("g.json"), "{port: 1}");
  EXPECT_EQ(load().config.log_level, "debug");
  ASSERT_TRUE(change({{"gateway", ""}}).ok());
  EXPECT_EQ(load().config.gateway_port, 18789);
}

TEST_F(OwnedWrites, OfTwoFilesAtOnceAreRefused) {
  put("OmeniaClaw.json", "{gateway: {$include: 'g.json'}}");
  put("g.json", "{port: 1}");
  const auto refused = change({{"gateway.port", "2"}, {"logging.level", "'debug'"}});
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("gateway.port is in " + (folder / "g.json")));
  EXPECT_THAT(refused.error().message, HasSubstr("logging is in " + path));
  EXPECT_EQ(text_of("g.json"), "{port: 1}");
}

TEST_F(OwnedWrites, ThatNoFileCanExpressAreRefused) {
  put("OmeniaClaw.json", "{$include: ['a.json', 'b.json']}");
  put("a.json", "{gateway: {port: 1}}");
  put("b.json", "{gateway: {port: 2}}");
  ASSERT_TRUE(change({{"gateway.port", "3"}}).ok());
  EXPECT_THAT(text_of("b.json"), HasSubstr("3"));
  const auto refused = change({{"gateway.port", ""}});
  ASSERT_FALSE(refused.ok()) << "a.json's port would show";
  EXPECT_THAT(refused.error().message, HasSubstr("gateway.port is made of several files"));
}

TEST_F(OwnedWrites, OfAFileThatIsIncludedTwiceAreRefused) {
  put("OmeniaClaw.json", "{agents: {entries: {a: {$include: 'x.json'}, b: {$include: 'x.json'}}}}");
  put("x.json", "{name: 'X'}");
  EXPECT_FALSE(change({{"agents.entries.a.name", "'Y'"}}).ok());
  EXPECT_EQ(text_of("x.json"), "{name: 'X'}");
}

TEST_F(OwnedWrites, NoticeThatAnIncludedFileChanged) {
  put("OmeniaClaw.json", "{gateway: {$include: 'g.json'}}");
  put("g.json", "{port: 1}");
  const LoadedConfig loaded = load();
  put("g.json", "{port: 2}");
  const auto refused = write_config(path, loaded.source, loaded.hash, environment);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("config changed since last load"));
}

TEST_F(OwnedWrites, NeverFlattenForANewDirective) {
  put("OmeniaClaw.json", "{gateway: {$include: 'g.json'}}");
  put("g.json", "{port: 1}");
  EXPECT_FALSE(change({{"agents", "{$include: 'a.json'}"}}).ok());
}

TEST_F(OwnedWrites, ReplaceOneFileWholeForARestore) {
  put("OmeniaClaw.json", "{gateway: {mode: 'local', $include: 'g.json'}}");
  put("g.json", "{port: 1}");
  const auto replaced = replace_config_file(path, {path, "// mine\n{}"}, load().hash, environment, WriteGuard::off);
  ASSERT_TRUE(replaced.ok()) << replaced.error().message;
  EXPECT_EQ(text_of("OmeniaClaw.json"), "// mine\n{}");
  EXPECT_FALSE(replace_config_file(path, {path, "{prot: 1}"}, load().hash, environment, WriteGuard::off).ok());
}

TEST_F(OwnedWrites, AreListedAsBackups) {
  put("OmeniaClaw.json", "{gateway: {port: 1}}");
  ASSERT_TRUE(change({{"gateway.port", "2"}}).ok());
  ASSERT_TRUE(keep_last_good(load()).ok());
  std::vector<std::string> found;
  for (const Backup& backup : backups_of({path})) found.push_back(backup.kind + " " + backup.name);
  EXPECT_THAT(found,
              testing::UnorderedElementsAre("backup OmeniaClaw.json.bak", "last-good OmeniaClaw.json.last-good"));
}

TEST_F(OwnedWrites, TheLastGoodStandsForItself) {
  put("OmeniaClaw.json", "{gateway: {$include: 'g.json'}}");
  put("g.json", "{port: 1, remote: {url: 'ws://${NAME}'}}");
  ASSERT_TRUE(keep_last_good(load()).ok());
  const auto kept = load_config(last_good_path(path), environment);
  EXPECT_EQ(kept.value().config.gateway_port, 1);
  EXPECT_EQ(kept.value().source["gateway"]["remote"]["url"].text(), "ws://${NAME}");
  put("g.json", "{port: 'broken'}");
  ASSERT_TRUE(keep_last_good(load()).ok());
  EXPECT_EQ(load_config(last_good_path(path), environment).value().config.gateway_port, 1);
}

}  // namespace

}  // namespace omenia
