// Connect: what a client says of itself is read and checked; what it gets follows from what it has proven.
#include <gmock/gmock.h>

#include "shared/json/json.h"
#include "worker/ws/connect.h"

namespace omenia::ws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::int64_t now_ms = 1'795'351'142'553;

// A good connect, with members added to (or replaced in) it.
std::string connect_params(std::string_view more = {}, std::string_view id = "cli", std::string_view mode = "cli") {
  return R"({"minProtocol":4,"maxProtocol":4,"client":{"id":")" + std::string(id) + R"(","mode":")" +
         std::string(mode) + R"(","version":"1","platform":"linux"})" + std::string(more) + "}";
}

Result<ConnectRequest> read(const std::string& params) {
  const auto json = Json::parse(params);
  EXPECT_TRUE(json.ok()) << params;
  return ConnectRequest::read(json.value());
}

TEST(AConnect, IsReadWhole) {
  const auto request = read(connect_params(
      R"(,"role":"operator","scopes":["operator.write","operator.read"],"caps":["delta-text"],)"
      R"("auth":{"token":"t","password":"p","deviceToken":"d","bootstrapToken":"b"},"locale":"de","userAgent":"x",)"
      R"("device":{"id":"i","publicKey":"k","signature":"s","signedAt":7,"nonce":"n"})"));
  ASSERT_TRUE(request.ok()) << request.error().message;
  const ConnectRequest& r = request.value();
  EXPECT_THAT(r.scopes, ElementsAre("operator.write", "operator.read"));
  EXPECT_TRUE(r.client.has_cap("delta-text"));
  EXPECT_FALSE(r.client.has_cap("delta"));
  EXPECT_EQ(r.token, "t");
  EXPECT_EQ(r.password, "p");
  ASSERT_TRUE(r.device);
  EXPECT_EQ(r.device->scopes, "operator.write,operator.read");
  EXPECT_EQ(r.device->token, "t");
  EXPECT_EQ(r.device->signed_at_ms, 7);
  EXPECT_EQ(r.device->role, "operator");
}

TEST(AConnect, SignsTheFirstTokenThatIsThere) {
  const auto token_of = [](std::string_view auth) {
    return read(connect_params(",\"auth\":" + std::string(auth) +
                               R"(,"device":{"id":"i","publicKey":"k","signature":"s","signedAt":0,"nonce":""})"))
        .value()
        .device->token;
  };
  EXPECT_EQ(token_of(R"({"token":"","deviceToken":"d","bootstrapToken":"b"})"), "d");
  EXPECT_EQ(token_of(R"({"bootstrapToken":"b"})"), "b");
  EXPECT_EQ(token_of(R"({"password":"p"})"), "");
}

TEST(AConnect, HasDefaults) {
  const ConnectRequest request = read(connect_params()).value();
  EXPECT_EQ(request.role, "operator");
  EXPECT_THAT(request.scopes, IsEmpty());
  EXPECT_FALSE(request.device);
}

TEST(AConnect, ThatIsMalformedSaysWhere) {
  const std::pair<std::string, const char*> cases[] = {
      {"{}", "must have required property 'minProtocol'"},
      {"[]", "root: must be object"},
      {connect_params(R"(,"surprise":1)"), "unexpected property 'surprise'"},
      {connect_params({}, "netscape"), "at /client/id: must be equal to one of the allowed values"},
      {connect_params({}, "cli", "CLI"), "at /client/mode"},
      {connect_params(R"(,"scopes":"operator.admin")"), "at /scopes: must be array"},
      {connect_params(R"(,"scopes":["a",null])"), "at /scopes/1: must be string"},
      {connect_params(R"(,"role":7)"), "at /role"},
      {connect_params(R"(,"auth":{"token":7})"), "at /auth/token"},
      {connect_params(R"(,"auth":{"cookie":"x"})"), "unexpected property 'cookie'"},
      {connect_params(R"(,"device":{})"), "must have required property 'publicKey'"},
      {connect_params(R"(,"device":null)"), "at /device: must be object"},
      {connect_params(R"(,"device":{"id":"i","publicKey":"k","signature":"s","signedAt":-1,"nonce":""})"),
       "/device/signedAt"},
      {connect_params(R"(,"device":{"id":"i","publicKey":"k","signature":"s","signedAt":1e400,"nonce":""})"),
       "/device/signedAt"},
      {R"({"minProtocol":0,"maxProtocol":4.5,"client":{}})", "at /maxProtocol"},
      {R"({"minProtocol":"4","maxProtocol":4,"client":7})", "at /client"},
  };
  for (const auto& [params, problem] : cases) {
    const auto json = Json::parse(params);
    if (!json.ok()) continue;  // A number that no reader takes is refused before.
    const auto request = ConnectRequest::read(json.value());
    ASSERT_FALSE(request.ok()) << params;
    EXPECT_THAT(request.error().message, StartsWith("invalid connect params: ")) << params;
    EXPECT_THAT(request.error().message, HasSubstr(problem)) << params;
  }
}

