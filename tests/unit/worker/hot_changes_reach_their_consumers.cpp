// What needs no restart works at once: each such key is changed in the file of a running worker, and the part that uses
// it is asked.
#include "tests/unit/worker/reload_fixture.h"
#include "worker/config/launch_settings.h"
#include "worker/routes.h"

namespace omenia::worker {
namespace {

using test::gateway_config;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* provider =
    "models: {providers: {local: {baseUrl: 'http://127.0.0.1:9/v1', models: [{id: 'm'}]}}}";

class HotChange : public test::ReloadTest {
 protected:
  void change_to(const std::string& text) {
    edit(text);
    take_over();
  }
  bool serves(const char* method, const char* path) { return find_route(*context->config(), method, path) != nullptr; }
};

TEST_F(HotChange, OfTheToken) {
  start_with(gateway_config());
  change_to(gateway_config("", "", "token: 'second-token-of-the-file'"));
  EXPECT_EQ(context->authenticator.check(token, ""), auth::SecretCheck::wrong);
  EXPECT_EQ(context->authenticator.check("second-token-of-the-file", ""), auth::SecretCheck::granted);
  context->log.logger("test").info("second-token-of-the-file");
  EXPECT_THAT(log_text(), Not(HasSubstr("second-token-of-the-file")));
}

TEST_F(HotChange, OfTheTokenEndsConnectionsThatWereMadeWithTheOldOne) {
  start_with(gateway_config("", "", "token: 's3cret'"));
  const auto client = connected();
  change_to(gateway_config("", "", "token: 'second-token-of-the-file'"));
  test::WsFrame frame = next_frame(*client);
  while (frame.opcode == test::Opcode::text && !HasFailure()) frame = next_frame(*client);
  EXPECT_EQ(frame.opcode, test::Opcode::close);
  EXPECT_EQ(frame.payload, "\x0f\xa1gateway auth changed") << "4001";
}

TEST_F(HotChange, OfThePassword) {
  start_with(gateway_config("", "", "mode: 'password', password: 'first password'"));
  change_to(gateway_config("", "", "mode: 'password', password: 'second password'"));
  EXPECT_EQ(context->authenticator.check("", "first password"), auth::SecretCheck::wrong);
  EXPECT_EQ(context->authenticator.check("", "second password"), auth::SecretCheck::granted);
}

TEST_F(HotChange, OfTheLimitsForGuessing) {
  const auth::Caller stranger{.address = "192.0.2.7", .page = false, .loopback = false};
  const auth::Caller neighbour{.address = "127.0.0.1", .page = false, .loopback = true};
  start_with(gateway_config());
  context->attempts.failed(stranger, 1'000);
  EXPECT_EQ(context->attempts.locked_ms(stranger, 1'000), 0);
  change_to(gateway_config("", "",
                           "token: 'first-token-of-the-file', rateLimit: {maxAttempts: 2, windowMs: 5000, "
                           "lockoutMs: 7000, exemptLoopback: false}"));
  context->attempts.failed(stranger, 2'000);
  EXPECT_EQ(context->attempts.locked_ms(stranger, 2'000), 7'000) << "the attempts of before count on";
  context->attempts.failed(neighbour, 2'000);
  context->attempts.failed(neighbour, 8'000);
  EXPECT_EQ(context->attempts.locked_ms(neighbour, 8'000), 0) << "the window is over";
  context->attempts.failed(neighbour, 8'000);
  EXPECT_GT(context->attempts.locked_ms(neighbour, 8'000), 0) << "this machine is not exempt any more";
}

TEST_F(HotChange, OfTheAllowedOrigins) {
  http::Request head;
  head.headers = {{"Origin", "https://ui.example"}, {"Host", "gateway.example"}};
  start_with(gateway_config());
  EXPECT_FALSE(context->is_origin_allowed(head));
  change_to(gateway_config("controlUi: {allowedOrigins: ['https://ui.example']}"));
  EXPECT_TRUE(context->is_origin_allowed(head));
  change_to(gateway_config());
  EXPECT_FALSE(context->is_origin_allowed(head));
}

TEST_F(HotChange, OfTheEndpoints) {
  start_with(gateway_config());
  EXPECT_TRUE(serves("POST", "/v1/chat/completions") && serves("POST", "/v1/embeddings") &&
              serves("GET", "/v1/models"));
  change_to(
      gateway_config("http: {endpoints: {chatCompletions: {enabled: false}, embeddings: {enabled: false}, models: "
                     "{enabled: false}}}"));
  EXPECT_FALSE(serves("POST", "/v1/chat/completions"));
  EXPECT_FALSE(serves("POST", "/v1/embeddings"));
  EXPECT_FALSE(serves("GET", "/v1/models"));
}

TEST_F(HotChange, OfTheDefaultModelAndOfProviders) {
  start_with(gateway_config());
  EXPECT_EQ(context->catalog->default_name(), "builtin/echo");
  change_to(gateway_config("", provider));
  EXPECT_EQ(context->catalog->default_name(), "local/m");
  const auto held = context->catalog->find("local/m");
  change_to(gateway_config("", std::string(provider) + ", agents: {defaults: {model: 'builtin/echo'}}"));
  EXPECT_EQ(context->catalog->default_name(), "builtin/echo");
  change_to(gateway_config());
  EXPECT_FALSE(context->catalog->find("local/m").ok());
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(held.value().provider->id(), "local") << "a run that has begun keeps its provider";
}

TEST_F(HotChange, OfAKeyOfAProviderIsMaskedInTheLog) {
  start_with(gateway_config("", "models: {providers: {local: {baseUrl: 'http://127.0.0.1:9/v1'}}}"));
  change_to(
      gateway_config("", "models: {providers: {local: {baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'sk-a-new-key'}}}"));
  context->log.logger("test").info("sk-a-new-key");
  EXPECT_THAT(log_text(), Not(HasSubstr("sk-a-new-key")));
}

TEST_F(HotChange, OfTheAgents) {
  start_with(gateway_config());
  EXPECT_EQ(context->default_agent(), "main");
  change_to(gateway_config("", "agents: {entries: {zoe: {name: 'Zoe', model: 'builtin/echo'}, abe: {}}}"));
  EXPECT_EQ(context->default_agent(), "zoe");
  EXPECT_EQ(context->config()->agents[0].name, "Zoe");
  change_to(gateway_config("", "agents: {entries: {abe: {}, zoe: {name: 'Zoe', model: 'builtin/echo'}}}"));
  EXPECT_EQ(context->default_agent(), "abe");
  change_to(gateway_config("", "agents: {defaults: {systemAgent: {agentId: 'zoe'}}, entries: {abe: {}, zoe: {}}}"));
  EXPECT_EQ(context->default_agent(), "zoe");
}

TEST_F(HotChange, OfTheLevelOfTheLogFile) {
  start_with(gateway_config());
  const Logger early = context->log.logger("test");
  early.debug("too fine");
  context->log.flush();
  change_to(gateway_config("", "logging: {level: 'debug'}"));
  early.debug("fine enough");
  context->log.flush();
  change_to(gateway_config("", "logging: {level: 'silent'}"));
  early.error("into the void");
  EXPECT_THAT(log_text(), AllOf(HasSubstr("fine enough"), Not(HasSubstr("too fine")), Not(HasSubstr("into the void"))));
}

TEST_F(HotChange, OfTheSizeAtWhichTheLogIsRotated) {
  start_with(gateway_config());
  change_to(gateway_config("", "logging: {maxFileBytes: 10000, consoleLevel: 'silent'}"));
  for (int i = 0; i < 50; ++i) context->log.logger("test").info(std::string(500, 'x'));
  EXPECT_LT(log_text().size(), 11'000u);
  EXPECT_FALSE(test::read_file(folder / "log.1").empty());
}

TEST_F(HotChange, OfTheTerminal) {
  start_with(gateway_config("", "logging: {consoleLevel: 'silent'}"));
  testing::internal::CaptureStdout();
  const Logger log = context->log.logger("test");
  log.info("unseen");
  context->log.flush();  // Judged by the level that holds when it is written.
  change_to(gateway_config("", "logging: {consoleLevel: 'info', consoleStyle: 'json'}"));
  log.info("seen as json");
  context->log.flush();
  const std::string terminal = testing::internal::GetCapturedStdout();
  EXPECT_THAT(terminal, AllOf(Not(HasSubstr("unseen")), HasSubstr(R"("message":"seen as json")")));
}

TEST_F(HotChange, OfTheTerminalGivesWayToTheFlag) {
  launch.verbose = true;
  start_with(gateway_config());
  change_to(gateway_config("", "logging: {consoleLevel: 'silent'}"));
  const auto options = log_options(launch, *context->config(), environment_of(launch));
  EXPECT_EQ(options.value().console_level, LogLevel::debug);
}

TEST_F(HotChange, OfWhatIsReadAtEachUse) {
  start_with(gateway_config());
  change_to(gateway_config("trustedProxies: ['10.0.0.1'], remote: {url: 'ws://far.example', token: 't', password: 'p'}",
                           "session: {scope: 'global', mainKey: 'other'}, memory: {search: {model: 'h'}}, "
                           "agents: {defaults: {timeoutSeconds: 7, workspace: '/w'}}"));
  const auto config = context->config();
  EXPECT_EQ(config->trusted_proxies.size(), 1u);
  EXPECT_EQ(config->remote_url, "ws://far.example");
  EXPECT_EQ(config->session_scope + config->session_main_key + config->embedding_model, "globalotherh");
  EXPECT_EQ(config->run_timeout_seconds, 7);
  EXPECT_EQ(config->default_workspace, "/w");
}

}  // namespace
}  // namespace omenia::worker
