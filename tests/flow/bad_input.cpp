// Everything that is wrong with what a client sends, row by row: what it is answered, and whether its connection ends.
// Nobody else notices. A row that fails says which.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

struct BadInput {
  std::string name;
  std::vector<std::string> bytes;  // As they go over the wire, one after the other.
  int close_code = 0;              // 0: the connection stays and goes on to be served.
  std::string close_reason{};
  std::string answer{};  // The error's message begins with this; empty: no answer.
  std::string answer_id = "1";
};

std::string frame(Opcode opcode, std::string payload, bool last = true) {
  return encode(WsFrame{opcode, std::move(payload), last});
}
std::string text(std::string payload) {
  return frame(Opcode::text, std::move(payload));
}
// With this for its first byte: FIN, three reserved bits, opcode.
std::string frame_with_head(unsigned first_byte, std::string payload) {
  std::string bytes = text(std::move(payload));
  bytes[0] = static_cast<char>(first_byte);
  return bytes;
}
std::string close_frame(int code, const std::string& reason = {}) {
  return frame(Opcode::close, std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)} + reason);
}
std::string request(const std::string& id, const std::string& method, const std::string& more = {}) {
  return text(R"({"type":"req","id":")" + id + R"(","method":")" + method + "\"" + more + "}");
}
std::string nested(int depth) {
  const auto levels = static_cast<std::size_t>(depth);
  return R"({"type":"req","id":"1","method":"health","params":)" + std::string(levels, '[') + std::string(levels, ']') +
         "}";
}
// A message in so many pieces.
std::vector<std::string> pieces(int count, const std::string& each) {
  std::vector<std::string> frames{frame(Opcode::text, each, false)};
  while (static_cast<int>(frames.size()) < count) frames.push_back(frame(Opcode::continuation, each, false));
  return frames;
}

const std::string no_utf8 = "{\"type\":\"req\",\"id\":\"1\",\"method\":\"\xff\xfe\"}";
const std::string with_nul("{\"type\":\"req\",\"id\":\"1\"\0,\"method\":\"health\"}", 43);
constexpr const char* not_connect = "invalid handshake: first request must be connect";
constexpr const char* not_a_request = "invalid request frame";

