#pragma once
// Flow: what every flow test starts from, a mock model server and the real gateway in surroundings of its own. A test
// that fails shows what the gateway said.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <string>

#include "shared/json/writer.h"
#include "tests/support/gateway.h"
#include "tests/support/mock_upstream.h"

namespace omenia::test {

using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The gateway is configured and not started.
class FlowNotStarted : public testing::Test {
 protected:
  void TearDown() override {
    if (HasFailure()) std::cerr << "--- what the gateway said ---\n" << gateway.everything_said() << "---\n";
  }
  MockUpstream mock;
  Gateway gateway{mock.port()};
};

class Flow : public FlowNotStarted {
 protected:
  void SetUp() override { ASSERT_TRUE(gateway.start()); }
};

// Params of `agent` and `chat.send`.
inline std::string message(std::string_view session, std::string_view key, std::string_view text = "hello") {
  JsonWriter writer;
  writer.begin_object().member("sessionKey", session).member("message", text);
  writer.member("idempotencyKey", key).end_object();
  return writer.take();
}

inline std::string one_member(std::string_view name, std::string_view text) {
  JsonWriter writer;
  writer.begin_object().member(name, text).end_object();
  return writer.take();
}

inline std::string error_code(JsonView frame) {
  return std::string(frame["error"]["code"].text());
}
inline std::string error_message(JsonView frame) {
  return std::string(frame["error"]["message"].text());
}

inline bool is_chat(JsonView frame, std::string_view state) {
  return is_event(frame, "chat") && frame["payload"]["state"].text() == state;
}

// The end of a run as its chat events tell it.
inline bool ends_chat(JsonView frame) {
  return is_chat(frame, "final") || is_chat(frame, "error") || is_chat(frame, "aborted");
}

// The text of a message whose content is a string or a list of text parts.
inline std::string text_of(JsonView message) {
  const JsonView content = message["content"];
  if (content.is_string()) return std::string(content.text());
  std::string text;
  for (JsonView part = content.first(); part; part = part.next()) text += part["text"].text();
  return text;
}

// "user: hello" for each message of a chat.history answer.
inline std::vector<std::string> conversation(JsonView history) {
  std::vector<std::string> lines;
  for (JsonView item = history["payload"]["messages"].first(); item; item = item.next()) {
    lines.push_back(std::string(item["role"].text()) + ": " + text_of(item));
  }
  return lines;
}

}  // namespace omenia::test
