// Bodies are read however they are cut, within limits of size and time.
#include "tests/unit/http/fixture.h"

namespace omenia::http::test {
namespace {

using ReadsBodies = HttpServer;

const std::string chunked =
    "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\nhello\r\n1;name=value;quoted=\"x\"\r\n \r\nA\r\n0123456789\r\n0\r\nX-Trailer: yes\r\n\r\n";

Admission accept_bytes(std::size_t bytes_max) {
  Admission admission;
  admission.body_bytes_max = bytes_max;
  return admission;
}

TEST_F(ReadsBodies, ChunkedBodiesCutAtEveryByte) {
  start();
  for (std::size_t cut = 1; cut < chunked.size(); ++cut) {
    Client client = connect();
    client.send(chunked.substr(0, cut));
    on_loop([] {});
    client.send(chunked.substr(cut) + get("/after"));
    EXPECT_EQ(client.read_answer().body, "POST /c hello 0123456789") << "cut at " << cut;
    EXPECT_EQ(client.read_answer().body, "GET /after ") << "cut at " << cut;
  }
}

TEST_F(ReadsBodies, ChunkedBodyByteByByte) {
  start();
  Client client = connect();
  client.send_bytewise(chunked);
  EXPECT_EQ(client.read_answer().body, "POST /c hello 0123456789");
}

TEST_F(ReadsBodies, TrailersAreNotHeaders) {
  bool seen = true;
  handler_.on_handle = [&](auto exchange) {
    seen = exchange->request().has_header("X-Trailer");
    exchange->respond(text_response(200, ""));
  };
  start();
  EXPECT_EQ(ask(chunked).status, 200);
  EXPECT_FALSE(seen);
}

TEST_F(ReadsBodies, ALargeBodyArrivesWhole) {
  handler_.on_admit = [](const Request&) { return accept_bytes(20 * limits::MiB); };
  handler_.on_handle = [](auto exchange) {
    exchange->respond(text_response(200, std::to_string(exchange->request().body.size())));
  };
  start();
  EXPECT_EQ(ask(post("/", std::string(20 * limits::MiB, 'x'))).body, std::to_string(20 * limits::MiB));
}

TEST_F(ReadsBodies, ABodyExactlyAtTheLimitIsRead) {
  handler_.on_admit = [](const Request&) { return accept_bytes(5); };
  start();
  EXPECT_EQ(ask(post("/", "12345")).status, 200);
  EXPECT_EQ(
      ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n123\r\n2\r\n45\r\n0\r\n\r\n").status,
      200);
}

TEST_F(ReadsBodies, ADeclaredLengthOverTheLimitIsRefusedUnread) {
  handler_.on_admit = [](const Request&) { return accept_bytes(5); };
  start();
  Client client = connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\n");
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body, R"({"error":{"message":"Payload too large","type":"invalid_request_error"}})");
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ReadsBodies, ChunksOverTheLimitAreRefused) {
  handler_.on_admit = [](const Request&) { return accept_bytes(5); };
  start();
  EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n123\r\n3\r\n456\r\n").status,
            413);
}

TEST_F(ReadsBodies, AChunkSizeBeyondAllNumbersIsRefused) {
  start();
  EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n").status, 400);
  EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n").status, 413);
}

TEST_F(ReadsBodies, ChunkExtensionsAndTrailersHaveAMaximum) {
  start();
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(ask(head + "1;" + std::string(64 * limits::KiB, 'e')).status, 431);
  EXPECT_EQ(ask(head + "0\r\nX-Long: " + std::string(64 * limits::KiB, 'e')).status, 431);
  std::string many = head;
  for (int i = 0; i < 100; ++i) many += "1;" + std::string(500, 'e') + "\r\nx\r\n";
  EXPECT_EQ(ask(many).status, 400);
}

TEST_F(ReadsBodies, ARefusedHeadIsAnsweredWhileTheClientStillSends) {
  handler_.on_admit = [](const Request&) {
    Admission admission;
    admission.refusal = text_response(401, "no");
    return admission;
  };
  start();
  Client client = connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n" + std::string(4 * limits::MiB, 'x'));
  EXPECT_EQ(client.read_answer().body, "no");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ReadsBodies, ARefusedHeadWithoutBodyKeepsTheConnection) {
  handler_.on_admit = [](const Request& head) {
    Admission admission;
    if (head.path == "/no") admission.refusal = text_response(401, "no");
    return admission;
  };
  start();
  Client client = connect();
  client.send(get("/no") + get("/yes"));
  EXPECT_EQ(client.read_answer().header("connection"), "keep-alive");
  EXPECT_EQ(client.read_answer().body, "GET /yes ");
}

TEST_F(ReadsBodies, ADelayedRefusalIsAnswered) {
  handler_.on_admit = [](const Request&) {
    Admission admission;
    admission.refusal = text_response(401, "no");
    admission.refusal_delay_ms = 5;
    return admission;
  };
  start();
  Client client = connect();
  client.send(get("/1") + get("/2"));
  EXPECT_EQ(client.read_answer().status, 401);
  EXPECT_EQ(client.read_answer().status, 401);
}

TEST_F(ReadsBodies, AClientMayLeaveDuringADelayedRefusal) {
  handler_.on_admit = [](const Request&) {
    Admission admission;
    admission.refusal = text_response(401, "no");
    admission.refusal_delay_ms = 3'600'000;
    return admission;
  };
  start();
  Client client = connect();
  client.send(get("/"));
  client.close();
  wait_until([&] { return server_->connections() == 0; });
}

TEST_F(ReadsBodies, AnExpectedContinueIsSentBeforeTheBody) {
  start();
  Client client = connect();
  client.send("POST /e HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-Continue\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 100);
  client.send("body");
  EXPECT_EQ(client.read_answer().body, "POST /e body");
}

TEST_F(ReadsBodies, ContinueIsSentBeforeARefusal) {
  handler_.on_admit = [](const Request&) { return accept_bytes(1); };
  start();
  Client client = connect();
  client.send("POST /e HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 100);
  EXPECT_EQ(client.read_answer().status, 413);
}

TEST_F(ReadsBodies, AnotherExpectationFails) {
  start();
  const Answer answer = ask(post("/", "body", "Expect: a-pony\r\n"));
  EXPECT_EQ(answer.status, 417);
  EXPECT_EQ(answer.header("content-length"), "0");
  EXPECT_EQ(answer.header("connection"), "close");
}

TEST_F(ReadsBodies, ASlowBodyIsAnswered408) {
  start({.body_ms_max = 20});
  Client client = connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 408);
  EXPECT_EQ(answer.body, R"({"error":{"message":"Request body timeout","type":"invalid_request_error"}})");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ReadsBodies, ASlowHeadIsAnswered408) {
  start({.head_ms_max = 20});
  Client client = connect();
  client.send("GET / HT");
  EXPECT_EQ(client.read_answer().status, 408);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ReadsBodies, ASilentConnectionIsJustClosed) {
  start({.head_ms_max = 20});
  EXPECT_TRUE(connect().is_closed());
}

TEST_F(ReadsBodies, AnIdleConnectionIsClosed) {
  start({.keep_alive_idle_ms = 20});
  Client client = connect();
  client.send(get("/"));
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ReadsBodies, AClientThatLeavesInTheMiddleOfABodyIsForgotten) {
  start();
  Client client = connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
  client.close();
  wait_until([&] { return server_->connections() == 0; });
}

}  // namespace
}  // namespace omenia::http::test
