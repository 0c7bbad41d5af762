// Connecting with a device, as a table: who it is taken for, what was approved before, what happens. Nothing here asks
// a store or a socket.
#include <gmock/gmock.h>

#include "shared/base/ids.h"
#include "shared/json/json.h"
#include "worker/ws/connect.h"

namespace omenia::ws {
namespace {

constexpr const char* secret = "s3cret";
constexpr const char* device_token = "token-of-the-device";

// What is different from a program of this machine with the shared secret and an unknown device.
struct Case {
  std::string name;
  std::function<void(ConnectRequest&)> request = [](ConnectRequest&) {};
  std::function<void(PeerFacts&)> peer = [](PeerFacts&) {};
  std::function<void(auth::KnownDevice&)> known = [](auth::KnownDevice&) {};
  std::function<void(ConnectPolicy&)> policy = [](ConnectPolicy&) {};
  auth::AuthMode mode = auth::AuthMode::token;
  std::string outcome;  // "method: scopes (via)", or details.code and reason.
};

std::ostream& operator<<(std::ostream& out, const Case& test) {
  return out << test.name;
}

void paired(auth::KnownDevice& known) {
  known.paired = true;
  known.revision = 7;
  known.roles = {"operator"};
  known.scopes = {auth::Scope::read, auth::Scope::write};
  known.token_scopes = known.scopes;
  known.platform = "linux";
  known.token_hash = sha256_hex(device_token);
}
void with_setup_code(auth::KnownDevice& known, const char* access) {
  known.setup_id = "setup";
  known.setup_access = access;
}
void remote(PeerFacts& peer) {
  peer.address = "192.0.2.7";
  peer.loopback = false;
  peer.host = "gateway.example";
}
void by_device_token(ConnectRequest& request) {
  request.token.clear();
  request.device_token = device_token;
}
void by_setup_code(ConnectRequest& request) {
  request.token.clear();
  request.bootstrap_token = "code";
}
void as_node(ConnectRequest& request) {
  request.role = "node";
  request.client.id = "node-host";
  request.client.mode = "node";
  request.scopes.clear();
  request.commands = {"system.run", "demo.echo", "system.run"};
}
void admin(ConnectRequest& request) {
  request.scopes = {"operator.read", "operator.admin"};
}
void as_page(ConnectRequest& request) {
  request.client.id = "openclaw-control-ui";
  request.client.mode = "webchat";
}

using R = ConnectRequest;
using P = PeerFacts;
using K = auth::KnownDevice;
using O = ConnectPolicy;

const std::vector<Case> cases = {
    {.name = "NewHere", .outcome = "token: operator.read (silent)"},
    {.name = "NewHereWhenTheOperatorIsToBeAsked",
     .policy = [](O& o) { o.approve_local = false; },
     .outcome = "PAIRING_REQUIRED not-paired"},
    {.name = "NewFromElsewhere", .peer = remote, .outcome = "PAIRING_REQUIRED not-paired"},
    {.name = "NewBehindAProxyHere", .peer = [](P& p) { p.forwarded = true; }, .outcome = "PAIRING_REQUIRED not-paired"},
    {.name = "NewByANameThatOnlyPointsHere",
     .peer = [](P& p) { p.host = "127.evil.com"; },
     .outcome = "PAIRING_REQUIRED not-paired"},
    {.name = "NewByAPrivateName",
     .peer = [](P& p) { p.host = "10.0.0.5"; },
     .outcome = "token: operator.read (silent)"},
    {.name = "NewByAPrivateNameWithoutASecret",
     .peer = [](P& p) { p.host = "10.0.0.5"; },
     .mode = auth::AuthMode::none,
     .outcome = "PAIRING_REQUIRED not-paired"},
    {.name = "NewFromSomePage",
     .peer = [](P& p) { p.origin = "http://localhost:3000"; },
     .outcome = "PAIRING_REQUIRED not-paired"},
    {.name = "NewFromOurPage",
     .request = as_page,
     .peer = [](P& p) { p.origin = "http://localhost:18789"; },
     .outcome = "token: operator.read (silent)"},
    {.name = "NewWithoutAuthentication", .mode = auth::AuthMode::none, .outcome = "none: operator.read (silent)"},
    {.name = "NewWithUnknownScopes",
     .request =
         [](R& r) {
           r.scopes = {"operator.root", "operator.read"};
         },
     .outcome = "token: operator.read (silent)"},
    {.name = "HelperWithAThrowAwayKey",
     .request = [](R& r) { r.client.id = "gateway-client", r.client.mode = "backend"; },
     .outcome = "token: operator.read"},
    {.name = "HelperFromElsewhere",
     .request = [](R& r) { r.client.id = "gateway-client", r.client.mode = "backend"; },
     .peer = remote,
     .outcome = "PAIRING_REQUIRED not-paired"},

    {.name = "Paired", .known = paired, .outcome = "token: operator.read"},
    {.name = "PairedElsewhere", .peer = remote, .known = paired, .outcome = "token: operator.read"},
    {.name = "PairedWantsMoreHere",
     .request = admin,
     .known = paired,
     .outcome = "token: operator.read operator.admin (silent)"},
    {.name = "PairedWantsMoreElsewhere",
     .request = admin,
     .peer = remote,
     .known = paired,
     .outcome = "PAIRING_REQUIRED scope-upgrade"},
    {.name = "PairedWantsToBeANode", .request = as_node, .known = paired, .outcome = "PAIRING_REQUIRED role-upgrade"},
    {.name = "NodeWantsToBeAnOperatorHere",
     .known = [](K& k) { paired(k), k.roles = {"node"}, k.scopes = {}; },
     .outcome = "token: operator.read (silent)"},
    {.name = "AnotherMachine",
     .request = [](R& r) { r.client.platform = "windows"; },
     .known = paired,
     .outcome = "PAIRING_REQUIRED metadata-upgrade"},
    {.name = "AnotherMachineThatWantsMore",
     .request = [](R& r) { admin(r), r.client.platform = "windows"; },
     .known = paired,
     .outcome = "PAIRING_REQUIRED metadata-upgrade"},
    {.name = "AnotherMachineWithANativeApp",
     .request = [](R& r) { r.client.id = "openclaw-macos", r.client.platform = "macos"; },
     .known = paired,
     .outcome = "token: operator.read (silent)"},
    {.name = "AnotherVersionOfTheSystem",
     .request = [](R& r) { r.client.platform = "iOS 18.2"; },
     .peer = remote,
     .known = [](K& k) { paired(k), k.platform = "ios 17"; },
     .outcome = "token: operator.read"},

    {.name = "DeviceToken",
     .request = by_device_token,
     .peer = remote,
     .known = paired,
     .outcome = "device-token: operator.read"},
    {.name = "DeviceTokenInTheTokenField",
     .request = [](R& r) { r.token = device_token; },
     .peer = remote,
     .known = paired,
     .outcome = "device-token: operator.read"},
    {.name = "DeviceTokenBesideAWrongToken",
     .request = [](R& r) { r.token = "wrong", r.device_token = device_token; },
     .known = paired,
     .outcome = "device-token: operator.read"},
    {.name = "DeviceTokenBefore",
     .request = by_device_token,
     .known = [](K& k) { paired(k), k.previous_hash = k.token_hash, k.token_hash = sha256_hex("another"); },
     .outcome = "device-token: operator.read"},
    {.name = "DeviceTokenWrong",
     .request = [](R& r) { r.token.clear(), r.device_token = "guess"; },
     .known = paired,
     .outcome = "AUTH_DEVICE_TOKEN_MISMATCH device_token_mismatch"},
    {.name = "DeviceTokenOfNobody",
     .request = by_device_token,
     .outcome = "AUTH_DEVICE_TOKEN_MISMATCH device_token_mismatch"},
    {.name = "DeviceTokenWantsMoreThanItHas",
     .request = [](R& r) { by_device_token(r), admin(r); },
     .known = paired,
     .outcome = "AUTH_SCOPE_MISMATCH scope_mismatch"},
    {.name = "NarrowedDeviceToken",
     .request = [](R& r) { by_device_token(r), r.scopes = {"operator.write"}; },
     .known = [](K& k) { paired(k), k.token_scopes = {auth::Scope::read}; },
     .outcome = "AUTH_SCOPE_MISMATCH scope_mismatch"},

    {.name = "SetupCode",
     .request = by_setup_code,
     .peer = remote,
     .known = [](K& k) { with_setup_code(k, "limited"); },
     .outcome = "bootstrap-token: operator.read (setup-code)"},
    {.name = "SetupCodeGivesNoMoreThanItSays",
     .request = [](R& r) { by_setup_code(r), admin(r); },
     .peer = remote,
     .known = [](K& k) { with_setup_code(k, "limited"); },
     .outcome = "bootstrap-token: operator.read (setup-code)"},
    {.name = "SetupCodeForANodeOnly",
     .request = by_setup_code,
     .known = [](K& k) { with_setup_code(k, "node"); },
     .outcome = "AUTH_BOOTSTRAP_TOKEN_INVALID bootstrap_token_invalid"},
    {.name = "SetupCodeOfNobody",
     .request = by_setup_code,
     .outcome = "AUTH_BOOTSTRAP_TOKEN_INVALID bootstrap_token_invalid"},

    {.name = "NodeHere", .request = as_node, .outcome = "token: node (silent)"},
    {.name = "NodeFromElsewhere", .request = as_node, .peer = remote, .outcome = "PAIRING_REQUIRED not-paired"},
    {.name = "NodeFromATrustedNetwork",
     .request = as_node,
     .peer = remote,
     .policy = [](O& o) { o.approved_networks = {"192.0.2.0/24"}; },
     .outcome = "token: node (cidr)"},
    {.name = "OperatorFromATrustedNetwork",
     .peer = remote,
     .policy = [](O& o) { o.approved_networks = {"192.0.2.0/24"}; },
     .outcome = "PAIRING_REQUIRED not-paired"},

    {.name = "UserOfAProxy",
     .request = [](R& r) { r.token.clear(); },
     .peer = [](P& p) { remote(p), p.forwarded = true, p.user = "alice"; },
     .mode = auth::AuthMode::trusted_proxy,
     .outcome = "PAIRING_REQUIRED not-paired"},
    {.name = "UserOfAProxyThatApproves",
     .request = [](R& r) { r.token.clear(); },
     .peer = [](P& p) { remote(p), p.forwarded = true, p.user = "alice"; },
     .policy = [](O& o) { o.approve_vouched = true, o.vouched_scopes = {auth::Scope::read}; },
     .mode = auth::AuthMode::trusted_proxy,
     .outcome = "trusted-proxy: operator.read (trusted-proxy)"},
    {.name = "UserOfAProxyThatApprovesLess",
     .request = [](R& r) { r.token.clear(), admin(r); },
     .peer = [](P& p) { remote(p), p.forwarded = true, p.user = "alice"; },
     .policy = [](O& o) { o.approve_vouched = true, o.vouched_scopes = {auth::Scope::read}; },
     .mode = auth::AuthMode::trusted_proxy,
     .outcome = "PAIRING_REQUIRED not-paired"},
    {.name = "NobodyNamesAUser",
     .request = [](R& r) { r.token.clear(); },
     .peer = [](P& p) { remote(p), p.no_user_reason = "trusted_proxy_user_missing"; },
     .mode = auth::AuthMode::trusted_proxy,
     .outcome = "AUTH_UNAUTHORIZED trusted_proxy_user_missing"},
    {.name = "PasswordOfThisMachineBesideTheProxy",
     .mode = auth::AuthMode::trusted_proxy,
     .outcome = "password: operator.read (silent)"},
    {.name = "PasswordFromElsewhereIsNoWayAroundTheProxy",
     .peer = remote,
     .mode = auth::AuthMode::trusted_proxy,
     .outcome = "AUTH_PASSWORD_MISMATCH password_mismatch"},
};

class WithADevice : public testing::TestWithParam<Case> {};

std::string told(const Decision& decision) {
  if (const auto* refusal = std::get_if<Refusal>(&decision)) {
    const Json details = Json::parse(refusal->error.details).value();
    const std::string_view reason = details["reason"].text(details["authReason"].text());
    return std::string(details["code"].text()) + " " + std::string(reason);
  }
  const Grant& grant = std::get<Grant>(decision);
  std::string text = grant.method + ":";
  for (const std::string_view name : grant.scopes.names()) text.append(" ").append(name);
  if (grant.role == auth::Role::node) text += " node";
  if (grant.admission && !grant.admission->approved_via.empty()) text += " (" + grant.admission->approved_via + ")";
  return text;
}

TEST_P(WithADevice, TheOutcomeIs) {
  const Case& test = GetParam();
  ConnectRequest request;
  request.protocol_min = request.protocol_max = 4;
  request.client.id = request.client.mode = "cli";
  request.client.platform = "linux";
  request.scopes = {"operator.read"};
  request.token = secret;
  request.device = auth::DeviceClaim{};
  request.device->id = "device";
  test.request(request);
  PeerFacts peer{.address = "127.0.0.1", .loopback = true, .host = "localhost:18789"};
  test.peer(peer);
  auth::KnownDevice known;
  test.known(known);
  ConnectPolicy policy;
  test.policy(policy);
  const auth::Authenticator authenticator({test.mode, Secret(secret)});
  const ConnectQuestion question{request, peer, std::nullopt, 1'000, policy};
  ASSERT_FALSE(refuse_entry(question));
  const Decision decision = decide(question, authenticator, known);
  EXPECT_EQ(told(decision), test.outcome);
  if (const auto* grant = std::get_if<Grant>(&decision); grant && grant->admission) {
    EXPECT_EQ(grant->admission->revision, known.revision);
  }
}

INSTANTIATE_TEST_SUITE_P(Connect, WithADevice, testing::ValuesIn(cases),
                         [](const auto& info) { return info.param.name; });

TEST(APairingRefusal, SaysWhoWasSeenWhatIsMissingAndWhichCommandGrantsIt) {
  Refusal refusal;
  refusal.error.message = refusal.close_reason = "pairing required: device is not approved yet";
  refusal.error.details = R"({"code":"PAIRING_REQUIRED","reason":"not-paired","deviceId":"d"})";
  const Refusal told = with_request_id(std::move(refusal), "abc");
  const Json details = Json::parse(told.error.details).value();
  EXPECT_EQ(details["requestId"].text(), "abc");
  EXPECT_EQ(details["deviceId"].text(), "d");
  EXPECT_THAT(std::string(details["remediationHint"].text()), testing::HasSubstr("OmeniaClaw devices approve abc"));
  EXPECT_EQ(told.close_reason, "pairing required: device is not approved yet (requestId: abc)");
}

}  // namespace
}  // namespace omenia::ws
