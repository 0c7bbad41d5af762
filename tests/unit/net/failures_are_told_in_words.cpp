// Whatever goes wrong on the way to a server is an error of its own kind that names the server.
#include <gmock/gmock.h>

#include <cerrno>

#include "tests/unit/net/outbound_fixture.h"
#include "worker/net/curl_failure.h"

namespace omenia::test {
namespace {

using testing::HasSubstr;

class Failure : public OutboundTest {
 protected:
  Error error_of(const ScriptedServer::Script& script) {
    ScriptedServer server(script);
    endpoint = "127.0.0.1:" + std::to_string(server.port());
    const auto received = ask(to(server));
    return received.ok() ? Error{ErrorCode::internal, "no error at all"} : received.error();
  }
  Error error_of_url(std::string url) {
    net::OutboundRequest request;
    request.url = std::move(url);
    const auto received = ask(std::move(request));
    return received.ok() ? Error{ErrorCode::internal, "no error at all"} : received.error();
  }
  std::string endpoint;
};

TEST_P(Failure, ConnectionRefused) {
  int port = 0;
  {
    port = ScriptedServer([](Connection&) {}).port();
  }
  const Error error = error_of_url("http://127.0.0.1:" + std::to_string(port) + "/v1");
  EXPECT_EQ(error.code, ErrorCode::provider_unreachable);
  EXPECT_EQ(error.message, "connection refused by 127.0.0.1:" + std::to_string(port));
}

TEST_P(Failure, ClosedBeforeTheAnswer) {
  const Error error = error_of([](Connection& connection) {
    connection.read_request();
    connection.close();
  });
  EXPECT_EQ(error.code, ErrorCode::provider_unreachable);
  EXPECT_EQ(error.message, endpoint + " closed the connection before it answered");
}

TEST_P(Failure, ResetBeforeTheAnswer) {
  const Error error = error_of([](Connection& connection) {
    connection.read_request();
    connection.reset();
  });
  EXPECT_EQ(error.code, ErrorCode::provider_unreachable);
  EXPECT_EQ(error.message, endpoint + " closed the connection before it answered");
}

TEST_P(Failure, ClosedInsideTheHead) {
  const Error error = error_of([](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-");
    connection.close();
  });
  EXPECT_EQ(error.code, ErrorCode::provider_unreachable) << error.message;
  EXPECT_THAT(error.message, HasSubstr(endpoint));
}

TEST_P(Failure, ClosedInTheMiddleOfABodyWithALength) {
  const Error error = error_of([](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n1234567");
    connection.close();
  });
  EXPECT_EQ(error.code, ErrorCode::provider_server_error);
  EXPECT_EQ(error.message, endpoint + " closed the connection in the middle of its answer, after 7 bytes");
}

TEST_P(Failure, ClosedInTheMiddleOfAStream) {
  for (const bool hard : {false, true}) {
    const Error error = error_of([hard](Connection& connection) {
      connection.read_request();
      connection.send(stream_head);
      connection.send_chunk("1234567");
      hard ? connection.reset() : connection.close();
    });
    EXPECT_EQ(error.code, ErrorCode::provider_server_error) << error.message;
    EXPECT_THAT(error.message, HasSubstr(endpoint + " closed the connection in the middle of its answer"));
  }
}

TEST_P(Failure, WhatArrivedBeforeIsGivenOutFirst) {
  ScriptedServer server([](Connection& connection) {
    connection.read_request();
    connection.send(stream_head);
    connection.send_chunk("some text");
    connection.close();
  });
  const auto call = outbound->start(to(server), {});
  EXPECT_EQ(run(call->piece()).value(), "some text");
  EXPECT_EQ(run(call->piece()).error().code, ErrorCode::provider_server_error);
}

// What a client says first in TLS is no request that could be read to its end: the server answers at once.
TEST_P(Failure, NoTlsSpokenThere) {
  ScriptedServer server([](Connection& connection) {
    connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.wait_for_close();
  });
  const std::string there = "127.0.0.1:" + std::to_string(server.port());
  const Error error = error_of_url("https://" + there);
  EXPECT_EQ(error.code, ErrorCode::provider_unreachable);
  EXPECT_THAT(error.message, HasSubstr("TLS with " + there + " failed: "));
  EXPECT_EQ(error.details, net::tls_cause);
}

TEST_P(Failure, NotAnHttpServer) {
  const Error error = error_of([](Connection& connection) {
    connection.read_request();
    connection.send("220 mail.example.com ESMTP\r\n");
    connection.close();
  });
  EXPECT_EQ(error.code, ErrorCode::provider_broken) << error.message;
  EXPECT_THAT(error.message, HasSubstr(endpoint + " does not answer as an HTTP server"));
}

TEST_P(Failure, AHeadWithoutEnd) {
  const Error error = error_of([](Connection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\n");
    while (connection.send("X-Filler: " + std::string(1000, 'x') + "\r\n")) {
    }
  });
  EXPECT_EQ(error.code, ErrorCode::provider_broken) << error.message;
  EXPECT_THAT(error.message, HasSubstr("sends a head of more than 65536 bytes"));
}

TEST_P(Failure, AnAddressThatIsNone) {
  for (const char* url : {"", "example.com/v1", "ftp://example.com", "file:///etc/passwd", "http://", "http://:80",
                          "http://[::1", "http://host:99999/", "http://host:port/"}) {
    const Error error = error_of_url(url);
    EXPECT_EQ(error.code, ErrorCode::provider_unreachable) << url;
    EXPECT_THAT(error.message, HasSubstr("the address to connect to")) << url;
  }
}

TEST_P(Failure, AnAddressKeepsItsPassword) {
  EXPECT_EQ(error_of_url("http://me:secret@127.0.0.1:x/").message.find("secret"), std::string::npos);
}

TEST_P(Failure, AHeaderWithALineBreak) {
  net::OutboundRequest request;
  request.url = "http://127.0.0.1:1/";
  request.headers = {{"Authorization", "Bearer abc\r\nX-Injected: 1"}};
  const auto received = ask(std::move(request));
  ASSERT_FALSE(received.ok());
  EXPECT_EQ(received.error().code, ErrorCode::provider_auth);
  EXPECT_THAT(received.error().message, HasSubstr("\"Authorization\" cannot be sent"));
  EXPECT_EQ(received.error().message.find("abc"), std::string::npos) << "values are never told";
}

TEST(FailureInWords, NamesWhatCurlReports) {
  const auto words = [](CURLcode code, int system_error = 0) {
    return net::describe(
        {.code = code, .system_error = system_error, .words = "W", .head_seen = false, .bytes = 0, .endpoint = "h:1"});
  };
  EXPECT_EQ(words(CURLE_COULDNT_RESOLVE_HOST).message, "name not found: h:1");
  EXPECT_EQ(words(CURLE_COULDNT_CONNECT, EHOSTUNREACH).message, "no route to h:1");
  EXPECT_EQ(words(CURLE_COULDNT_CONNECT).message, "cannot connect to h:1: W");
  EXPECT_EQ(words(CURLE_PEER_FAILED_VERIFICATION).message, "TLS with h:1 failed: W");
  EXPECT_EQ(words(CURLE_PEER_FAILED_VERIFICATION).details, net::tls_cause);
  EXPECT_EQ(words(CURLE_OPERATION_TIMEDOUT).code, ErrorCode::provider_timeout);
  EXPECT_EQ(words(CURLE_OUT_OF_MEMORY).code, ErrorCode::provider_unreachable);
}

INSTANTIATE_TEST_SUITE_P(Over, Failure, both_ways, name_of_case);

}  // namespace
}  // namespace omenia::test
