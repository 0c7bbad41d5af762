// The tables of keys hold together: one row a key, documented, and a default that its own rule accepts.

#include <gtest/gtest.h>

#include <set>

#include "shared/config/edit.h"
#include "shared/config/keys.h"
#include "shared/config/load.h"
#include "tests/unit/config/variables.h"

namespace omenia {

namespace {

TEST(KeyTables, HaveOneRowAKeyWithADocumentation) {
  std::set<std::string_view> seen;
  for (const KeyRow* row : key_rows()) {
    EXPECT_TRUE(seen.insert(row->path).second) << row->path;
    EXPECT_TRUE(row->doc.ends_with('.')) << row->path;
    EXPECT_EQ(row->hidden(), row->type == KeyType::Hidden || row->type == KeyType::Headers);
  }
  for (const IgnoredKey& key : ignored_keys) EXPECT_TRUE(seen.insert(key.path).second) << key.path;
}

TEST(KeyTables, HaveDefaultsThatAreValid) {
  const Environment environment = test::environment_of({});
  for (const KeyRow* row : key_rows()) {
    const std::string text = default_text(*row);
    if (text.empty()) continue;
    const JsonPath path = parse_json_path(row->path).value();
    Json document = Json::object();
    ASSERT_TRUE(set_value(document, path, Json::parse(text).value()).ok());
    const auto loaded = check_config(document.dump(), "x", environment);
    EXPECT_TRUE(loaded.valid()) << describe_errors(loaded);
  }
}

TEST(KeyTables, NoIgnoredKeyCoversAUsedOne) {
  for (const KeyRow* row : key_rows())
    for (const IgnoredKey& key : ignored_keys)
      EXPECT_FALSE(row->path == key.path || row->path.starts_with(std::string(key.path) + ".")) << key.path;
}

TEST(ReloadClass, IsTheMostOfWhatChanged) {
  EXPECT_EQ(reload_of({"logging", "level"}), Reload::Live);
  EXPECT_EQ(reload_of({"gateway", "port"}), Reload::Service);
  EXPECT_EQ(reload_of({"gateway"}), Reload::Service);
  EXPECT_EQ(reload_of({"gateway", "auth"}), Reload::Worker);
  EXPECT_EQ(reload_of({"models", "providers", "p"}), Reload::Rewire);
  EXPECT_EQ(reload_of({"models", "providers", "p", "models", "3", "id"}), Reload::Rewire);
  EXPECT_EQ(reload_of({"models", "providers", "p", "headers", "X-A"}), Reload::Rewire);
  EXPECT_EQ(reload_of({"channels", "telegram"}), std::nullopt);
  EXPECT_EQ(reload_of({"agents", "defaults", "model"}), Reload::Live);
}

}  // namespace

}  // namespace omenia
