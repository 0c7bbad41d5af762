// Flag over environment over configuration over default, each with its source, and the refusals in words.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/config/effective.h"
#include "tests/unit/config/variables.h"

namespace omenia {

namespace {

using testing::HasSubstr;
using testing::StartsWith;

// One gateway start: what was given, what is there.
struct Start {
  std::string config = "{gateway: {mode: 'local'}}";
  test::Variables variables{};
  GatewayFlags flags{};
  bool dev = false;
  std::optional<std::string> tailnet{};

  Result<GatewaySettings> settings() const {
    auto environment_variables = variables;
    environment_variables.emplace("HOME", "/home/me");
    const Environment environment = test::environment_of(std::move(environment_variables));
    TRY_ASSIGN(const Paths paths, Paths::resolve(environment, "", dev));
    return effective_settings(flags, environment, paths, check_config(config, paths.config_path, environment), tailnet);
  }
};

std::string local(const std::string& members) {
  return "{gateway: {mode: 'local', " + members + "}}";
}

struct PortCase {
  const char* name;
  std::optional<int> flag;
  const char* variable;
  bool dev;
  const char* config;
  int port;
  Source source;
};

void PrintTo(const PortCase& sample, std::ostream* out) {
  *out << sample.name;
}

class EffectivePort : public testing::TestWithParam<PortCase> {};

TEST_P(EffectivePort, FollowsThePrecedence) {
  const PortCase& sample = GetParam();
  Start start{.config = local(sample.config), .dev = sample.dev};
  start.flags.port = sample.flag;
  if (*sample.variable) start.variables["OmeniaClaw_GATEWAY_PORT"] = sample.variable;
  const auto settings = start.settings();
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings.value().port.value, sample.port);
  EXPECT_EQ(settings.value().port.source, sample.source);
  EXPECT_EQ(settings.value().listen[0].port, sample.port);
}

INSTANTIATE_TEST_SUITE_P(Table, EffectivePort,
                         testing::Values(PortCase{"flag", 1, "2", true, "port: 3", 1, Source::cli},
                                         PortCase{"variable", {}, "2", true, "port: 3", 2, Source::env},
                                         PortCase{"dev", {}, "", true, "port: 3", 19001, Source::fallback},
                                         PortCase{"config", {}, "", false, "port: 3", 3, Source::config},
                                         PortCase{"fallback", {}, "", false, "", 18789, Source::fallback}),
                         [](const auto& info) { return info.param.name; });

TEST(EffectivePort, OutOfRangeIsRefused) {
  Start start;
  start.flags.port = 65536;
  EXPECT_EQ(start.settings().error().message, "Invalid --port. Use a port number from 1 to 65535, for example 18789.");
  for (const char* text : {"0", "65536", "80x", "-1", "99999999999"}) {
    const auto settings = Start{.variables = {{"OMENIACLAW_GATEWAY_PORT", text}}}.settings();
    ASSERT_FALSE(settings.ok()) << text;
    EXPECT_THAT(settings.error().message, StartsWith("Invalid OmeniaClaw_GATEWAY_PORT."));
  }
}

struct BindCase {
  const char* name;
  const char* flag;
  const char* config;
  const char* mode;
  const char* hosts;
  Source source;
};

void PrintTo(const BindCase& sample, std::ostream* out) {
  *out << sample.name;
}

class EffectiveBind : public testing::TestWithParam<BindCase> {};

TEST_P(EffectiveBind, FollowsThePrecedence) {
  Start start{.config = local(std::string("auth: {token: 't'},") + GetParam().config), .tailnet = "100.64.1.2"};
  start.flags.bind = GetParam().flag;
  const auto settings = start.settings();
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  std::string hosts;
  for (const auto& address : settings.value().listen) hosts += (hosts.empty() ? "" : " ") + address.host;
  EXPECT_EQ(settings.value().bind.value, GetParam().mode);
  EXPECT_EQ(settings.value().bind.source, GetParam().source);
  EXPECT_EQ(hosts, GetParam().hosts);
}

INSTANTIATE_TEST_SUITE_P(
    Table, EffectiveBind,
    testing::Values(
        BindCase{"flag", "loopback", "bind: 'lan'", "loopback", "127.0.0.1", Source::cli},
        BindCase{"config", "", "bind: 'lan'", "lan", "0.0.0.0", Source::config},
        BindCase{"fallback", "", "", "loopback", "127.0.0.1", Source::fallback},
        BindCase{"automatic", "auto", "", "auto", "127.0.0.1", Source::cli},
        BindCase{"tailnet", "tailnet", "", "tailnet", "100.64.1.2 127.0.0.1", Source::cli},
        BindCase{"custom", "", "bind: 'custom', customBindHost: '192.168.1.5'", "custom", "192.168.1.5 127.0.0.1",
                 Source::config},
        BindCase{"custom_everywhere", "custom", "customBindHost: '0.0.0.0'", "custom", "0.0.0.0", Source::cli},
        BindCase{"custom_loopback", "custom", "customBindHost: '127.0.0.1'", "custom", "127.0.0.1", Source::cli}),
    [](const auto& info) { return info.param.name; });

struct AuthCase {
  const char* name;
  GatewayFlags flags;
  const char* config;
  test::Variables variables;
  const char* mode;
  Source mode_source;
  const char* secret;
};

void PrintTo(const AuthCase& sample, std::ostream* out) {
  *out << sample.name;
}

class EffectiveAuth : public testing::TestWithParam<AuthCase> {};

TEST_P(EffectiveAuth, FollowsThePrecedence) {
  const AuthCase& sample = GetParam();
  const auto settings =
      Start{.config = local(sample.config), .variables = sample.variables, .flags = sample.flags}.settings();
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings.value().auth.mode.value, sample.mode);
  EXPECT_EQ(settings.value().auth.mode.source, sample.mode_source);
  EXPECT_EQ(settings.value().auth.secret().reveal(), sample.secret);
}

