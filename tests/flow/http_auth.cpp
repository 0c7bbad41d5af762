// The same credential for every endpoint, and nothing without it.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

HttpRequest models(const std::string& headers) {
  return {.target = "/v1/models", .headers = headers};
}

TEST_F(Flow, EveryEndpointWantsTheToken) {
  const HttpRequest requests[] = {
      {.target = "/v1/models"},
      {.target = "/v1/models/OmeniaClaw"},
      {.method = "POST", .target = "/v1/chat/completions", .body = chat_body("OmeniaClaw", "hi")},
      {.method = "POST", .target = "/v1/embeddings", .body = R"({"model":"OmeniaClaw","input":"hi"})"}};
  for (HttpRequest request : requests) {
    const HttpAnswer missing = http(gateway.port(), request);
    EXPECT_EQ(missing.status, 401) << request.target;
    EXPECT_EQ(missing.body, R"({"error":{"message":"Unauthorized","type":"unauthorized"}})") << request.target;
    request.token = "wrong";
    EXPECT_EQ(http(gateway.port(), request).status, 401) << request.target;
    request.token = gateway.token();
    EXPECT_EQ(http(gateway.port(), request).status, 200) << request.target;
  }
}

TEST_F(Flow, TheSchemeIsReadInAnyLetterCase) {
  EXPECT_EQ(http(gateway.port(), models("authorization: bEaReR  " + gateway.token() + " \r\n")).status, 200);
}

TEST_F(Flow, OtherCredentialsAreNotTaken) {
  EXPECT_EQ(http(gateway.port(), models("Authorization: Basic " + gateway.token() + "\r\n")).status, 401);
  EXPECT_EQ(http(gateway.port(), models("x-api-key: " + gateway.token() + "\r\n")).status, 401);
  EXPECT_EQ(http(gateway.port(), {.target = "/v1/models?token=" + gateway.token()}).status, 401);
}

TEST_F(Flow, WithABearerTheOriginDoesNotMatter) {
  const HttpAnswer answer = http(
      gateway.port(), {.target = "/v1/models", .token = gateway.token(), .headers = "Origin: http://evil.example\r\n"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "");
}

TEST_F(Flow, ALargeBodyWithoutACredentialIsNotRead) {
  HttpClient client(gateway.port());
  client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n{");
  EXPECT_EQ(client.read().status, 401);
}

TEST_F(FlowNotStarted, GuessingIsSlowedDownOrLockedOut) {
  gateway.instance().write_config("{\"gateway\":{\"mode\":\"local\",\"port\":" + std::to_string(gateway.port()) +
                                  ",\"auth\":{\"token\":\"" + gateway.token() +
                                  R"(","rateLimit":{"maxAttempts":3,"exemptLoopback":false}}}})");
  ASSERT_TRUE(gateway.start());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(http(gateway.port(), {.target = "/v1/models", .token = "wrong"}).status, 401);
  const HttpAnswer locked = http(gateway.port(), {.target = "/v1/models", .token = gateway.token()});
  EXPECT_EQ(locked.status, 429);
  EXPECT_EQ(locked.json()["error"]["type"].text(), "rate_limited");
  EXPECT_GT(std::atoi(locked.header("Retry-After").c_str()), 0);
  EXPECT_EQ(http(gateway.port(), {.target = "/healthz"}).status, 200);
  EXPECT_EQ(http(gateway.port(), {.target = "/v1/models"}).status, 429) << "also without any credential";
}