TEST(AConnect, WithTooMuchOfAnythingIsRefused) {
  std::string scopes = R"(,"scopes":["a")";
  for (int i = 0; i < 64; ++i) scopes += ",\"a\"";
  EXPECT_FALSE(read(connect_params(scopes + "]")).ok());
}

class Deciding : public testing::Test {
 protected:
  Decision decided(const std::string& params) {
    auto request = read(params);
    EXPECT_TRUE(request.ok()) << (request.ok() ? "" : request.error().message);
    ConnectQuestion question{request.value(), peer, proof_refusal, now_ms, policy};
    if (auto refusal = refuse_entry(question)) return std::move(*refusal);
    if (auto refusal = refuse_locked(question, attempts)) return std::move(*refusal);
    Decision decision = decide(question, authenticator, known);
    if (auto* refusal = std::get_if<Refusal>(&decision)) {
      count_guess(*refusal, question, attempts);
    } else if (std::get<Grant>(decision).method != "none") {
      attempts.succeeded(peer.caller());
    }
    return decision;
  }
  // "granted <scopes>" or the refusal's message with its details.code.
  std::string told(const std::string& params) {
    const auto decision = decided(params);
    if (const auto* grant = std::get_if<Grant>(&decision)) {
      std::string text = "granted";
      for (const auto name : grant->scopes.names()) text.append(" ").append(name);
      return text;
    }
    const Refusal& refusal = std::get<Refusal>(decision);
    EXPECT_EQ(refusal.close_reason, refusal.error.message);
    const Json details = Json::parse(refusal.error.details.empty() ? "{}" : refusal.error.details).value();
    return std::string(details["code"].text("-")) + " " + refusal.error.message;
  }
  void use(auth::AuthMode mode) { authenticator = auth::Authenticator({mode, Secret("s3cret")}); }

  PeerFacts peer = [] {
    PeerFacts local;
    local.address = "127.0.0.1";
    local.loopback = true;
    local.host = "localhost:18789";
    return local;
  }();
  ConnectPolicy policy{};
  auth::KnownDevice known;                          // What the store says.
  std::optional<auth::ProofRefusal> proof_refusal;  // Whether the device has proven its key.
  auth::Authenticator authenticator{{auth::AuthMode::token, Secret("s3cret")}};
  auth::Attempts attempts;
  const std::string wishes =
      R"(,"scopes":["operator.read","operator.bogus","operator.admin"],"auth":{"token":"s3cret"})";
};

TEST_F(Deciding, ProgramsOfThisMachineKeepTheScopesThatExist) {
  EXPECT_EQ(told(connect_params(wishes)), "granted operator.read operator.admin");
  EXPECT_EQ(told(connect_params(wishes, "gateway-client", "backend")), "granted operator.read operator.admin");
}

TEST_F(Deciding, OthersGetNoScopesWithoutADevice) {
  EXPECT_EQ(told(connect_params(wishes, "test", "test")), "granted");
  EXPECT_EQ(told(connect_params(wishes, "cli", "probe")), "granted");
  EXPECT_EQ(told(connect_params(wishes, "gateway-client", "cli")), "granted");
}

TEST_F(Deciding, APrivateNameOfThisMachineNeedsTheSecret) {
  for (const char* host : {"192.168.1.7:18789", "box.local", "[fd00::1]:18789"}) {
    peer.host = host;
    EXPECT_EQ(told(connect_params(wishes)), "granted operator.read operator.admin") << host;
  }
  use(auth::AuthMode::none);
  EXPECT_THAT(told(connect_params(wishes, "gateway-client", "backend")), StartsWith("DEVICE_IDENTITY_REQUIRED"));
}

TEST_F(Deciding, ANameThatOnlyPointsHereIsNotOfThisMachine) {
  for (const char* host :
       {"127.evil.com", "localhost.evil.com:80", "evil.com", "", "127.0.0.1.evil.com", "[::1", "0x7f.1"}) {
    peer.host = host;
    EXPECT_EQ(told(connect_params(wishes)), "granted") << host;
  }
}