const test::Variables both_variables{{"OmeniaClaw_GATEWAY_TOKEN", "env-token"},
                                     {"OMENIACLAW_GATEWAY_PASSWORD", "env-password"}};

GatewayFlags with_token(const char* token) {
  return {.token = Secret(token)};
}

GatewayFlags with_mode(const char* mode) {
  return {.auth_mode = mode};
}

INSTANTIATE_TEST_SUITE_P(
    Table, EffectiveAuth,
    testing::Values(
        AuthCase{"nothing", {}, "", {}, "token", Source::fallback, ""},
        AuthCase{"config_token", {}, "auth: {token: 'c'}", {}, "token", Source::fallback, "c"},
        AuthCase{"config_password", {}, "auth: {password: 'p'}", {}, "password", Source::fallback, "p"},
        AuthCase{"config_over_variable",
                 {},
                 "auth: {mode: 'token', token: 'c'}",
                 both_variables,
                 "token",
                 Source::config,
                 "c"},
        AuthCase{"variable_token", {}, "", {{"OmeniaClaw_GATEWAY_TOKEN", "e"}}, "token", Source::fallback, "e"},
        AuthCase{"variable_password",
                 {},
                 "auth: {mode: 'password'}",
                 both_variables,
                 "password",
                 Source::config,
                 "env-password"},
        AuthCase{"variables_mean_password", {}, "", both_variables, "password", Source::fallback, "env-password"},
        AuthCase{"flag_over_config", with_token("f"), "auth: {token: 'c'}", both_variables, "token", Source::fallback,
                 "f"},
        AuthCase{"mode_flag",
                 with_mode("password"),
                 "auth: {mode: 'token', password: 'p'}",
                 {},
                 "password",
                 Source::cli,
                 "p"},
        AuthCase{"none", with_mode("none"), "auth: {token: 'c'}", {}, "none", Source::cli, ""}),
    [](const auto& info) { return info.param.name; });

struct Refusal {
  const char* name;
  Start start;
  std::string message;  // Begins like this.
  int exit_code;
};

void PrintTo(const Refusal& refusal, std::ostream* out) {
  *out << refusal.name;
}

class StartRefusals : public testing::TestWithParam<Refusal> {};

TEST_P(StartRefusals, SayWhatToDo) {
  const auto settings = GetParam().start.settings();
  ASSERT_FALSE(settings.ok());
  EXPECT_THAT(settings.error().message, StartsWith(GetParam().message));
  EXPECT_EQ(row_of(settings.error().code).exit_code, GetParam().exit_code);
}

