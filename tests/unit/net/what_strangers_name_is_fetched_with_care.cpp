// Fetching what a stranger has named: the addresses, hosts, redirects, bytes and time that it keeps to.
#include <gmock/gmock.h>

#include "shared/base/limits.h"
#include "tests/unit/net/outbound_fixture.h"
#include "worker/net/fetch.h"
#include "worker/net/public_address.h"

namespace omenia::test {
namespace {

using net::Fetched;
using net::FetchRules;
using net::url_joined;
using testing::HasSubstr;

std::string redirect_to(const std::string& url, int status = 302) {
  return answer_of(status, "", "Location: " + url + "\r\n");
}

class Fetching : public OutboundFixture {
 protected:
  Fetching() : OutboundFixture(net::Outbound::Ways::all) {}

  Result<Fetched> fetch(const std::string& url) { return run(net::fetch(outbound.get(), url, rules, {})); }
  ErrorCode refusal(const std::string& url) {
    const auto fetched = fetch(url);
    EXPECT_FALSE(fetched.ok()) << url;
    return fetched.ok() ? ErrorCode::internal : fetched.error().code;
  }
  static bool is_port(const sockaddr& address, int port) {
    return address.sa_family == AF_INET && reinterpret_cast<const sockaddr_in&>(address).sin_port == htons(port);
  }

  FetchRules rules{.may_connect = [](const sockaddr&) { return true; },
                   .hosts = {},
                   .bytes_max = 1000,
                   .redirects_max = 3,
                   .time_ms_max = 5'000};
};

TEST_F(Fetching, BringsTheDocumentAndItsType) {
  std::string request;
  ScriptedServer server([&](Connection& connection) {
    request = connection.read_request();
    connection.send(answer_of(200, "pixels", "", "Image/PNG; x=y"));
  });
  const auto fetched = fetch(server.url("/a%20b?c=d"));
  ASSERT_TRUE(fetched.ok()) << fetched.error().message;
  EXPECT_EQ(fetched.value().body, "pixels");
  EXPECT_EQ(fetched.value().content_type, "image/png");
  EXPECT_TRUE(request.starts_with("GET /a%20b?c=d HTTP/1.1\r\n")) << request;
}

TEST_F(Fetching, AsksAboutEveryAddressAndConnectsToNoOther) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(200, "inside"));
  });
  rules.may_connect = net::is_public_address;
  const std::string port = ":" + std::to_string(server.port()) + "/";
  for (const std::string host : {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "127.1",
                                 "2130706433", "0x7f000001", "0177.0.0.1", "LOCALHOST"}) {
    const auto fetched = fetch("http://" + host + port);
    ASSERT_FALSE(fetched.ok()) << host;
    EXPECT_EQ(fetched.error().code, ErrorCode::forbidden) << host << ": " << fetched.error().message;
  }
  EXPECT_EQ(refusal("http://169.254.169.254/latest/meta-data/"), ErrorCode::forbidden);
  EXPECT_EQ(refusal("http://10.0.0.1/"), ErrorCode::forbidden);
  EXPECT_EQ(server.accepted(), 0);
}

TEST_F(Fetching, UsesNoConnectionThatStands) {
  ScriptedServer server([](Connection& connection) {
    while (!connection.read_request().empty()) connection.send(answer_of(200, "{}"));
  });
  ASSERT_TRUE(ask(to(server)).ok());
  ASSERT_TRUE(ask(to(server)).ok());
  EXPECT_EQ(server.accepted(), 1) << "what our own requests share";
  rules.may_connect = net::is_public_address;
  EXPECT_EQ(refusal(server.url()), ErrorCode::forbidden);
  rules.may_connect = [](const sockaddr&) { return true; };
  EXPECT_TRUE(fetch(server.url()).ok());
  EXPECT_EQ(server.accepted(), 2);
}

TEST_F(Fetching, FollowsRedirectsAndAsksAgain) {
  ScriptedServer end([](Connection& connection) {
    connection.read_request();
    connection.send(answer_of(200, "there"));
  });
  ScriptedServer start([&](Connection& connection) {
    connection.read_request();
    connection.send(redirect_to(end.url("/x"), 301 + connection.number() % 2));
  });
  EXPECT_EQ(fetch(start.url()).value().body, "there");
  rules.may_connect = [&](const sockaddr& address) { return is_port(address, start.port()); };
  EXPECT_EQ(refusal(start.url()), ErrorCode::forbidden);
  EXPECT_EQ(end.accepted(), 1) << "the redirect to what may not be asked was not followed";
  rules.may_connect = [](const sockaddr&) { return true; };
  rules.hosts = {"localhost"};
  EXPECT_EQ(refusal("http://localhost:" + std::to_string(start.port())), ErrorCode::invalid_request)
      << "the host that a redirect names has to be allowed too";
}

TEST_F(Fetching, FollowsAFewRedirects) {
  ScriptedServer server([](Connection& connection) {
    const std::string request = connection.read_request();
    const int number = request[5] - '0';
    connection.send(number == 0 ? answer_of(200, "end") : redirect_to("/" + std::to_string(number - 1), 307));
  });
  EXPECT_EQ(fetch(server.url("/3")).value().body, "end");
  EXPECT_EQ(refusal(server.url("/4")), ErrorCode::provider_broken);
  rules.redirects_max = 0;
  EXPECT_EQ(refusal(server.url("/1")), ErrorCode::provider_broken);
}