TEST_F(Deciding, VisitorsFromElsewhereGetNoScopesWithoutADevice) {
  peer.loopback = false;
  peer.address = "192.0.2.1";
  EXPECT_EQ(told(connect_params(wishes)), "granted");
  peer.loopback = true;
  peer.forwarded = true;
  EXPECT_EQ(told(connect_params(wishes)), "granted");
}

TEST_F(Deciding, ThePageNeedsADevice) {
  peer.origin = "http://localhost:18789";
  EXPECT_THAT(told(connect_params(wishes, "openclaw-control-ui", "webchat")),
              StartsWith("CONTROL_UI_DEVICE_IDENTITY_REQUIRED"));
  peer.origin.clear();
  EXPECT_THAT(told(connect_params(wishes, "openclaw-tui", "ui")), StartsWith("CONTROL_UI_DEVICE_IDENTITY_REQUIRED"));
}

TEST_F(Deciding, PagesOfOthersAreRefusedBeforeTheirSecretIsLookedAt) {
  peer.origin = "https://evil.example";
  for (int i = 0; i < 20; ++i)
    EXPECT_THAT(told(connect_params(R"(,"auth":{"token":"guess"})")), StartsWith("CONTROL_UI_ORIGIN_NOT_ALLOWED"));
  policy.allowed_origins = {"https://evil.example"};
  EXPECT_THAT(told(connect_params(wishes)), StartsWith("granted"));
}

TEST_F(Deciding, ThePageHasToSayWhereItIsFrom) {
  EXPECT_THAT(told(connect_params(wishes, "openclaw-control-ui", "webchat")),
              StartsWith("CONTROL_UI_ORIGIN_NOT_ALLOWED"));
  EXPECT_THAT(told(connect_params(wishes, "webchat", "webchat")), StartsWith("CONTROL_UI_ORIGIN_NOT_ALLOWED"));
}

TEST_F(Deciding, WrongSecretsAreToldApartFromMissingOnes) {
  EXPECT_THAT(told(connect_params(R"(,"auth":{"token":"wrong"})")),
              StartsWith("AUTH_TOKEN_MISMATCH unauthorized: gateway token mismatch"));
  EXPECT_EQ(told(connect_params()), "DEVICE_IDENTITY_REQUIRED device identity required");
  EXPECT_EQ(told(connect_params(R"(,"auth":{})")), "DEVICE_IDENTITY_REQUIRED device identity required");
  use(auth::AuthMode::password);
  EXPECT_THAT(told(connect_params(R"(,"auth":{"password":"wrong"})")), StartsWith("AUTH_PASSWORD_MISMATCH"));
  EXPECT_EQ(told(connect_params(wishes)), "granted operator.read operator.admin");
}

TEST_F(Deciding, NoRefusalRepeatsTheSecret) {
  for (const char* params : {R"(,"auth":{"token":"gu3ss"})", R"(,"auth":{"password":"gu3ss"})"}) {
    const auto decision = decided(connect_params(params));
    const Error& error = std::get<Refusal>(decision).error;
    EXPECT_THAT(error.message + error.details, testing::Not(testing::AnyOf(HasSubstr("gu3ss"), HasSubstr("s3cret"))));
  }
}

TEST_F(Deciding, GuessesFromElsewhereAreLockedOut) {
  peer.loopback = false;
  peer.address = "192.0.2.1";
  for (int i = 0; i < limits::auth_attempts_max; ++i)
    EXPECT_THAT(told(connect_params(R"(,"auth":{"token":"guess"})")), StartsWith("AUTH_TOKEN_MISMATCH"));
  EXPECT_THAT(told(connect_params(wishes)), StartsWith("AUTH_RATE_LIMITED"));  // The right one, too.
  const auto decision = decided(connect_params(wishes));
  EXPECT_GT(std::get<Refusal>(decision).error.retry_after_ms.value_or(0), 0);
}

TEST_F(Deciding, GuessesOfThisMachineAreHeldBack) {
  const auto guess = [this] {
    return std::get<Refusal>(decided(connect_params(R"(,"auth":{"token":"guess"})"))).delay_ms;
  };
  EXPECT_EQ(guess(), limits::auth_failure_delay_ms_min);
  EXPECT_EQ(guess(), 2 * limits::auth_failure_delay_ms_min);
  EXPECT_EQ(told(connect_params(wishes)), "granted operator.read operator.admin");
  EXPECT_EQ(guess(), limits::auth_failure_delay_ms_min);
}

