// Every key of the tables, changed alone, is planned with the class of its row: none is forgotten by the comparison,
// and a new one takes part by having a row.
#include <gtest/gtest.h>

#include <cctype>

#include "shared/config/edit.h"
#include "shared/config/key_pattern.h"
#include "shared/config/plan.h"
#include "tests/unit/config/variables.h"

namespace omenia {

namespace {

constexpr const char* base = R"({
  gateway: {mode: 'local', auth: {mode: 'token', token: 'given'}},
  agents: {entries: {alpha: {name: 'A'}, beta: {}}},
  models: {providers: {alpha: {baseUrl: 'http://alpha.example', models: [{id: 'm'}]},
                       beta: {baseUrl: 'http://beta.example'}}},
  hooks: {token: 'of-hooks'},
})";

struct Values {
  Json before;
  Json after;
};

Json list_of(const char* item) {
  Json list = Json::array();
  list.push(Json::of(item));
  return list;
}

Json headers_of(const char* value) {
  Json headers = Json::object();
  headers.set("X-Test", Json::of(value));
  return headers;
}

Values values_of_type(KeyType type) {
  switch (type) {
    case KeyType::Flag: return {Json::of(false), Json::of(true)};
    case KeyType::Path: return {Json::of("/alpha"), Json::of("/beta")};
    case KeyType::Integer: return {Json::of(1), Json::of(2)};
    case KeyType::Number: return {Json::of(1.5), Json::of(2.5)};
    case KeyType::List: return {list_of("alpha"), list_of("beta")};
    case KeyType::Headers: return {headers_of("1"), headers_of("2")};
    default: return {Json::of("alpha"), Json::of("beta")};
  }
}

Values values_of(const KeyRow& row) {
  switch (row.rule.kind) {
    case KeyRule::Kind::one_of: {
      const std::size_t bar = row.rule.allowed.find('|');
      const std::string_view rest = row.rule.allowed.substr(bar + 1);
      return {Json::of(row.rule.allowed.substr(0, bar)), Json::of(rest.substr(0, rest.find('|')))};
    }
    case KeyRule::Kind::within: return {Json::of(row.rule.min), Json::of(row.rule.min + 1)};
    case KeyRule::Kind::url: {
      const std::string scheme(row.rule.allowed.substr(0, row.rule.allowed.find('|')));
      return {Json::of(scheme + "://a.example"), Json::of(scheme + "://b.example")};
    }
    case KeyRule::Kind::ipv4: return {Json::of("127.0.0.2"), Json::of("127.0.0.3")};
    case KeyRule::Kind::networks: return {list_of("10.0.0.1"), list_of("10.0.0.0/8")};
    case KeyRule::Kind::fingerprint: return {Json::of(std::string(64, 'a')), Json::of(std::string(64, 'b'))};
    case KeyRule::Kind::exact_origins:
    case KeyRule::Kind::origins: return {list_of("https://a.example"), list_of("https://b.example")};
    case KeyRule::Kind::route: return {Json::of("/alpha"), Json::of("/beta")};
    default: return values_of_type(row.type);
  }
}

JsonPath place_of(const KeyRow& row) {
  JsonPath path;
  for (const std::string_view segment : pattern_segments(row.path))
    path.emplace_back(segment == "*" ? "alpha" : segment == "[]" ? "0" : segment);
  return path;
}

LoadedConfig config_with(const JsonPath& path, const Json& value) {
  const auto environment = test::environment_of({});
  Json document = std::move(check_config(base, "/c/OmeniaClaw.json", environment).source);
  EXPECT_TRUE(set_value(document, path, value).ok());
  return check_config(document.dump(), "/c/OmeniaClaw.json", environment);
}

class EveryKey : public testing::TestWithParam<const KeyRow*> {};

TEST_P(EveryKey, HasTheClassOfItsRow) {
  const KeyRow& row = *GetParam();
  if (row.rule.kind == KeyRule::Kind::dialect) GTEST_SKIP() << "there is one value only";
  const JsonPath path = place_of(row);
  const Values values = values_of(row);
  const LoadedConfig before = config_with(path, values.before);
  const LoadedConfig after = config_with(path, values.after);
  ASSERT_TRUE(before.valid() && after.valid()) << describe_errors(before) << describe_errors(after);
  const ReloadPlan plan = plan_reload(before, after);
  EXPECT_EQ(to_text(plan.worst()), to_text(row.reload));
  ASSERT_EQ(plan.changes.size(), 1u);
  const JsonPath& told = plan.changes[0].path;  // A list changes as a whole.
  EXPECT_TRUE(pattern_covers(row.path, told) || pattern_reaches_below(row.path, told)) << to_text(told);
}

std::vector<const KeyRow*> all_keys() {
  return {key_rows().begin(), key_rows().end()};
}

std::string test_name(const testing::TestParamInfo<const KeyRow*>& info) {
  std::string name;
  for (const unsigned char c : info.param->path) name += std::isalnum(c) ? static_cast<char>(c) : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Of, EveryKey, testing::ValuesIn(all_keys()), test_name);

}  // namespace
}  // namespace omenia