TEST_F(Fetching, LeavesHttpForNothing) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(redirect_to("file:///etc/passwd"));
  });
  EXPECT_EQ(refusal(server.url()), ErrorCode::invalid_request);
}

TEST_F(Fetching, TakesHostsThatAreAllowed) {
  rules.hosts = {"good.example", "*.wide.example"};
  rules.may_connect = [](const sockaddr&) { return false; };
  for (const char* url : {"http://bad.example/", "http://good.example.evil.example/", "http://agood.example/",
                          "http://wide.example/", "http://evilwide.example/", "http://good.example./"})
    EXPECT_EQ(refusal(url), ErrorCode::invalid_request) << url;
}

TEST_F(Fetching, TakesUrlsThatCanBeReadInOneWay) {
  for (const char* url : {"",
                          "x",
                          "/",
                          "file:///etc/passwd",
                          "ftp://host/",
                          "gopher://host/",
                          "javascript:alert(1)",
                          "data:,x",
                          "http://",
                          "http:///x",
                          "http://user@host/",
                          "http://a:b@host/",
                          "http://good.example@127.0.0.1/",
                          "http://host\\@evil/",
                          "http://ho st/",
                          "http://host\r\nX: y/",
                          "http://h\x01st/",
                          "http://höst/",
                          "http://host%2f.evil/",
                          "http://host%00/",
                          "http://[::1/",
                          "http://[fe80::1%25lo]/",
                          "http://host:0/",
                          "http://host:99999/",
                          "http://host:x/",
                          "//host/",
                          "http:/host/"})
    EXPECT_EQ(refusal(url), ErrorCode::invalid_request) << url;
  EXPECT_EQ(refusal("http://host/" + std::string(limits::input_url_chars_max, 'x')), ErrorCode::invalid_request);
}

TEST_F(Fetching, TakesSoManyBytesAndNoMore) {
  const auto serving = [](std::size_t size, bool with_length) {
    return [size, with_length](Connection& connection) {
      connection.read_request();
      const std::string body(size, 'x');
      if (with_length) {
        connection.send(answer_of(200, body));
      } else {
        connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body);
        connection.close();
      }
    };
  };
  for (const bool with_length : {true, false}) {
    ScriptedServer fits(serving(1000, with_length));
    EXPECT_EQ(fetch(fits.url()).value().body.size(), 1000u);
    ScriptedServer larger(serving(1001, with_length));
    EXPECT_EQ(refusal(larger.url()), ErrorCode::provider_broken);
  }
  ScriptedServer endless([](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\n\r\n");
    while (connection.send(std::string(1000, 'x'))) continue;
  });
  EXPECT_EQ(refusal(endless.url()), ErrorCode::provider_broken);
}

TEST_F(Fetching, TakesSomeTimeAndNoMore) {
  ScriptedServer silent([](Connection& connection) {
    connection.read_request();
    connection.wait_for_close();
  });
  ScriptedServer slow([](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx");
    connection.wait_for_close();
  });
  rules.time_ms_max = 100;
  EXPECT_EQ(refusal(silent.url()), ErrorCode::provider_timeout);
  EXPECT_EQ(refusal(slow.url()), ErrorCode::provider_timeout);
}

TEST_F(Fetching, IsEndedByWhoAsked) {
  ScriptedServer silent([](Connection& connection) {
    connection.read_request();
    connection.wait_for_close();
  });
  std::stop_source stop;
  Timer leave(loop, [&] {
    if (silent.accepted() > 0) stop.request_stop();
  });
  leave.start_repeating(1);
  const auto fetched = run(net::fetch(outbound.get(), silent.url(), rules, stop.get_token()));
  ASSERT_FALSE(fetched.ok());
  EXPECT_EQ(fetched.error().code, ErrorCode::run_aborted);
}

TEST_F(Fetching, OtherStatusesAreNoDocument) {
  for (const int status : {201, 204, 206, 304, 400, 404, 500}) {
    ScriptedServer server([status](Connection& connection) {
      connection.read_request();
      connection.send(answer_of(status, ""));
    });
    EXPECT_EQ(refusal(server.url()), ErrorCode::provider_broken) << status;
  }
}

TEST(Redirects, LeadWhereTheySay) {
  const std::string base = "https://host:1/a/b?c#d";
  EXPECT_EQ(url_joined(base, "http://other/x"), "http://other/x");
  EXPECT_EQ(url_joined(base, "//other/x"), "https://other/x");
  EXPECT_EQ(url_joined(base, "/x?y"), "https://host:1/x?y");
  EXPECT_EQ(url_joined(base, "x"), "https://host:1/a/x");
  EXPECT_EQ(url_joined(base, "../x"), "https://host:1/a/../x");
  EXPECT_EQ(url_joined(base, "?y=http://z"), "https://host:1/a/b?y=http://z");
  EXPECT_EQ(url_joined("http://host", "x"), "http://host/x");
  EXPECT_EQ(url_joined("http://host?q=/r", "x"), "http://host/x");
  EXPECT_EQ(url_joined("http://host", "x/y://z"), "http://host/x/y://z");
}

}  // namespace
}  // namespace omenia::test
