// A good configuration becomes typed values; what is left out has its default.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/config/load.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/config/variables.h"

namespace omenia {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

LoadedConfig check(std::string_view text, test::Variables variables = {}) {
  return check_config(text, "/c/OmeniaClaw.json", test::environment_of(std::move(variables)));
}

TEST(Config, OfAnEmptyDocumentIsTheDefault) {
  const auto loaded = check("{}");
  EXPECT_TRUE(loaded.valid());
  EXPECT_EQ(loaded.config.gateway_port, 18789);
  EXPECT_EQ(loaded.config.gateway_bind, "loopback");
  EXPECT_EQ(loaded.config.reload_mode, "hybrid");
  EXPECT_TRUE(loaded.config.chat_completions_enabled);
  ASSERT_THAT(loaded.config.agents, SizeIs(1));
  EXPECT_EQ(loaded.config.agents[0].id, "main");
}

TEST(Config, OfToolsAndHooksIsTyped) {
  const auto loaded = check(R"({
    tools: {profile: 'coding', alsoAllow: ['agents_list'], deny: ['group:web']},
    agents: {entries: {main: {tools: {profile: 'full', allow: ['sessions_*'], deny: ['session_status']}}}},
    gateway: {tools: {allow: ['exec'], deny: ['sessions_list']}},
    plugins: {entries: {'admin-http-rpc': {enabled: true}}},
    hooks: {enabled: true, token: 'of-hooks', path: '/in/box', allowedAgentIds: ['main'],
            allowedSessionKeyPrefixes: ['hook:'], mappings: [
              {match: {path: 'mail', source: 's'}, sessionKey: 'hook:mail', messageTemplate: '{{a}}', forEach: 'items'},
              {action: 'wake', textTemplate: 'x', wakeMode: 'next-heartbeat', allowUnsafeExternalContent: true}]},
  })");
  EXPECT_EQ(describe_errors(loaded), "Invalid config at /c/OmeniaClaw.json:");
  EXPECT_THAT(loaded.warnings, IsEmpty());
  const Config& config = loaded.config;
  EXPECT_EQ(config.tools_profile, "coding");
  EXPECT_THAT(config.tools_also_allow, ElementsAre("agents_list"));
  EXPECT_EQ(config.agents[0].tools_profile, "full");
  EXPECT_THAT(config.agents[0].tools_allow, ElementsAre("sessions_*"));
  EXPECT_THAT(config.agents[0].tools_deny, ElementsAre("session_status"));
  EXPECT_THAT(config.http_tools_allow, ElementsAre("exec"));
  EXPECT_TRUE(config.admin_rpc_enabled);
  EXPECT_EQ(config.hooks_token.reveal() + config.hooks_path, "of-hooks/in/box");
  ASSERT_THAT(config.hook_mappings, SizeIs(2));
  EXPECT_EQ(config.hook_mappings[0].match_path + config.hook_mappings[0].match_source, "mails");
  EXPECT_EQ(config.hook_mappings[0].action + config.hook_mappings[0].for_each, "agentitems");
  EXPECT_EQ(config.hook_mappings[0].timeout_seconds, -1);
  EXPECT_TRUE(config.hook_mappings[1].trusts_content);
}

TEST(Config, OfPluginsKnowsTheOneThatIsPartOfTheGateway) {
  const auto loaded =
      check("{plugins: {entries: {'admin-http-rpc': {enabled: true, config: {}}, voice: {enabled: 1}}}}");
  EXPECT_TRUE(loaded.valid());
  EXPECT_TRUE(loaded.config.admin_rpc_enabled);
  EXPECT_THAT(loaded.warnings, SizeIs(2));
}

TEST(Config, IsReadCompletely) {
  const auto loaded = check(R"({
    $schema: 'https://example.org/schema', meta: {lastTouchedVersion: '1'},
    gateway: {mode: 'local', port: 0x4E20, bind: 'lan', auth: {mode: 'token', token: 't'},
              http: {securityHeaders: {strictTransportSecurity: false}, endpoints: {models: {enabled: false}}},
              trustedProxies: ['10.0.0.0/8', '::1'], controlUi: {allowedOrigins: ['*', 'https://a.example:8443']}},
    agents: {defaults: {model: 'local/llama', workspace: '~/w'},
             entries: {zoe: {name: 'Zoe', model: {primary: 'local/q'}}, abe: {model: 'local/r', workspace: '/w'}}},
    models: {providers: {local: {baseUrl: 'http://127.0.0.1:11434/v1/', headers: {'X-A': 'b'}, timeoutSeconds: 60,
             models: [{id: 'llama', contextWindow: 8192, maxTokens: 100, reasoning: true}]}}},
    memory: {search: {provider: 'local', model: 'e'}},
  })",
                            {{"HOME", "/home/me"}});
  EXPECT_EQ(describe_errors(loaded), "Invalid config at /c/OmeniaClaw.json:");
  EXPECT_THAT(loaded.warnings, IsEmpty());
  const Config& config = loaded.config;
  EXPECT_EQ(config.gateway_port, 20000);
  EXPECT_EQ(config.gateway_auth_token.reveal(), "t");
  EXPECT_EQ(config.strict_transport_security, "");
  EXPECT_FALSE(config.models_enabled);
  EXPECT_THAT(config.trusted_proxies, ElementsAre("10.0.0.0/8", "::1"));
  EXPECT_EQ(config.default_model, "local/llama");
  EXPECT_EQ(config.default_workspace, "/home/me/w");
  ASSERT_THAT(config.agents, SizeIs(2));
  EXPECT_EQ(config.agents[0].id + config.agents[0].name + config.agents[0].model, "zoeZoelocal/q");
  EXPECT_EQ(config.agents[1].model + config.agents[1].workspace, "local/r/w");
  ASSERT_THAT(config.providers, SizeIs(1));
  EXPECT_EQ(config.providers[0].base_url, "http://127.0.0.1:11434/v1");
  EXPECT_EQ(config.providers[0].api, "openai-completions");
  EXPECT_EQ(config.providers[0].headers.at("X-A"), "b");
  ASSERT_THAT(config.providers[0].models, SizeIs(1));
  EXPECT_EQ(config.providers[0].models[0].context_window, 8192);
}

