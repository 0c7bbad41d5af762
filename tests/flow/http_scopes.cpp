// Who is known by more than the shared secret can give up rights for a request; nobody can take some.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

constexpr const char* missing_write =
    R"({"ok":false,"error":{"type":"forbidden","message":"missing scope: operator.write","details":)"
    R"({"code":"MISSING_SCOPE","missingScope":"operator.write","requiredScopes":["operator.write"]}}})";
constexpr const char* missing_read =
    R"({"ok":false,"error":{"type":"forbidden","message":"missing scope: operator.read","details":)"
    R"({"code":"MISSING_SCOPE","missingScope":"operator.read","requiredScopes":["operator.read"]}}})";

class Scopes : public FlowNotStarted {
 protected:
  void start(const std::string& auth, const std::string& more = {}) {
    gateway.instance().write_config("{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) +
                                    ", trustedProxies: ['127.0.0.1'], auth: {" + auth + "}" + more + "}}");
    ASSERT_TRUE(gateway.start());
  }
  HttpAnswer models(const std::string& headers) {
    return http(gateway.port(), {.target = "/v1/models", .token = token, .headers = headers});
  }
  HttpAnswer embeddings(const std::string& headers) {
    return http(gateway.port(), {.method = "POST",
                                 .target = "/v1/embeddings",
                                 .token = token,
                                 .headers = headers,
                                 .body = R"({"model":"OmeniaClaw","input":"hi"})"});
  }
  static std::string scopes(const std::string& names) { return "x-OmeniaClaw-scopes: " + names + "\r\n"; }

  // What a caller may give up, whoever he is.
  void expect_narrowing(const std::string& who) {
    EXPECT_EQ(models(who).status, 200);
    EXPECT_EQ(embeddings(who).status, 200);
    EXPECT_EQ(models(who + scopes("operator.read")).status, 200);
    EXPECT_EQ(embeddings(who + scopes(" operator.read , operator.talk")).body, missing_write);
    EXPECT_EQ(embeddings(who + scopes("operator.write")).status, 200);
    EXPECT_EQ(models(who + scopes("operator.write")).status, 200) << "write implies read";
    EXPECT_EQ(models(who + scopes("operator.admin")).status, 200) << "admin implies all";
    EXPECT_EQ(models(who + scopes("")).body, missing_read) << "there, and empty: none";
    EXPECT_EQ(models(who + scopes("operator.nonsense")).body, missing_read);
    EXPECT_EQ(models(who + scopes("operator.pairing")).status, 403);
    EXPECT_EQ(models(who + scopes("operator.pairing") + scopes("operator.read")).status, 200) << "both lines count";
  }
  std::string token;
};

TEST_F(Scopes, AreGivenUpInModeNone) {
  start("mode: 'none'");
  expect_narrowing("");
}

TEST_F(Scopes, AreGivenUpBehindAProxy) {
  start("mode: 'trusted-proxy', trustedProxy: {userHeader: 'x-user', allowLoopback: true}");
  expect_narrowing("X-Forwarded-For: 203.0.113.9\r\nX-User: ann@example.com\r\n");
}

TEST_F(Scopes, OfAUserBehindAProxyAreAtMostWhatIsWrittenDown) {
  start("mode: 'trusted-proxy', trustedProxy: {userHeader: 'x-user', allowLoopback: true, scopes: ['operator.read']}");
  const std::string ann = "X-Forwarded-For: 203.0.113.9\r\nX-User: ann@example.com\r\n";
  EXPECT_EQ(models(ann).status, 200);
  EXPECT_EQ(embeddings(ann).body, missing_write);
  EXPECT_EQ(embeddings(ann + scopes("operator.admin")).body, missing_write);
  EXPECT_EQ(models(ann + scopes("operator.admin")).status, 403) << "a wish for more gives nothing";
}

// Whoever knows the shared secret is the operator: what he writes in a header neither gives nor takes.
TEST_F(Scopes, AreNotLookedAtBesideTheSecret) {
  for (const char* auth :
       {"mode: 'token', token: 'the-shared-secret'", "mode: 'password', password: 'the-shared-secret'"}) {
    token = "the-shared-secret";
    start(auth);
    EXPECT_EQ(models(scopes("")).status, 200) << auth;
    EXPECT_EQ(embeddings(scopes("operator.read")).status, 200) << auth;
    token = "wrong";
    EXPECT_EQ(models(scopes("operator.admin")).status, 401) << auth;
    gateway.stop();
  }
}

TEST_F(Scopes, OfThisMachinesOwnPasswordAreAll) {
  token = "local-password";
  start("mode: 'trusted-proxy', password: 'local-password', trustedProxy: {userHeader: 'x-user'}");
  EXPECT_EQ(embeddings(scopes("operator.read")).status, 200);
}

}  // namespace
}  // namespace omenia::test
