// The schema is made of the rows: complete, small, and with each key's reload class.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/config/key_pattern.h"
#include "shared/config/keys.h"
#include "shared/config/schema.h"
#include "shared/json/json.h"

namespace omenia {

namespace {

// Walks the schema by a row's pattern.
JsonView property(JsonView schema, std::string_view pattern) {
  for (const std::string_view name : pattern_segments(pattern)) {
    if (name == "*") {
      schema = schema["additionalProperties"];
    } else {
      schema = name == "[]" ? schema["items"] : schema["properties"][name];
    }
  }
  return schema;
}

Json lookup(std::string_view path) {
  const auto found = lookup_config_schema(path);
  return found ? std::move(Json::parse(*found)).value() : Json();
}

TEST(Schema, HasEveryKeyWithItsReloadClass) {
  const Json schema = std::move(Json::parse(config_schema())).value();
  for (const KeyRow* row : key_rows()) {
    const JsonView key = property(schema, row->path);
    EXPECT_EQ(key["x-reload"].text(), to_text(row->reload)) << row->path;
    EXPECT_EQ(key["description"].text(), row->doc) << row->path;
    EXPECT_TRUE(bool(key["type"])) << row->path;
  }
  EXPECT_FALSE(schema["additionalProperties"].boolean(true));
  EXPECT_TRUE(bool(schema["properties"]["channels"])) << "keys that are accepted and not used";
}

TEST(Schema, IsSmall) {
  EXPECT_LT(config_schema().size() + config_schema_hints().size(), 150'000u);
}

TEST(Schema, SaysTypeRangeAndDefault) {
  const Json schema = std::move(Json::parse(config_schema())).value();
  EXPECT_EQ(property(schema, "gateway.port").dump().substr(0, 75),
            R"({"type":"integer","minimum":1,"maximum":65535,"default":18789,"description")" + std::string());
  EXPECT_EQ(property(schema, "gateway.reload.mode")["enum"].dump(), R"(["off","hot","restart","hybrid"])");
  EXPECT_TRUE(property(schema, "gateway.auth.token")["writeOnly"].boolean());
}

TEST(Schema, IsLookedUpByPath) {
  EXPECT_EQ(lookup("gateway.port")["reloadKind"].text(), "restart");
  EXPECT_EQ(lookup("logging.level")["reloadKind"].text(), "hot");
  EXPECT_EQ(lookup("channels")["reloadKind"].text(), "none");
  EXPECT_EQ(lookup("models.providers.openai.models[0].id")["schema"]["type"].text(), "string");
  EXPECT_EQ(lookup("models.providers.*.models[].id")["schema"]["type"].text(), "string");
  EXPECT_TRUE(lookup("models/providers/*/apiKey")["hint"]["sensitive"].boolean());
  EXPECT_EQ(lookup("models.providers.openai.apiKey")["hintPath"].text(), "models.providers.*.apiKey");
  EXPECT_FALSE(lookup("gateway.nope"));
  EXPECT_FALSE(lookup("gateway.port.more"));
}

TEST(Schema, LookupNamesTheChildren) {
  const Json found = lookup("gateway.reload");
  ASSERT_EQ(found["children"].size(), 1u);
  EXPECT_EQ(found["children"].at(0)["path"].text(), "gateway.reload.mode");
  EXPECT_FALSE(found["children"].at(0)["hasChildren"].boolean(true));
  EXPECT_GT(lookup(".")["children"].size(), 10u);
}

}  // namespace

}  // namespace omenia