class Modes : public FlowNotStarted {
 protected:
  void start(const std::string& auth, const std::string& more = {}) {
    gateway.instance().write_config("{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) + ", auth: {" +
                                    auth + "}, " + more + "}}");
    ASSERT_TRUE(gateway.start());
  }
  int status(const std::string& token, const std::string& headers = {}) {
    return http(gateway.port(), {.target = "/v1/models", .token = token, .headers = headers}).status;
  }
};

TEST_F(Modes, TokenTakesTheTokenAlone) {
  start("mode: 'token', token: 'the-token', password: 'the-password'");
  EXPECT_EQ(status(""), 401);
  EXPECT_EQ(status("the-password"), 401);
  EXPECT_EQ(status("the-token"), 200);
}

TEST_F(Modes, PasswordTakesThePasswordAlone) {
  start("mode: 'password', token: 'the-token', password: 'the-password'");
  EXPECT_EQ(status(""), 401);
  EXPECT_EQ(status("the-token"), 401);
  EXPECT_EQ(status("the-password"), 200);
}

TEST_F(Modes, NoneTakesWhateverIsShown) {
  start("mode: 'none'");
  EXPECT_EQ(status(""), 200);
  EXPECT_EQ(status("anything"), 200);
}

// Who gives up being the owner may not choose a provider's model.
TEST_F(Modes, NoneLetsTheOwnerAloneChooseTheModel) {
  start("mode: 'none'");
  const auto answer_to = [&](const std::string& scopes) {
    return http(gateway.port(), {.method = "POST",
                                 .target = "/v1/chat/completions",
                                 .headers = "x-OmeniaClaw-model: builtin/echo\r\n" + scopes,
                                 .body = chat_body("OmeniaClaw", "hi")});
  };
  EXPECT_EQ(answer_to("").status, 200);
  EXPECT_EQ(answer_to("x-OmeniaClaw-scopes: operator.admin\r\n").status, 200);
  const HttpAnswer refused = answer_to("x-OmeniaClaw-scopes: operator.write\r\n");
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.body, HasSubstr("missing scope: operator.admin"));
}

// A browser sends requests for any page; without a credential of its own the page is what counts.
TEST_F(Modes, NoneTakesPagesOfThisMachineAndListedOnes) {
  start("mode: 'none'", "controlUi: {allowedOrigins: ['https://ui.example']}");
  for (const char* origin :
       {"http://localhost:3000", "http://127.0.0.1:18789", "https://ui.example", "HTTPS://UI.example"})
    EXPECT_EQ(status("", "Origin: " + std::string(origin) + "\r\n"), 200) << origin;
  for (const char* origin : {"https://evil.example", "null", "http://localhost.evil.example", "file://", ""})
    EXPECT_EQ(status("", "Origin: " + std::string(origin) + "\r\n"), 401) << origin;
  EXPECT_EQ(status("", "Sec-Fetch-Site: cross-site\r\n"), 401) << "an image of another page's";
  EXPECT_EQ(status("", "Sec-Fetch-Site: same-origin\r\n"), 200);
}

class BehindProxy : public Modes {
 protected:
  void start_behind(const std::string& more = {}) {
    start(
        "mode: 'trusted-proxy', password: 'local-password', trustedProxy: {userHeader: 'X-User', allowLoopback: true" +
            more + "}",
        "trustedProxies: ['127.0.0.1'], controlUi: {allowedOrigins: ['https://ui.example']}");
  }
  static std::string user(const std::string& name) {
    return "X-Forwarded-For: 203.0.113.9\r\nX-User: " + name + "\r\n";
  }
};

TEST_F(BehindProxy, TheUserIsWhomTheProxyNames) {
  start_behind(", allowUsers: ['ann'], requiredHeaders: ['X-Passed']");
  EXPECT_EQ(status("", user("ann") + "X-Passed: yes\r\n"), 200);
  EXPECT_EQ(status("", user("ann")), 401) << "a required header is missing";
  EXPECT_EQ(status("", user("ann") + "X-Passed: \r\n"), 401) << "or blank";
  EXPECT_EQ(status("", user("Ann") + "X-Passed: yes\r\n"), 401) << "users are compared exactly";
  EXPECT_EQ(status("", user("") + "X-Passed: yes\r\n"), 401);
  EXPECT_EQ(status("", "X-User: ann\r\nX-Passed: yes\r\nX-Forwarded-For: nobody\r\n"), 403) << "no client address";
  EXPECT_EQ(status("", user("ann") + "X-Passed: yes\r\nOrigin: https://evil.example\r\n"), 401);
  EXPECT_EQ(status("", user("ann") + "X-Passed: yes\r\nOrigin: https://ui.example\r\n"), 200);
}