// Wrong as frames of RFC 6455, whatever they hold: the same before and after connect. 1006 stands for an end without a
// close frame, 1005 for one without a code.
std::vector<BadInput> bad_frames() {
  return {
      {"text that is no UTF-8", {text(no_utf8)}, 1007},
      {"reserved opcode 3", {frame_with_head(0x83, "{}")}, 1002},
      {"reserved opcode 11", {frame_with_head(0x8b, "{}")}, 1002},
      {"reserved bit, as of a compressed frame", {frame_with_head(0xc1, "{}")}, 1002},
      {"continuation of nothing", {frame(Opcode::continuation, "{}")}, 1002},
      {"a text within a text", {frame(Opcode::text, "{", false), text("}")}, 1002},
      {"ping of 126 bytes", {frame(Opcode::ping, std::string(126, 'p'))}, 1006},
      {"ping in pieces", {frame(Opcode::ping, "p", false)}, 1002},
      {"close with one byte", {frame(Opcode::close, "x")}, 1005},
      {"close with code 999", {close_frame(999)}, 1002},
      {"close with code 1005", {close_frame(1005)}, 1002},
      {"close with code 65535", {close_frame(65'535)}, 65'535},
      {"close with a reason of 126 bytes", {close_frame(1000, std::string(124, 'r'))}, 1006},
  };
}

std::vector<BadInput> bad_first_messages() {
  std::vector<BadInput> rows = bad_frames();
  const std::vector<BadInput> messages = {
      {"no JSON", {text("hello?")}, 1000},
      {"NUL", {text(with_nul)}, 1000},
      {"binary that is no UTF-8", {frame(Opcode::binary, no_utf8)}, 1008, not_connect, not_connect},
      {"nesting of 100", {text(nested(100))}, 1000},
      {"nesting of 30,000", {text(nested(30'000))}, 1000},
      {"a list", {text("[]")}, 1008, not_a_request},
      {"duplicate keys",
       {text(R"({"type":"req","id":"1","method":"health","method":"connect"})")},
       1008,
       not_a_request},
      {"wrong types", {text(R"({"type":"req","id":1,"method":"connect"})")}, 1008, not_a_request},
      {"unknown field", {text(R"({"type":"req","id":"1","method":"connect","x":1})")}, 1008, not_a_request},
      {"empty id", {request("", "connect")}, 1008, not_a_request},
      {"id of 300 characters", {request(std::string(300, 'i'), "connect")}, 1008, not_a_request},
      {"a request before connect", {request("1", "health")}, 1008, not_connect, not_connect},
      {"an unknown method", {request("1", "no.such")}, 1008, not_connect, not_connect},
      {"huge numbers",
       {request("1", "connect", R"(,"params":{"minProtocol":1e999,"maxProtocol":-1e999})")},
       1008,
       "invalid connect params: must have required property 'client'; at /minProtocol: must be integer; at "
       "/maxProtocol: must be",
       "invalid connect params: must have required property 'client'"},
      {"a frame of 65,537 bytes", {text(std::string(65'537, ' '))}, 1009},
      {"a length of 2^63", {std::string("\x81\xff\x80\0\0\0\0\0\0\0", 10) + "abcd"}, 1006},
      {"pieces of more than 65,536 bytes", pieces(70, std::string(1'000, ' ')), 1009},
  };
  rows.insert(rows.end(), messages.begin(), messages.end());
  return rows;
}

std::vector<BadInput> bad_parameters() {
  const std::string history = R"(,"params":{"sessionKey":"main","limit":)";
  return {
      {"duplicate parameters",
       {request("1", "health", R"(,"params":{"probe":true,"probe":false})")},
       0,
       "",
       "invalid health params: at root: duplicate property 'probe'"},
      {"wrong type of params",
       {request("1", "health", R"(,"params":"x")")},
       0,
       "",
       "invalid health params: at root: must be object"},
      {"wrong type of a parameter",
       {request("1", "health", R"(,"params":{"probe":"yes"})")},
       0,
       "",
       "invalid health params: at /probe: must be boolean"},
      {"unknown parameter",
       {request("1", "health", R"(,"params":{"x":1})")},
       0,
       "",
       "invalid health params: at root: unexpected property 'x'"},
      {"a number that is infinite",
       {request("1", "chat.history", history + "1e999}")},
       0,
       "",
       "invalid chat.history params: at /limit: must be integer"},
      {"a number beyond 2^53",
       {request("1", "chat.history", history + "9007199254740993}")},
       0,
       "",
       "invalid chat.history params: at /limit: must be <= 1000"},
      {"a number of 300 digits",
       {request("1", "chat.history", history + std::string(300, '9') + "}")},
       0,
       "",
       "invalid chat.history params: at /limit: must be integer"},
  };
}

std::vector<BadInput> bad_messages() {
  std::vector<BadInput> rows = bad_frames();
  const std::vector<BadInput> messages = {
      {"no JSON", {text("hello?")}},
      {"NUL", {text(with_nul)}},
      {"binary that is no UTF-8", {frame(Opcode::binary, no_utf8)}, 0, "", "unknown method: "},
      {"nesting of 100", {text(nested(100))}},
      {"nesting of 1,000,000", {text(nested(1'000'000))}},
      {"a list", {text("[]")}, 0, "", not_a_request, "invalid"},
      {"duplicate keys",
       {text(R"({"type":"req","id":"1","method":"health","method":"status"})")},
       0,
       "",
       "invalid request frame: at root: duplicate property 'method'"},
      {"wrong types", {text(R"({"type":"req","id":1,"method":"health"})")}, 0, "", not_a_request, "invalid"},
      {"unknown field",
       {request("1", "health", R"(,"x":1)")},
       0,
       "",
       "invalid request frame: at root: unexpected property 'x'"},
      {"unknown method", {request("1", "no.such")}, 0, "", "unknown method: no.such"},
      {"empty id", {request("", "health")}, 0, "", "invalid request frame: at /id", "invalid"},
      {"empty method", {request("1", "")}, 0, "", "invalid request frame: at /method"},
      {"connect twice",
       {request("1", "connect", R"(,"params":{})")},
       0,
       "",
       "connect is only valid as the first request"},
      {"100,000 empty pieces", pieces(100'000, "")},
      {"a length of 2^63", {std::string("\x81\xff\x80\0\0\0\0\0\0\0", 10) + "abcd"}, 1006},
  };
  rows.insert(rows.end(), messages.begin(), messages.end());
  // The pieces are a message that never ends; the next request would be a piece of it.
  for (BadInput& row : rows)
    if (row.name == "100,000 empty pieces") row.bytes.push_back(frame(Opcode::continuation, "no JSON"));
  return rows;
}

class BadInputTest : public Flow {
 protected:
  void send(WsClient& client, const BadInput& row) {
    std::string all;
    for (const std::string& each : row.bytes) all += each;
    client.socket().send(all);  // A server that closes midway does not take the rest.
  }
  void expect(WsClient& client, const BadInput& row) {
    if (!row.answer.empty() && row.close_code == 0) {
      const Json answer = client.answer(row.answer_id);
      EXPECT_EQ(error_code(answer), "INVALID_REQUEST") << "row: " << row.name;
      EXPECT_THAT(error_message(answer), StartsWith(row.answer)) << "row: " << row.name;
    }
    if (row.close_code == 0) {
      EXPECT_TRUE(client.call("health")["ok"].boolean()) << "row: " << row.name;
      return;
    }
    const WsClose closed = client.closing();
    EXPECT_EQ(closed.code, row.close_code) << "row: " << row.name << " " << closed.reason;
    if (row.close_code == 1008) {
      EXPECT_EQ(closed.reason, row.close_reason) << "row: " << row.name;
    }
    if (!row.answer.empty()) {
      EXPECT_THAT(error_message(client.answer(row.answer_id)), StartsWith(row.answer)) << "row: " << row.name;
    }
  }
};

TEST_F(BadInputTest, BeforeConnectEndsTheConnectionWithItsCode) {
  auto bystander = gateway.client();
  for (const BadInput& row : bad_first_messages()) {
    WsClient client(gateway.port());
    ASSERT_TRUE(client.event("connect.challenge")) << "row: " << row.name;
    send(client, row);
    expect(client, row);
    EXPECT_TRUE(bystander.call("health")["ok"].boolean()) << "row: " << row.name;
  }
}

TEST_F(BadInputTest, AfterConnectIsAnsweredUnlessItIsNoFrame) {
  auto bystander = gateway.client();
  for (const BadInput& row : bad_messages()) {
    WsClient client = gateway.client();
    send(client, row);
    expect(client, row);
    EXPECT_TRUE(bystander.call("health")["ok"].boolean()) << "row: " << row.name;
  }
}

TEST_F(BadInputTest, RequestsBeforeConnectIsAnsweredWaitUpToABound) {
  const auto connect_and = [this](int requests) {
    WsClient client(gateway.port());
    client.event("connect.challenge");
    std::string all = text(R"({"type":"req","id":"c","method":"connect","params":)" + gateway.backend().params() + "}");
    for (int i = 0; i < requests; ++i) all += request("q" + std::to_string(i), "health");
    client.socket().send(all);
    return client;
  };
  WsClient patient = connect_and(15);
  EXPECT_TRUE(patient.answer("c")["ok"].boolean());
  for (int i = 0; i < 15; ++i) EXPECT_TRUE(patient.answer("q" + std::to_string(i))["ok"].boolean()) << i;
}

TEST_F(BadInputTest, InParametersIsToldByItsPlace) {
  auto client = gateway.client();
  for (const BadInput& row : bad_parameters()) {
    send(client, row);
    expect(client, row);
  }
}

// Ids are the client's business.
TEST_F(BadInputTest, TheSameIdTwiceIsAnsweredTwice) {
  auto client = gateway.client();
  client.send(R"({"type":"req","id":"same","method":"health"})");
  client.send(R"({"type":"req","id":"same","method":"no.such"})");
  int good = 0;
  for (int i = 0; i < 2; ++i) good += client.answer("same")["ok"].boolean() ? 1 : 0;
  EXPECT_EQ(good, 1);
}

// What is too much at once is refused and may be tried again; nobody else waits for it.
TEST_F(BadInputTest, TenThousandRequestsAtOnceAreAllAnswered) {
  constexpr int count = 10'000;
  auto bystander = gateway.client();
  auto client = gateway.client();
  std::string all;
  for (int i = 0; i < count; ++i) all += request(std::to_string(i), "sessions.list", R"(,"params":{"limit":1})");
  client.socket().send(all);
  EXPECT_TRUE(bystander.call("health")["ok"].boolean());
  int served = 0;
  int busy = 0;
  for (int i = 0; i < count; ++i) {
    const Json answer = client.find([](JsonView frame) { return frame["type"].text() == "res"; });
    ASSERT_TRUE(answer) << i << " answers came";
    if (answer["ok"].boolean()) {
      ++served;
      continue;
    }
    EXPECT_EQ(error_code(answer), "UNAVAILABLE") << answer.dump();
    EXPECT_TRUE(answer["error"]["retryable"].boolean());
    ++busy;
  }
  EXPECT_EQ(served + busy, count);
  EXPECT_GE(served, 256) << "what fits is served";
  EXPECT_TRUE(client.call("health")["ok"].boolean());
}

}  // namespace
}  // namespace omenia::test
