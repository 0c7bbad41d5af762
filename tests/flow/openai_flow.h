#pragma once
// What flow tests of the OpenAI-compatible endpoints share: a request's answer, whole or as events.

#include <optional>
#include <string>
#include <vector>

#include "tests/flow/flow.h"

namespace omenia::test {

struct Events {
  HttpAnswer head;
  std::vector<Json> data;  // Of every "data:" that is JSON.
  bool done = false;       // [DONE] came last.
};

// The events of a stream that was asked for on a connection of its own.
inline Events events_of(Gateway& gateway, const std::string& target, const std::string& body,
                        const std::string& headers = {}) {
  HttpClient client(gateway.port());
  client.send(
      HttpRequest{.method = "POST", .target = target, .token = gateway.token(), .headers = headers, .body = body}
          .text());
  Events events;
  events.head = client.read_head();
  while (const auto event = client.read_event()) {
    events.done = *event == "[DONE]";
    auto json = Json::parse(*event);
    if (json.ok()) events.data.push_back(std::move(json).value());
  }
  return events;
}

// Of a tool call that ends a stream of chat completions: all pieces of its arguments.
inline std::string joined_arguments(const std::vector<Json>& chunks, std::int64_t index = 0) {
  std::string text;
  for (const Json& chunk : chunks) {
    const JsonView call = chunk["choices"].at(0)["delta"]["tool_calls"].at(0);
    if (call["index"].integer(-1) == index) text += call["function"]["arguments"].text();
  }
  return text;
}

}  // namespace omenia::test
