// Every kind of mistake in a configuration is an error that names the key, its line and what would be right.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/config/load.h"
#include "tests/unit/config/variables.h"

namespace omenia {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

struct BadConfig {
  const char* name;
  std::string text;
  std::string issue;  // "<line> <path>: <message>"
};

void PrintTo(const BadConfig& bad, std::ostream* out) {
  *out << bad.name;
}

std::vector<std::string> lines_of(const std::vector<ConfigIssue>& issues) {
  std::vector<std::string> lines;
  for (const auto& issue : issues)
    lines.push_back(std::to_string(issue.line) + " " + issue.path + ": " + issue.message);
  return lines;
}

LoadedConfig check(std::string_view text, test::Variables variables = {}) {
  return check_config(text, "/c/OmeniaClaw.json", test::environment_of(std::move(variables)));
}

class BadConfigs : public testing::TestWithParam<BadConfig> {};

TEST_P(BadConfigs, GiveOneErrorThatNamesTheKey) {
  EXPECT_THAT(lines_of(check(GetParam().text).errors), ElementsAre(GetParam().issue));
}

std::string provider(const std::string& members) {
  return "{models: {providers: {p: {baseUrl: 'http://h/v1',\n" + members + "}}}}";
}

INSTANTIATE_TEST_SUITE_P(
    Corpus, BadConfigs,
    testing::Values(
        BadConfig{"syntax", "{\n gateway: {port: }\n}",
                  "2 <root>: JSON5 parse failed: expected a value, found \"}\" at 2:18"},
        BadConfig{"not_an_object", "[]", "1 <root>: Invalid input: expected object, received array"},
        BadConfig{"section_is_text", "{gateway: 'x'}", "1 gateway: Invalid input: expected object, received string"},
        BadConfig{"misspelt", "{gateway: {\n prot: 1}}",
                  "2 gateway: Unrecognized key: \"prot\". Did you mean \"port\"?"},
        BadConfig{"misspelt_case", "{gateway: {Port: 1}}",
                  "1 gateway: Unrecognized key: \"Port\". Did you mean \"port\"?"},
        BadConfig{"misspelt_section", "{\ngatewy: {}}",
                  "2 <root>: Unrecognized key: \"gatewy\". Did you mean \"gateway\"?"},
        BadConfig{"hooks_without_token", "{hooks: {enabled: true}}",
                  "1 hooks.token: Required: hooks.enabled needs a token that senders show"},
        BadConfig{"hooks_with_the_gateways_token",
                  "{gateway: {auth: {token: 'one'}}, hooks: {enabled: true, token: 'one'}}",
                  "1 hooks.token: Invalid input: the gateway's own secret; who sends webhooks would be its operator"},
        BadConfig{"hooks_at_the_root", "{hooks: {path: '/'}}",
                  "1 hooks.path: Invalid input: expected a path such as /hooks, without a slash at its end"},
        BadConfig{
            "hooks_with_an_empty_list", "{hooks: {allowedAgentIds: []}}",
            "1 hooks.allowedAgentIds: Invalid input: an empty list allows nothing; leave the key out to allow any"},
        BadConfig{"tools_allowed_twice", "{tools: {allow: ['a'], alsoAllow: ['b']}}",
                  "1 tools: allow and alsoAllow exclude each other: put all into allow, or take allow away"},
        BadConfig{"unknown", "{zzzzzz: 1}", "1 <root>: Unrecognized key: \"zzzzzz\""},
        BadConfig{"include", "{\n$include: './x.json'}", "2 <root>: $include \"./x.json\": there is no file /c/x.json"},
        BadConfig{"number_as_text", "{gateway: {port: '1'}}",
                  "1 gateway.port: Invalid input: expected number, received string"},
        BadConfig{"null", "{gateway: {port: null}}", "1 gateway.port: Invalid input: expected number, received null"},
        BadConfig{"fraction", "{gateway: {port: 1.5}}",
                  "1 gateway.port: Invalid input: expected integer, received number"},
        BadConfig{"too_small", "{gateway: {port: 0}}", "1 gateway.port: Too small: expected number to be >=1"},
        BadConfig{"too_big", "{gateway: {port: 65536}}", "1 gateway.port: Too big: expected number to be <=65535"},
        BadConfig{"text_as_number", "{session: {mainKey: 1}}",
                  "1 session.mainKey: Invalid input: expected string, received number"},
        BadConfig{"flag_as_text", "{gateway: {auth: {rateLimit: {exemptLoopback: 'yes'}}}}",
                  "1 gateway.auth.rateLimit.exemptLoopback: Invalid input: expected boolean, received string"},
        BadConfig{"enumeration", "{gateway: {reload: {mode: 'warm'}}}",
                  R"(1 gateway.reload.mode: Invalid input (allowed: "off", "hot", "restart", "hybrid"))"},
        BadConfig{"enumeration_type", "{gateway: {reload: {mode: false}}}",
                  R"(1 gateway.reload.mode: Invalid input (allowed: "off", "hot", "restart", "hybrid"))"},
        BadConfig{"list_as_text", "{gateway: {trustedProxies: '10.0.0.1'}}",
                  "1 gateway.trustedProxies: Invalid input: expected array, received string"},
        BadConfig{"list_item", "{gateway: {trustedProxies: ['::1',\n 7]}}",
                  "2 gateway.trustedProxies.1: Invalid input: expected string, received number"},
        BadConfig{"network", "{gateway: {trustedProxies: ['10.0.0.0/33']}}",
                  "1 gateway.trustedProxies.0: Invalid input: expected an address or a range such as 10.0.0.0/8"},
        BadConfig{"origin", "{gateway: {controlUi: {allowedOrigins: ['https://a.example/x']}}}",
                  "1 gateway.controlUi.allowedOrigins.0: Invalid input: expected an origin such as "
                  "https://gateway.example, without a path"},
        BadConfig{"ipv4", "{gateway: {customBindHost: 'localhost'}}",
                  "1 gateway.customBindHost: Invalid input: expected an IPv4 address such as 192.168.1.5"},
        BadConfig{"remote_url", "{gateway: {remote: {url: 'http://h'}}}",
                  "1 gateway.remote.url: Invalid input: expected an address that begins with ws:// or wss://"},
        BadConfig{"relative_path", "{logging: {file: 'gateway.log'}}",
                  "1 logging.file: Invalid input: expected an absolute path or one that begins with ~/"},
        BadConfig{"blank_token", "{gateway: {auth: {token: ' '}}}",
                  "1 gateway.auth.token: Invalid input: a credential may not be blank"},
        BadConfig{"undefined_token", "{gateway: {auth: {token: 'undefined'}}}",
                  "1 gateway.auth.token: Invalid input: \"undefined\" is not a credential; a script probably wrote it"},
        BadConfig{"redacted_token", "{gateway: {auth: {token: '__OmeniaClaw_REDACTED__'}}}",
                  "1 gateway.auth.token: Invalid input: the placeholder of a hidden value is not a credential; write "
                  "the value itself"},
        BadConfig{
            "token_with_line_end", "{gateway: {auth: {token: 'a\\nb'}}}",
            "1 gateway.auth.token: Invalid input: a credential may not hold control characters, such as a line end"},
        BadConfig{
            "token_as_number", "{gateway: {auth: {token: 5}}}",
            "1 gateway.auth.token: Invalid input: expected string or {source: \"env\", id: \"NAME\"}, received number"},
        BadConfig{"secret_source", "{gateway: {auth: {token: {source: 'exec', id: 'x'}}}}",
                  "1 gateway.auth.token: secret source \"exec\" is not available in this release; use {source: "
                  "\"env\", id: \"NAME\"}"},
        BadConfig{"secret_id", "{gateway: {auth: {token: {source: 'env', id: 'lower'}}}}",
                  "1 gateway.auth.token: Invalid input: id names an environment variable in capitals, such as "
                  "OPENAI_API_KEY"},
        BadConfig{"secret_member", "{gateway: {auth: {token: {source: 'env', id: 'A', x: 1}}}}",
                  "1 gateway.auth.token: Unrecognized key: \"x\" (a secret reference has source, provider and id)"},
        BadConfig{"two_secrets", "{gateway: {\nauth: {token: 'a', password: 'b'}}}",
                  "2 gateway.auth: token and password are both configured: set gateway.auth.mode to \"token\" or "
                  "\"password\""},
        BadConfig{"base_url_missing", "{models: {providers: {\np: {}}}}",
                  "2 models.providers.p.baseUrl: Required: the server's address, such as http://127.0.0.1:11434/v1"},
        BadConfig{
            "base_url_scheme", "{models: {providers: {p: {baseUrl: 'h:80/v1'}}}}",
            "1 models.providers.p.baseUrl: Invalid input: expected an address that begins with http:// or https://"},
        BadConfig{"base_url_port", "{models: {providers: {p: {baseUrl: 'http://h:99999'}}}}",
                  "1 models.providers.p.baseUrl: Invalid input: the address has no usable host and port"},
        BadConfig{"base_url_credentials", "{models: {providers: {p: {baseUrl: 'http://u:p@h/'}}}}",
                  "1 models.providers.p.baseUrl: Invalid input: credentials do not belong into an address"},
        BadConfig{"base_url_query", "{models: {providers: {p: {baseUrl: 'http://h/?a=1'}}}}",
                  "1 models.providers.p.baseUrl: Invalid input: an address here ends before \"?\" and \"#\""},
        BadConfig{"known_dialect", provider("api: 'anthropic-messages'"),
                  "2 models.providers.p.api: \"anthropic-messages\" is not available in this release; supported: "
                  "\"openai-completions\""},
        BadConfig{"unknown_dialect", provider("api: 'telepathy'"),
                  "2 models.providers.p.api: Invalid input (allowed: \"openai-completions\")"},
        BadConfig{"provider_key", provider("apikey: 'x'"),
                  "2 models.providers.p: Unrecognized key: \"apikey\". Did you mean \"apiKey\"?"},
        BadConfig{"header_name", provider("headers: {'a b': 'x'}"),
                  "2 models.providers.p.headers[\"a b\"]: Invalid input: the name is not a header's name"},
        BadConfig{"header_value", provider("headers: {A: 'x\\r\\nB: y'}"),
                  "2 models.providers.p.headers.A: Invalid input: a header's value holds no control characters"},
        BadConfig{"models_as_object", provider("models: {}"),
                  "2 models.providers.p.models: Invalid input: expected array, received object"},
        BadConfig{"model_as_text", provider("models: ['m']"),
                  "2 models.providers.p.models.0: Invalid input: expected object, received string"},
        BadConfig{"model_without_id", provider("models: [{name: 'x'}]"),
                  "2 models.providers.p.models.0.id: Required: the model's name at the server"},
        BadConfig{"model_twice", provider("models: [{id: 'm'}, {id: 'm'}]"),
                  "2 models.providers.p.models.1.id: Invalid input: the model \"m\" is listed twice"},
        BadConfig{
            "model_key", provider("models: [{id: 'm', contextwindow: 1}]"),
            "2 models.providers.p.models.0: Unrecognized key: \"contextwindow\". Did you mean \"contextWindow\"?"},
        BadConfig{"provider_builtin", "{models: {providers: {builtin: {baseUrl: 'http://h'}}}}",
                  "1 models.providers.builtin: Invalid input: the provider \"builtin\" is part of the gateway; choose "
                  "another id"},
        BadConfig{"provider_id", "{models: {providers: {'a/b': {baseUrl: 'http://h'}}}}",
                  "1 models.providers[\"a/b\"]: Invalid input: a provider's id has 1 to 64 characters, no slash and no "
                  "control characters"},
        BadConfig{"agent_id", "{agents: {entries: {Main: {}}}}",
                  "1 agents.entries.Main: Invalid input: an agent's id has 1 to 64 lower-case letters, digits, \"_\" "
                  "and \"-\", and begins with a letter or digit"},
        BadConfig{"agent_as_text", "{agents: {entries: {a: 'x'}}}",
                  "1 agents.entries.a: Invalid input: expected object, received string"},
        BadConfig{"agent_model", "{agents: {entries: {a: {model: 5}}}}",
                  "1 agents.entries.a.model: Invalid input: expected object, received number"},
        BadConfig{"default_agent", "{agents: {defaults: {systemAgent: {agentId: 'x'}}}}",
                  "1 agents.defaults.systemAgent.agentId: Invalid input: no agent \"x\" under agents.entries"},
        BadConfig{"embedding_provider", "{memory: {search: {provider: 'x'}}}",
                  "1 memory.search.provider: Invalid input: no provider \"x\" under models.providers"},
        BadConfig{"meta", "{meta: 1}", "1 meta: Invalid input: expected object, received number"}),
    [](const auto& info) { return info.param.name; });

TEST(Config, TellsAllErrorsInTheOrderOfTheFile) {
  const auto loaded = check("{\n gateway: {port: 'x',\n bnid: 'lan'},\n logging: {level: 'loud'}}");
  EXPECT_EQ(
      describe_errors(loaded),
      "Invalid config at /c/OmeniaClaw.json:\n"
      "  × OmeniaClaw.json:2 — gateway.port: Invalid input: expected number, received string\n"
      "  × OmeniaClaw.json:3 — gateway: Unrecognized key: \"bnid\". Did you mean \"bind\"?\n"
      "  × OmeniaClaw.json:4 — logging.level: Invalid input (allowed: \"silent\", \"fatal\", \"error\", \"warn\", "
      "\"info\", \"debug\", \"trace\")");
}

TEST(Config, ToldErrorsAreBounded) {
  std::string text = "{";
  for (int i = 0; i < 10'000; ++i) text += "key" + std::to_string(i) + ": 1,";
  EXPECT_THAT(check(text + "}").errors, SizeIs(limits::config_issues_max));
}

TEST(Config, LongNamesAreShortenedInMessages) {
  const auto loaded = check("{'" + std::string(100'000, 'x') + "': 1}");
  ASSERT_THAT(loaded.errors, SizeIs(1));
  EXPECT_LT(loaded.errors[0].message.size(), 200u);
}

TEST(Config, ErrorsNeverRepeatASecret) {
  const auto loaded =
      check("{gateway: {auth: {token: 'hunter2\\n'}}, models: {providers: {p: {baseUrl: 'x://hunter2@h'}}}}");
  EXPECT_THAT(loaded.errors, SizeIs(2));
  EXPECT_THAT(describe_errors(loaded), Not(HasSubstr("hunter2")));
}

TEST(Config, VariablesCannotMakeItTooLarge) {
  std::string list = "{channels: [";
  for (int i = 0; i < 1000; ++i) list += "'${BIG}',";
  const auto loaded = check(list + "]}", {{"BIG", std::string(100'000, 'x')}});
  EXPECT_THAT(lines_of(loaded.errors), ElementsAre("0 <root>: environment variables make the configuration too large"));
}

}  // namespace

}  // namespace omenia
