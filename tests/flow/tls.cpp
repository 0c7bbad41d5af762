// The port over TLS: HTTP, WebSockets and our own commands, and what happens when the certificate changes.
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/stat.h>

#include "shared/base/fingerprint.h"
#include "shared/tls/own_certificate.h"
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

class Tls : public FlowNotStarted {
 protected:
  void SetUp() override { gateway.expect_tls(); }

  void configure(const std::string& tls) {
    gateway.instance().write_config(
        "{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) + ", auth: {token: '" + gateway.token() +
        "'}, tls: {" + tls + "}}, logging: {file: '" + gateway.instance().log_path() +
        "'}, models: {providers: {mock: {baseUrl: 'http://127.0.0.1:" + std::to_string(mock.port()) +
        "/v1', apiKey: 'mock-key', models: [{id: 'mock-1'}]}}}}");
  }
  void start(const std::string& tls = "enabled: true") {
    configure(tls);
    ASSERT_TRUE(gateway.start());
  }
  bool logs(const std::string& words) {
    return eventually([&] { return gateway.everything_said().find(words) != std::string::npos; });
  }
  std::string own(const std::string& name) { return gateway.instance().state_dir() + "/tls/" + name; }
  std::string shown() { return HttpClient(gateway.port(), TlsWish{}).socket().tls()->fingerprint(); }
  static TlsFiles pair_in(const TempDir& folder) { return {folder / "tls/cert.pem", folder / "tls/key.pem", true}; }

  // What a command says, with both its outputs.
  std::string run(const std::vector<std::string>& arguments, int expected_exit = 0) {
    ChildProcess command = gateway.instance().command(arguments);
    EXPECT_EQ(command.wait(), expected_exit) << command.output() << command.errors();
    return command.output() + command.errors();
  }
};

TEST_F(Tls, ServesHttpWithACertificateMadeHere) {
  start();
  for (const char* name : {"gateway-cert.pem", "gateway-key.pem"}) {
    struct stat file {};
    ASSERT_EQ(::stat(own(name).c_str(), &file), 0) << name;
    EXPECT_EQ(file.st_mode & 0777, 0600u) << name;
  }
  const std::string fingerprint = fingerprint_of_file(own("gateway-cert.pem")).value();
  EXPECT_EQ(shown(), fingerprint);
  EXPECT_TRUE(logs("SHA-256 " + shown_fingerprint(fingerprint)));
  EXPECT_TRUE(logs("listening on https://127.0.0.1:"));
  const TlsWish strict{.authorities = own("gateway-cert.pem")};
  EXPECT_EQ(https(gateway.port(), {.target = "/healthz"}, strict).body, R"({"ok":true,"status":"live"})");
  EXPECT_EQ(https(gateway.port(), {.target = "/v1/models"}, strict).status, 401);
  EXPECT_EQ(gateway.get("/v1/models").status, 200);
  EXPECT_THAT(gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi")).body,
              HasSubstr("Hello from the mock"));
  EXPECT_THAT(gateway.get("/metrics").body, HasSubstr("omeniaclaw_tls_handshakes_total{outcome=\"ok\"}"));
}

TEST_F(Tls, StreamsOverIt) {
  start();
  HttpClient client(gateway.port(), TlsWish{});
  client.send(HttpRequest{.method = "POST",
                          .target = "/v1/chat/completions",
                          .token = gateway.token(),
                          .body = chat_body("OmeniaClaw", "hi", R"(,"stream":true)")}
                  .text());
  EXPECT_EQ(client.read_head().status, 200);
  EXPECT_EQ(client.read_text_deltas(), "Hello from the mock model.");
}

TEST_F(Tls, TellsPlainHttpWhatItIs) {
  start();
  const HttpAnswer answer = http(gateway.port(), {.target = "/healthz"});
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("speaks TLS"));
  EXPECT_EQ(WsClient(gateway.port()).upgrade_status(), 400);
}