TEST(Config, KeysOfOtherGatewaysAreIgnoredWithAWarning) {
  const auto loaded = check(R"({
    channels: {telegram: {botToken: '${TELEGRAM}'}},
    gateway: {tailscale: {mode: 'serve'}},
    agents: {defaults: {model: {primary: 'a/b', fallbacks: ['c']}}}})");
  EXPECT_TRUE(loaded.valid()) << describe_errors(loaded);
  ASSERT_THAT(loaded.warnings, SizeIs(3));
  EXPECT_EQ(loaded.warnings[0].path, "channels");
  EXPECT_THAT(loaded.warnings[0].message, HasSubstr("it is ignored (no chat channel is connected)"));
  EXPECT_EQ(loaded.warnings[1].path, "gateway.tailscale");
  EXPECT_THAT(loaded.warnings[1].message, HasSubstr("Tailscale"));
  EXPECT_EQ(loaded.warnings[2].path, "agents.defaults.model.fallbacks");
  EXPECT_EQ(loaded.warnings[2].line, 4);
  EXPECT_EQ(loaded.config.default_model, "a/b");
}

TEST(Variables, AreReplacedInTexts) {
  const auto loaded = check(R"({gateway: {auth: {token: '${TOKEN}'}, remote: {url: 'wss://${HOST_1}:${PORT}/x'}},
                               session: {mainKey: '$${TOKEN} $TOKEN ${token} ${'}})",
                            {{"TOKEN", "s3cret"}, {"HOST_1", "h"}, {"PORT", "99"}});
  EXPECT_TRUE(loaded.valid()) << describe_errors(loaded);
  EXPECT_EQ(loaded.config.gateway_auth_token.reveal(), "s3cret");
  EXPECT_EQ(loaded.config.remote_url, "wss://h:99/x");
  EXPECT_EQ(loaded.config.session_main_key, "${TOKEN} $TOKEN ${token} ${");
  EXPECT_EQ(loaded.source["gateway"]["auth"]["token"].text(), "${TOKEN}");
  EXPECT_EQ(loaded.resolved["gateway"]["auth"]["token"].text(), "s3cret");
}

TEST(Variables, ThatAreNotSetStayVisibleAndGiveNoCredential) {
  const auto loaded = check("{gateway: {auth: {token: 'a${GONE}'}},\n session: {mainKey: '${GONE}'}}");
  EXPECT_TRUE(loaded.valid());
  EXPECT_TRUE(loaded.config.gateway_auth_token.empty());
  EXPECT_EQ(loaded.config.session_main_key, "${GONE}");
  ASSERT_THAT(loaded.warnings, SizeIs(2));
  EXPECT_EQ(loaded.warnings[1].message, "environment variable GONE is not set: ${GONE} stays unresolved");
  EXPECT_EQ(loaded.warnings[1].line, 2);
}

TEST(Secrets, MayBeReferencesToVariables) {
  const auto text = "{gateway: {auth: {token: {source: 'env', provider: 'default', id: 'TOKEN'}}}}";
  EXPECT_EQ(check(text, {{"TOKEN", "abc"}}).config.gateway_auth_token.reveal(), "abc");
  const auto absent = check(text);
  EXPECT_TRUE(absent.valid());
  EXPECT_TRUE(absent.config.gateway_auth_token.empty());
  ASSERT_THAT(absent.warnings, SizeIs(1));
  EXPECT_FALSE(check(text, {{"TOKEN", "null"}}).valid());
}

TEST(ConfigFile, ThatIsMissingGivesTheDefaults) {
  const test::TempDir folder;
  const auto loaded = load_config(folder / "none.json", test::environment_of({}));
  ASSERT_TRUE(loaded.ok());
  EXPECT_FALSE(loaded.value().exists);
  EXPECT_EQ(loaded.value().hash, "");
  EXPECT_EQ(loaded.value().source.dump(), "{}");
}

TEST(ConfigFile, IsReadWithItsHash) {
  const test::TempDir folder;
  test::write_file(folder / "c.json", "{gateway: {port: 1234}}");
  const auto loaded = load_config(folder / "c.json", test::environment_of({}));
  ASSERT_TRUE(loaded.ok());
  EXPECT_TRUE(loaded.value().exists);
  EXPECT_EQ(loaded.value().config.gateway_port, 1234);
  EXPECT_THAT(loaded.value().hash, SizeIs(64));
}

TEST(ConfigFile, ThatIsNoFileOrTooLargeIsRefused) {
  const test::TempDir folder;
  const auto as_folder = load_config(folder.path(), test::environment_of({}));
  ASSERT_FALSE(as_folder.ok());
  EXPECT_THAT(as_folder.error().message, HasSubstr("not a regular file"));
  test::write_file(folder / "big.json", std::string(limits::config_file_bytes_max + 1, ' '));
  const auto large = load_config(folder / "big.json", test::environment_of({}));
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.error().code, ErrorCode::config_invalid);
  EXPECT_THAT(large.error().message, HasSubstr("larger than"));
}

}  // namespace

}  // namespace omenia
