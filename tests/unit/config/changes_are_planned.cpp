// Two configurations become a list of what changes: by key, redacted, with what it takes. Text that changes no setting
// takes nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/config/plan.h"
#include "tests/unit/config/variables.h"

namespace omenia {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

LoadedConfig check(std::string_view text, test::Variables variables = {}) {
  LoadedConfig loaded = check_config(text, "/c/OmeniaClaw.json", test::environment_of(std::move(variables)));
  EXPECT_TRUE(loaded.valid()) << describe_errors(loaded);
  return loaded;
}

// "gateway.port 1 -> 2 service"
std::vector<std::string> told(const ReloadPlan& plan) {
  std::vector<std::string> lines;
  for (const ConfigChange& change : plan.changes)
    lines.push_back(to_text(change.path) + " " + change.before + " -> " + change.after + " " +
                    std::string(to_text(change.reload)));
  return lines;
}

std::vector<std::string> planned(std::string_view before, std::string_view after) {
  return told(plan_reload(check(before), check(after)));
}

TEST(Plan, OfTheSameSettingsIsEmpty) {
  EXPECT_THAT(planned("{gateway: {port: 4000, bind: 'lan'}}", "/* same */ {gateway: {bind: 'lan', port: 4000,},}"),
              IsEmpty());
}

TEST(Plan, NamesTheKeyInsideASectionThatIsNewOrGone) {
  EXPECT_THAT(planned("{}", "{logging: {level: 'debug'}}"), ElementsAre(R"(logging.level  -> "debug" live)"));
  EXPECT_THAT(planned("{gateway: {port: 4000, bind: 'lan'}}", "{}"),
              ElementsAre("gateway.port 4000 ->  service", R"(gateway.bind "lan" ->  service)"));
}

TEST(Plan, TakesNothingForADefaultThatIsWrittenDown) {
  EXPECT_THAT(planned("{}", "{gateway: {port: 18789}}"), ElementsAre("gateway.port  -> 18789 none"));
  EXPECT_THAT(planned("{}", "{gateway: {}}"), ElementsAre("gateway  -> {} none"));
}

TEST(Plan, TakesNothingForKeysOfCompatibleGateways) {
  const auto plan = plan_reload(check("{}"), check("{channels: {telegram: {enabled: true}}}"));
  EXPECT_THAT(told(plan), ElementsAre("channels.telegram.enabled  -> true none"));
  EXPECT_FALSE(plan.worst().has_value());
}

TEST(Plan, HasTheWorstOfItsClasses) {
  const auto plan = plan_reload(check("{}"), check("{logging: {level: 'debug'}, gateway: {bind: 'lan'}}"));
  EXPECT_EQ(plan.worst(), Reload::Service);
}

TEST(Plan, ShowsNoSecret) {
  const auto lines = planned("{gateway: {auth: {token: 'old-secret'}}}", "{gateway: {auth: {token: 'new-secret'}}}");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], AllOf(HasSubstr("gateway.auth.token"), HasSubstr("live"), Not(HasSubstr("secret\""))));
}

TEST(Plan, SeesAVariableThatGotAnotherValue) {
  const std::string_view text = "{agents: {defaults: {model: 'x/${MODEL}'}}}";
  EXPECT_THAT(told(plan_reload(check(text, {{"MODEL", "a"}}), check(text, {{"MODEL", "b"}}))),
              ElementsAre(R"(agents.defaults.model "x/a" -> "x/b" live)"));
}

TEST(Plan, KnowsTheShortFormOfAModel) {
  EXPECT_THAT(planned("{agents: {defaults: {model: 'x/a'}}}", "{agents: {defaults: {model: {primary: 'x/a'}}}}"),
              ElementsAre(R"(agents.defaults.model "x/a" -> {"primary":"x/a"} none)"));
  EXPECT_THAT(planned("{agents: {defaults: {model: 'x/a'}}}", "{agents: {defaults: {model: 'x/b'}}}"),
              ElementsAre(R"(agents.defaults.model "x/a" -> "x/b" live)"));
}