TEST_F(BehindProxy, ProgramsOfThisMachineUseThePassword) {
  start_behind();
  EXPECT_EQ(status(""), 401);
  EXPECT_EQ(status("local-password"), 200);
  EXPECT_EQ(status("wrong"), 401);
  EXPECT_EQ(status("local-password", "X-Forwarded-For: 203.0.113.9\r\n"), 401)
      << "behind the proxy it is no way around";
}

TEST_F(BehindProxy, AProxyOfThisMachineIsBelievedOnlyWhenThatIsAllowed) {
  start("mode: 'trusted-proxy', trustedProxy: {userHeader: 'X-User'}", "trustedProxies: ['127.0.0.1']");
  EXPECT_EQ(status("", user("ann")), 401);
}

TEST_F(BehindProxy, GuessersAreToldApartByTheClientsAddress) {
  start("mode: 'token', token: 'the-token', rateLimit: {maxAttempts: 2, lockoutMs: 1000}",
        "trustedProxies: ['127.0.0.1']");
  const std::string guesser = "X-Forwarded-For: 203.0.113.9\r\n";
  const auto from_page = [&](int number) {
    return guesser + "Origin: https://page" + std::to_string(number) + ".example\r\n";
  };
  for (int i = 0; i < 2; ++i) EXPECT_EQ(status("guess", from_page(i)), 401);
  EXPECT_EQ(status("the-token", guesser), 429);
  EXPECT_EQ(status("the-token", from_page(3)), 429) << "the page that is named makes nobody another";
  EXPECT_EQ(status("the-token", "X-Forwarded-For: 203.0.113.10\r\n"), 200);
  EXPECT_EQ(status("the-token"), 200) << "this machine itself";
  EXPECT_TRUE(eventually([&] { return status("the-token", guesser) == 200; })) << "the lock ends";
}

TEST_F(BehindProxy, AnotherHeaderNamesTheClientWhereTheOperatorSaysSo) {
  const std::string real_ip = "X-Real-IP: 203.0.113.9\r\n";
  start("mode: 'token', token: 'the-token'", "trustedProxies: ['127.0.0.1'], allowRealIpFallback: true");
  EXPECT_EQ(status("the-token", real_ip), 200);
  EXPECT_EQ(status("the-token", "X-Real-IP: 127.0.0.1\r\n"), 403);
  EXPECT_EQ(status("the-token", real_ip + real_ip), 403) << "one of them may be the visitor's own";
  EXPECT_EQ(status("the-token", real_ip + "X-Forwarded-For: nobody\r\n"), 403) << "the list counts where there is one";
}

TEST_F(BehindProxy, ReadinessTellsDetailsToWhomTheProxyNames) {
  start_behind();
  const auto ready = [this](const std::string& headers) {
    return http(gateway.port(), {.target = "/readyz", .headers = headers}).json();
  };
  EXPECT_TRUE(ready(user("ann"))["uptimeMs"].is_integer());
  EXPECT_FALSE(ready("X-Forwarded-For: 203.0.113.9\r\n")["uptimeMs"]);
}

// A page that may call at all is counted as such: loopback is no excuse for guessing.
TEST_F(Modes, APageIsLockedOutOnThisMachineToo) {
  start("mode: 'token', token: 'the-token', rateLimit: {maxAttempts: 2}");
  const std::string page = "Origin: http://localhost:3000\r\n";
  for (int i = 0; i < 2; ++i) EXPECT_EQ(status("guess", page), 401);
  EXPECT_EQ(status("the-token", page), 429);
  EXPECT_EQ(status("the-token"), 200);
}

}  // namespace
}  // namespace omenia::test