INSTANTIATE_TEST_SUITE_P(
    Table, StartRefusals,
    testing::Values(
        Refusal{"invalid",
                {.config = "{gateway: {bind: 'lan', prt: 1}}"},
                "Gateway failed to start: Invalid config at /home/me/.OmeniaClaw/OmeniaClaw.json:\n  × "
                "OmeniaClaw.json:1 — gateway: ",
                78},
        Refusal{"remote",
                {.config = "{gateway: {mode: 'remote'}}"},
                "Gateway start blocked: set gateway.mode=local (current: remote) or pass --allow-unconfigured.",
                78},
        Refusal{
            "no_mode",
            {.config = "{}"},
            "Gateway start blocked: set gateway.mode=local (/home/me/.OmeniaClaw/OmeniaClaw.json has no gateway.mode",
            78},
        Refusal{"exposed",
                {.config = local("bind: 'lan'")},
                "refusing to bind gateway to 0.0.0.0:18789 without auth (set gateway.auth.token/password, or set "
                "OmeniaClaw_GATEWAY_TOKEN/OmeniaClaw_GATEWAY_PASSWORD)",
                78},
        Refusal{"exposed_by_mode_none",
                {.config = local("auth: {mode: 'none', token: 't'}, bind: 'custom', customBindHost: '10.0.0.1'")},
                "refusing to bind gateway to 10.0.0.1:18789 without auth",
                78},
        Refusal{"custom_without_host",
                {.config = local("bind: 'custom'")},
                "gateway.bind=custom requires gateway.customBindHost",
                78},
        Refusal{"no_tailnet",
                {.config = local("bind: 'tailnet', auth: {token: 't'}")},
                "gateway.bind=tailnet found no interface",
                78},
        Refusal{"trusted_proxy_of_nobody",
                {.config = local("auth: {mode: 'trusted-proxy'}")},
                "gateway auth mode=trusted-proxy requires gateway.trustedProxies to be configured with at least one "
                "proxy IP",
                78},
        Refusal{"trusted_proxy_without_a_header",
                {.config = local("trustedProxies: ['10.0.0.1'], auth: {mode: 'trusted-proxy'}")},
                "gateway auth mode=trusted-proxy requires gateway.auth.trustedProxy.userHeader",
                78},
        Refusal{"trusted_proxy_beside_a_token",
                {.config = local("trustedProxies: ['10.0.0.1'], auth: {mode: 'trusted-proxy', token: 't', "
                                 "trustedProxy: {userHeader: 'x-user'}}")},
                "gateway auth mode=trusted-proxy excludes a token",
                78},
        Refusal{"no_password",
                {.config = local("auth: {mode: 'password'}")},
                "Gateway auth is set to password, but no password is configured.",
                78},
        Refusal{"reference_not_set",
                {.config = local("auth: {token: {source: 'env', id: 'GONE'}}"),
                 .variables = {{"OmeniaClaw_GATEWAY_TOKEN", "t"}}},
                "gateway.auth.token refers to an environment variable that is not set",
                78},
        Refusal{"placeholder_variable",
                {.variables = {{"OmeniaClaw_GATEWAY_TOKEN", "undefined"}}},
                "OmeniaClaw_GATEWAY_TOKEN: \"undefined\" is not a credential",
                78},
        Refusal{"placeholder_flag", {.flags = with_token("***")}, "--token: the placeholder", 1},
        Refusal{"bind_flag",
                {.flags = {.bind = "0.0.0.0"}},
                R"(Invalid --bind. Use "loopback", "lan", "tailnet", "auto", or "custom".)",
                1},
        Refusal{"auth_flag",
                {.flags = {.auth_mode = "open"}},
                R"(Invalid --auth. Use "none", "token", "password", or "trusted-proxy".)",
                1}),
    [](const auto& info) { return info.param.name; });

TEST(Auth, OfATrustedProxyListensBeyondThisMachine) {
  const Start start{.config = local("bind: 'lan', trustedProxies: ['10.0.0.1'], auth: {mode: "
                                    "'trusted-proxy', trustedProxy: {userHeader: 'x-user'}}")};
  const auto settings = start.settings();
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings.value().auth.mode.value, "trusted-proxy");
  EXPECT_TRUE(settings.value().auth.secret().empty());
}

TEST(GatewayMode, OfAMissingFileNamesSetupWithTheProfile) {
  const Environment environment = test::environment_of({{"HOME", "/nowhere"}});
  const auto paths = Paths::resolve(environment, "rescue", false);
  const auto loaded = load_config(paths.value().config_path, environment);
  const auto refused = check_gateway_mode(loaded.value(), paths.value(), false);
  EXPECT_EQ(refused.error().message,
            "Missing config. Run `OmeniaClaw --profile rescue setup` or set gateway.mode=local (or pass "
            "--allow-unconfigured).");
  EXPECT_TRUE(check_gateway_mode(loaded.value(), paths.value(), true).ok());
}

TEST(GatewayMode, MayBeOverruled) {
  Start start{.config = "{gateway: {mode: 'remote'}}"};
  start.flags.allow_unconfigured = true;
  EXPECT_TRUE(start.settings().ok());
}

TEST(Loopback, IsTheWholeRange) {
  EXPECT_TRUE(is_loopback("127.0.0.1"));
  EXPECT_TRUE(is_loopback("127.9.9.9"));
  EXPECT_FALSE(is_loopback("0.0.0.0"));
  EXPECT_FALSE(is_loopback("128.0.0.1"));
  EXPECT_FALSE(is_loopback("localhost"));
}

}  // namespace

}  // namespace omenia