TEST_F(Tls, CarriesTheControlProtocol) {
  start();
  WsClient client = gateway.client();
  EXPECT_TRUE(client.call("health")["ok"].boolean());
  const std::string long_text(300'000, 'x');
  EXPECT_EQ(client.call("agent", message("agent:main:main", "k1", long_text))["payload"]["status"].text(), "accepted");
  EXPECT_EQ(client.find([](JsonView frame) { return ends_chat(frame); })["payload"]["state"].text(), "final");
  const Json history = client.call("chat.history", R"({"sessionKey":"agent:main:main"})");
  EXPECT_EQ(conversation(history).front().size(), long_text.size() + std::string("user: ").size());
  client.send(WsFrame{Opcode::ping, "are you there"});
  EXPECT_EQ(client.pong(), "are you there");
}

TEST_F(Tls, AClientOfThisMachineIsStillOne) {
  start();
  WsClient client(gateway.port(), TlsWish{}, "Host: localhost\r\n");
  Identity identity = gateway.backend();
  identity.id = identity.mode = "cli";
  EXPECT_TRUE(client.connect(identity, Device())["ok"].boolean()) << "paired without asking: its address is known";
  EXPECT_EQ(WsClient(gateway.port(), TlsWish{}, "X-Forwarded-For: 203.0.113.9\r\n").upgrade_status(), 403);
}

TEST_F(Tls, SaysGoodbyeAtAStop) {
  start();
  WsClient client = gateway.client();
  EXPECT_EQ(gateway.stop(), 0);
  const WsClose close = client.closing();
  EXPECT_EQ(close.code, 1012) << close.reason;
  EXPECT_TRUE(client.event("shutdown"));
}

TEST_F(Tls, GoesOnThroughASwap) {
  start();
  const std::string fingerprint = shown();
  WsClient client = gateway.client();
  const pid_t before = gateway.worker_pid();
  ::kill(gateway.supervisor_pid(), SIGUSR1);
  EXPECT_EQ(client.closing().code, 1012);
  EXPECT_TRUE(eventually([&] { return gateway.worker_pid() != before && gateway.wait_ready(); }));
  EXPECT_EQ(shown(), fingerprint);
  EXPECT_TRUE(gateway.client().call("health")["ok"].boolean());
}

TEST_F(Tls, IsSwitchedOnUnderTheOpenPort) {
  configure("enabled: false");
  gateway.launch();
  ASSERT_TRUE(eventually([this] { return http(gateway.port(), {.target = "/readyz"}).status == 200; }));
  configure("enabled: true");
  EXPECT_TRUE(gateway.wait_ready());
  EXPECT_EQ(gateway.get("/v1/models").status, 200);
}

TEST_F(Tls, CommandsKnowTheirOwnGateway) {
  start();
  EXPECT_THAT(run({"health"}), HasSubstr("Gateway probe duration"));
  EXPECT_THAT(run({"gateway", "status"}), AllOf(HasSubstr("Probe target: wss://127.0.0.1:"),
                                                HasSubstr("Connectivity probe: ok"), HasSubstr("Dashboard: https://")));
  EXPECT_THAT(run({"agent", "--message", "hi"}), HasSubstr("Hello from the mock model."));
}

// Somebody else listens on the port, with a certificate of his own: he learns no credential.
TEST_F(Tls, CommandsTalkToNobodyElse) {
  start();
  const std::string kept = read_file(own("gateway-cert.pem"));
  const TempDir elsewhere;
  ASSERT_TRUE(make_own_certificate(pair_in(elsewhere)).ok());
  write_file(own("gateway-cert.pem"), read_file(elsewhere / "tls/cert.pem"));
  EXPECT_THAT(run({"health"}, 1), AllOf(HasSubstr("is not trusted"), HasSubstr("SHA-256")));
  write_file(own("gateway-cert.pem"), kept);
  EXPECT_THAT(run({"health"}), HasSubstr("Gateway probe duration"));
}

TEST_F(Tls, ARemoteGatewayIsKnownByItsFingerprintOrItsAuthorities) {
  start();
  const std::string fingerprint = shown_fingerprint(shown());
  const std::string certificate = own("gateway-cert.pem");
  const Instance other;
  const auto health = [&](const std::string& remote, const std::string& more, int expected_exit) {
    other.write_config("{gateway: {mode: 'remote', remote: {url: 'wss://127.0.0.1:" + std::to_string(gateway.port()) +
                       "', token: '" + gateway.token() + "'" + remote + "}" + more + "}}");
    ChildProcess command = other.command({"health"});
    EXPECT_EQ(command.wait(), expected_exit) << command.output() << command.errors();
    return command.errors();
  };
  EXPECT_THAT(health("", "", 1), AllOf(HasSubstr("is not trusted"), HasSubstr(fingerprint)));
  EXPECT_EQ(health(", tlsFingerprint: 'sha256:" + fingerprint + "'", "", 0), "");
  EXPECT_THAT(health(", tlsFingerprint: '" + std::string(64, 'a') + "'", "", 1), HasSubstr("another fingerprint"));
  EXPECT_EQ(health("", ", tls: {caPath: '" + certificate + "'}", 0), "");
}

TEST_F(Tls, ARenewedPairCountsAtOnceAndABrokenOneNever) {
  const TempDir folder;
  const TlsFiles files = pair_in(folder);
  ASSERT_TRUE(make_own_certificate(files).ok());
  start("enabled: true, certPath: '" + files.certificate + "', keyPath: '" + files.key + "'");
  const std::string first = fingerprint_of_file(files.certificate).value();
  EXPECT_EQ(shown(), first);
  WsClient client = gateway.client();
  std::remove(files.certificate.c_str());
  std::remove(files.key.c_str());
  ASSERT_TRUE(make_own_certificate(files).ok());
  const std::string second = fingerprint_of_file(files.certificate).value();
  EXPECT_TRUE(eventually([&] { return shown() == second; }));
  write_file(files.key, "no key");
  EXPECT_TRUE(eventually([&] {
    EXPECT_EQ(shown(), second);
    return gateway.everything_said().find("is not used, the one before goes on") != std::string::npos;
  }));
  EXPECT_TRUE(client.call("health")["ok"].boolean()) << "the same worker all the time";
}

TEST_F(Tls, APairThatCannotBeUsedIsRefusedAtTheStart) {
  const TempDir folder;
  write_file(folder / "cert.pem", "no certificate");
  configure("enabled: true, certPath: '" + folder / "cert.pem" + "', keyPath: '" + folder / "cert.pem" + "'");
  gateway.launch();
  EXPECT_EQ(gateway.process().wait(), 78);
  EXPECT_THAT(gateway.everything_said(), AllOf(HasSubstr("gateway.tls.certPath"), HasSubstr(folder / "cert.pem")));
}

TEST_F(Tls, HalfAConfigurationIsRefused) {
  configure("enabled: true, certPath: '/some/cert.pem'");
  EXPECT_THAT(run({"config", "validate"}, 1), HasSubstr("belong together"));
  configure("enabled: true, autoGenerate: false");
  EXPECT_THAT(run({"config", "validate"}, 1), HasSubstr("a certificate is needed"));
}

// Many at once, and many who leave in the middle of the handshake.
TEST_F(Tls, SurvivesACrowd) {
  start();
  std::vector<WsClient> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(gateway.client());
    HttpClient half(gateway.port());
    half.send(std::string("\x16\x03\x01\x02\x00\x01", 6));
    HttpClient reset(gateway.port(), TlsWish{});
    reset.send("GET /healthz HTT");
    reset.socket().reset();
  }
  for (WsClient& client : clients) EXPECT_TRUE(client.call("health")["ok"].boolean());
  EXPECT_EQ(gateway.get("/healthz").status, 200);
}

}  // namespace
}  // namespace omenia::test
