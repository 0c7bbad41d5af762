// What is shown of a configuration holds no secret, in keys that we know and in those that we do not.

#include <gtest/gtest.h>

#include "shared/config/redact.h"
#include "shared/json/json5.h"

namespace omenia {

namespace {

std::string shown(std::string_view text, const JsonPath& place = {}) {
  return redacted(parse_json5(text).value().value, place).dump();
}

TEST(Redaction, HidesByTheKey) {
  EXPECT_EQ(shown("{gateway: {port: 5, auth: {token: 'a', password: '', mode: 'token'}}}"),
            R"({"gateway":{"port":5,"auth":{"token":"__OmeniaClaw_REDACTED__","password":"","mode":"token"}}})");
  EXPECT_EQ(shown("{models: {providers: {p: {apiKey: 'k', headers: {A: 'b'}, models: [{maxTokens: 5}]}}}}"),
            R"({"models":{"providers":{"p":{"apiKey":"__OmeniaClaw_REDACTED__",)"
            R"("headers":{"A":"__OmeniaClaw_REDACTED__"},"models":[{"maxTokens":5}]}}}})");
}

TEST(Redaction, ShowsReferences) {
  EXPECT_EQ(shown("{gateway: {auth: {token: '${TOKEN}', password: {source: 'env', id: 'X'}}}}"),
            R"({"gateway":{"auth":{"token":"${TOKEN}","password":{"source":"env","id":"X"}}}})");
  EXPECT_EQ(shown("{gateway: {auth: {token: 'x${TOKEN}', password: '$${TOKEN}'}}}"),
            R"({"gateway":{"auth":{"token":"__OmeniaClaw_REDACTED__","password":"__OmeniaClaw_REDACTED__"}}})");
}

TEST(Redaction, HidesUnknownKeysThatSoundSecret) {
  EXPECT_EQ(shown("{channels: {telegram: {botToken: 'a', app_secret: 7, enabled: true, names: ['x']}}}"),
            R"({"channels":{"telegram":{"botToken":"__OmeniaClaw_REDACTED__","app_secret":"__OmeniaClaw_REDACTED__",)"
            R"("enabled":true,"names":["x"]}}})");
  EXPECT_EQ(shown("{env: {vars: {ANYTHING: 'a'}}}"), R"({"env":{"vars":{"ANYTHING":"__OmeniaClaw_REDACTED__"}}})");
  EXPECT_EQ(shown("{x: {credentials: {user: 'a', list: ['b']}}}"),
            R"({"x":{"credentials":{"user":"__OmeniaClaw_REDACTED__","list":["__OmeniaClaw_REDACTED__"]}}})");
  EXPECT_EQ(shown("{x: {proxy: 'http://u:p@h'}}"), R"({"x":{"proxy":"__OmeniaClaw_REDACTED__"}})");
}

TEST(Redaction, KnowsWhereAPartStands) {
  EXPECT_EQ(shown("'a'", {"gateway", "auth", "token"}), R"("__OmeniaClaw_REDACTED__")");
  EXPECT_EQ(shown("'b'", {"models", "providers", "p", "headers", "A"}), R"("__OmeniaClaw_REDACTED__")");
  EXPECT_EQ(shown("5", {"gateway", "port"}), "5");
}

TEST(Redaction, IsRecognisedAnywhere) {
  EXPECT_TRUE(holds_redaction(parse_json5("{a: [{b: '***'}]}").value().value));
  EXPECT_TRUE(holds_redaction(parse_json5("{a: '[REDACTED]'}").value().value));
  EXPECT_FALSE(holds_redaction(parse_json5("{a: '**'}").value().value));
}

}  // namespace

}  // namespace omenia
