#pragma once
// Hooks: a gateway that takes webhooks, and who sends them.

#include <string>
#include <vector>

#include "tests/flow/flow.h"

namespace omenia::test {

inline constexpr const char* hook_token = "the-token-of-hooks";

class Hooks : public FlowNotStarted {
 protected:
  // `more` are members of hooks, starting with a comma.
  std::string document(const std::string& more) {
    return "{gateway: {mode: 'local', port: " + std::to_string(gateway.port()) + ", auth: {mode: 'token', token: '" +
           gateway.token() + "'}}, hooks: {enabled: true, token: '" + hook_token + "'" + more +
           "}, models: {providers: {mock: {baseUrl: 'http://127.0.0.1:" + std::to_string(mock.port()) +
           "/v1', apiKey: 'mock-key'}}}, agents: {entries: {main: {model: 'mock/mock-1'}, echo: {model: "
           "'mock/mock-echo'}, gated: {model: 'mock/mock-gated'}, broken: {model: 'mock/mock-400'}}}, logging: {file: "
           "'" +
           gateway.instance().log_path() + "'}}";
  }
  void start(const std::string& more = {}) {
    gateway.instance().write_config(document(more));
    ASSERT_TRUE(gateway.start());
  }
  HttpAnswer send(const std::string& target, const std::string& body, const std::string& headers = {},
                  const std::string& token = hook_token) {
    return http(gateway.port(), {.method = "POST", .target = target, .token = token, .headers = headers, .body = body});
  }
  HttpAnswer agent(const std::string& body, const std::string& headers = {}) {
    return send("/hooks/agent", body, headers);
  }
  std::string refusal(const std::string& target, const std::string& body) {
    const HttpAnswer answer = send(target, body);
    EXPECT_EQ(answer.status, 400) << body << answer.body;
    EXPECT_FALSE(answer.json()["ok"].boolean(true));
    return std::string(answer.json()["error"].text());
  }
  // What the model was told last in each of its calls.
  std::vector<std::string> heard() const {
    std::vector<std::string> texts;
    for (const MockRequest& request : mock.requests()) {
      const auto body = Json::parse(request.body);
      const JsonView messages = body.value()["messages"];
      texts.push_back(text_of(messages.at(messages.size() - 1)));
    }
    return texts;
  }
  std::string run_id_of(const HttpAnswer& answer) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    return std::string(answer.json()["runId"].text());
  }
  std::string session_of(const std::string& run_id) {
    const Json tasks = gateway.client().call("tasks.list", "{}");
    for (JsonView task = tasks["payload"]["tasks"].first(); task; task = task.next())
      if (task.dump().find(run_id) != std::string::npos) return task.dump();
    return "no such run: " + tasks.dump();
  }
};

}  // namespace omenia::test
