// The catalog: which model a name means, and which one is used without a name.
#include <gmock/gmock.h>

#include "tests/unit/net/on_loop.h"
#include "worker/net/outbound.h"
#include "worker/providers/catalog.h"

namespace omenia::test {
namespace {

using providers::Catalog;
using testing::HasSubstr;

ProviderConfig provider(const std::string& id, const std::vector<std::string>& models) {
  ProviderConfig config;
  config.id = id;
  config.base_url = "http://127.0.0.1:1/v1";
  for (const auto& name : models) {
    ModelConfig model;
    model.id = model.name = name;
    config.models.push_back(model);
  }
  return config;
}

class CatalogTest : public OnLoop {
 protected:
  Catalog catalog() { return Catalog(loop, outbound, config, Logger()); }
  std::string found(std::string_view name) {
    const auto choice = catalog().find(name);
    return choice.ok() ? choice.value().name() : "none";
  }

  net::Outbound outbound{loop, Logger()};
  Config config;
};

TEST_F(CatalogTest, HasTheEchoWhenNothingIsConfigured) {
  EXPECT_EQ(catalog().default_name(), "builtin/echo");
  EXPECT_EQ(found(""), "builtin/echo");
  EXPECT_EQ(found("echo"), "builtin/echo");
  ASSERT_EQ(catalog().rows().size(), 1u);
  EXPECT_TRUE(catalog().rows()[0].is_default);
}

TEST_F(CatalogTest, PrefersWhatIsConfigured) {
  config.providers = {provider("a", {"one", "two"}), provider("b", {"two", "echo"})};
  EXPECT_EQ(catalog().default_name(), "a/one");
  EXPECT_EQ(found("two"), "a/two");
  EXPECT_EQ(found("b/two"), "b/two");
  EXPECT_EQ(found("echo"), "b/echo");
  EXPECT_EQ(found("builtin/echo"), "builtin/echo");
  const auto rows = catalog().rows();
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[0].model.id, "one");
  EXPECT_TRUE(rows[0].is_default);
  EXPECT_EQ(rows[4].provider, "builtin");
}

TEST_F(CatalogTest, UsesTheConfiguredDefault) {
  config.providers = {provider("a", {"one", "two"})};
  config.default_model = "two";
  EXPECT_EQ(found(""), "a/two");
  EXPECT_TRUE(catalog().rows()[1].is_default);
  config.default_model = "a/gone";
  EXPECT_EQ(found(""), "none");
}

TEST_F(CatalogTest, TakesNamesWithSlashes) {
  config.providers = {provider("router", {"vendor/model"})};
  EXPECT_EQ(found("router/vendor/model"), "router/vendor/model");
  EXPECT_EQ(found("vendor/model"), "router/vendor/model");
}

TEST_F(CatalogTest, PassesAnyNameToAProviderWithoutAList) {
  config.providers = {provider("a", {"one"}), provider("open", {})};
  EXPECT_EQ(found("open/whatever/it-is"), "open/whatever/it-is");
  EXPECT_EQ(found("whatever"), "open/whatever");
  EXPECT_EQ(found("one"), "a/one");
  EXPECT_EQ(found("open/"), "none");
  EXPECT_EQ(found("elsewhere/x"), "none");
}

TEST_F(CatalogTest, NamesWhatIsKnown) {
  config.providers = {provider("a", {"one"}), provider("open", {})};
  const auto choice = catalog().find("b/two");
  ASSERT_FALSE(choice.ok());
  EXPECT_EQ(choice.error().code, ErrorCode::model_not_configured);
  EXPECT_THAT(choice.error().message, HasSubstr("'b/two'"));
  EXPECT_THAT(choice.error().message, HasSubstr("a/one, builtin/echo, open/<any model>"));
  EXPECT_THAT(catalog().find("builtin/hash").error().message, HasSubstr("cannot chat"));
}

TEST_F(CatalogTest, GivesProvidersByTheirId) {
  config.providers = {provider("a", {"one"}), provider("builtin", {"fake"})};
  EXPECT_EQ(catalog().provider("a").value()->api(), "openai-completions");
  EXPECT_EQ(catalog().provider("builtin").value()->api(), "builtin") << "its name is taken";
  EXPECT_THAT(catalog().provider("b").error().message, HasSubstr("known are a, builtin"));
}

TEST_F(CatalogTest, AChoiceOutlivesTheCatalog) {
  config.providers = {provider("a", {"one"})};
  const auto choice = catalog().find("a/one");
  EXPECT_EQ(choice.value().provider->id(), "a");
}

}  // namespace
}  // namespace omenia::test