TEST(Plan, RewiresForProviders) {
  const char* one = "{models: {providers: {a: {baseUrl: 'http://a.example', models: [{id: 'm'}]}}}}";
  const char* other = "{models: {providers: {a: {baseUrl: 'http://a.example', models: [{id: 'n'}]}}}}";
  EXPECT_THAT(planned(one, other), ElementsAre(R"(models.providers.a.models [{"id":"m"}] -> [{"id":"n"}] rewire)"));
  EXPECT_EQ(plan_reload(check("{}"), check(one)).worst(), Reload::Rewire);
  EXPECT_EQ(plan_reload(check(one), check("{}")).worst(), Reload::Rewire);
}

TEST(Plan, SeesAnAgentThatComesOrGoesEvenWithoutSettings) {
  EXPECT_THAT(planned("{agents: {entries: {a: {}}}}", "{agents: {entries: {a: {}, b: {}}}}"),
              ElementsAre("agents.entries.b  -> {} live"));
  EXPECT_THAT(planned("{agents: {entries: {a: {}, b: {}}}}", "{agents: {entries: {a: {}}}}"),
              ElementsAre("agents.entries.b {} ->  live"));
}

// The first is the default.
TEST(Plan, SeesAnotherOrderOfAgentsAndProviders) {
  EXPECT_THAT(planned("{agents: {entries: {a: {}, b: {}}}}", "{agents: {entries: {b: {}, a: {}}}}"),
              ElementsAre(R"(agents.entries ["a","b"] -> ["b","a"] live)"));
  const auto providers = [](std::string_view first, std::string_view second) {
    const auto record = [](std::string_view id) { return std::string(id) + ": {baseUrl: 'http://p.example'}"; };
    return "{models: {providers: {" + record(first) + ", " + record(second) + "}}}";
  };
  EXPECT_THAT(planned(providers("x", "y"), providers("y", "x")),
              ElementsAre(R"(models.providers ["x","y"] -> ["y","x"] rewire)"));
}

TEST(KeptValues, AreThoseOfTheRunningConfiguration) {
  const LoadedConfig running = check("{gateway: {port: 4000}, logging: {level: 'info'}}");
  LoadedConfig kept = with_kept(running, check("{gateway: {port: 5000, bind: 'lan'}, logging: {level: 'debug'}}"),
                                {{"gateway", "port"}, {"gateway", "bind"}});
  EXPECT_EQ(kept.config.gateway_port, 4000);
  EXPECT_EQ(kept.config.gateway_bind, "loopback");
  EXPECT_EQ(kept.config.log_level, "debug");
  EXPECT_EQ(kept.resolved.dump(), R"({"gateway":{"port":4000},"logging":{"level":"debug"}})");
  // What was kept is still a difference to the file.
  EXPECT_THAT(told(plan_reload(kept, check("{gateway: {port: 5000, bind: 'lan'}, logging: {level: 'debug'}}"))),
              ElementsAre("gateway.port 4000 -> 5000 service", R"(gateway.bind  -> "lan" service)"));
}

TEST(KeptValues, CoverWholeRecords) {
  const LoadedConfig running = check("{agents: {entries: {a: {name: 'A'}}}}");
  const LoadedConfig kept =
      with_kept(running, check("{agents: {entries: {a: {name: 'B'}}}}"), {{"agents", "entries", "a", "name"}});
  EXPECT_EQ(kept.config.agents[0].name, "A");
  EXPECT_THAT(told(plan_reload(running, kept)), IsEmpty());
}

TEST(JoinedPaths, StopAfterTwenty) {
  EXPECT_EQ(joined_paths({{"a"}, {"b", "c"}}), "a, b.c");
  EXPECT_THAT(joined_paths(std::vector<JsonPath>(23, JsonPath{"a"})), HasSubstr("a and 3 more"));
}

}  // namespace
}  // namespace omenia