TEST_F(Deciding, AMissingSecretIsNoGuess) {
  EXPECT_EQ(std::get<Refusal>(decided(connect_params())).delay_ms, 0);
}

TEST_F(Deciding, WithoutAuthenticationOnlyTheBackendNeedsNoDevice) {
  use(auth::AuthMode::none);
  EXPECT_EQ(told(connect_params(wishes, "gateway-client", "backend")), "granted operator.read operator.admin");
  EXPECT_THAT(told(connect_params(wishes)), StartsWith("DEVICE_IDENTITY_REQUIRED"));
  peer.loopback = false;
  EXPECT_THAT(told(connect_params(wishes, "gateway-client", "backend")), StartsWith("DEVICE_IDENTITY_REQUIRED"));
}

TEST_F(Deciding, OnlyThisProtocolIsSpoken) {
  const auto version = [this](const char* min, const char* max, const char* mode = "cli") {
    return told(R"({"minProtocol":)" + std::string(min) + R"(,"maxProtocol":)" + max +
                R"(,"client":{"id":"cli","mode":")" + mode +
                R"(","version":"1","platform":"l"},"auth":{"token":"s3cret"}})");
  };
  EXPECT_EQ(version("4", "4"), "granted");
  EXPECT_EQ(version("1", "99"), "granted");
  for (const auto& [min, max] : {std::pair("3", "3"), std::pair("5", "9"), std::pair("5", "3"), std::pair("1", "3")})
    EXPECT_EQ(version(min, max), "PROTOCOL_MISMATCH protocol mismatch") << min << "-" << max;
  EXPECT_EQ(version("3", "3", "probe"), "granted");
  EXPECT_EQ(version("2", "2", "probe"), "PROTOCOL_MISMATCH protocol mismatch");
}

TEST_F(Deciding, OnlyTheRolesThatExistPass) {
  for (const char* role : {"admin", "", "OPERATOR", "operator "})
    EXPECT_THAT(told(connect_params(R"(,"role":")" + std::string(role) + "\"" + wishes)), HasSubstr("invalid role"))
        << role;
  EXPECT_THAT(told(connect_params(R"(,"role":"node")" + wishes)), StartsWith("DEVICE_IDENTITY_REQUIRED"));
  const auto worker = decided(connect_params(R"(,"role":"worker")" + wishes));
  EXPECT_FALSE(std::get<Refusal>(worker).answered);
  EXPECT_EQ(std::get<Refusal>(worker).close_reason, "invalid-handshake");
}

const std::string device = R"(,"device":{"id":"i","publicKey":"k","signature":"s","signedAt":1,"nonce":"nonce"})";

TEST_F(Deciding, ABadProofIsRefusedAfterTheSecret) {
  proof_refusal = auth::ProofRefusal{"device signature invalid", "DEVICE_AUTH_SIGNATURE_INVALID", "device-signature"};
  EXPECT_EQ(told(connect_params(device + wishes)), "DEVICE_AUTH_SIGNATURE_INVALID device signature invalid");
  EXPECT_THAT(told(connect_params(device + R"(,"auth":{"token":"wrong"})")), StartsWith("AUTH_TOKEN_MISMATCH"));
  const auto wrong = decided(connect_params(device + R"(,"auth":{"token":"wrong"})"));
  EXPECT_THAT(std::get<Refusal>(wrong).error.details, HasSubstr(R"("canRetryWithDeviceToken":true)"));
  for (const char* own : {R"(,"auth":{"deviceToken":"d"})", R"(,"auth":{"bootstrapToken":"b"})"})
    EXPECT_THAT(told(connect_params(device + own)), StartsWith("DEVICE_AUTH_SIGNATURE_INVALID")) << own;
}

TEST_F(Deciding, CredentialsThatNobodyIssuedAreGuesses) {
  EXPECT_THAT(told(connect_params(device + R"(,"auth":{"deviceToken":"d"})")),
              StartsWith("AUTH_DEVICE_TOKEN_MISMATCH unauthorized: device token mismatch"));
  EXPECT_THAT(told(connect_params(device + R"(,"auth":{"bootstrapToken":"b"})")),
              StartsWith("AUTH_BOOTSTRAP_TOKEN_INVALID unauthorized: setup code invalid"));
  EXPECT_THAT(told(connect_params(device)), StartsWith("AUTH_TOKEN_MISSING"));
  const auto guess = decided(connect_params(device + R"(,"auth":{"deviceToken":"d"})"));
  EXPECT_GT(std::get<Refusal>(guess).delay_ms, 0);
}

}  // namespace
}  // namespace omenia::ws
