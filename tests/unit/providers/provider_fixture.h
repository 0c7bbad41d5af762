#pragma once
// What the tests of providers share: a scripted model server and a provider that speaks to it.

#include "tests/unit/net/on_loop.h"
#include "tests/unit/net/scripted_server.h"
#include "worker/net/outbound.h"
#include "worker/providers/openai_completions.h"

namespace omenia::test {

inline std::string text_event(std::string_view text) {
  return R"(data: {"id":"c1","model":"m-1","choices":[{"index":0,"delta":{"content":")" + std::string(text) +
         "\"}}]}\n\n";
}
inline constexpr std::string_view stop_event =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
inline constexpr std::string_view done_event = "data: [DONE]\n\n";

inline std::string whole_stream(std::string_view text) {
  return text_event(text) + std::string(stop_event) + std::string(done_event);
}

// An answer of chunks, from its head to its end, sent in one piece: what ends it is there when its text is.
inline void send_stream(Connection& connection, std::string_view text) {
  connection.send(std::string(stream_head) + Connection::chunk(whole_stream(text)) + "0\r\n\r\n");
}

class ProviderTest : public OnLoop {
 protected:
  ProviderConfig config_for(const ScriptedServer& server) const {
    ProviderConfig config;
    config.id = "mock";
    config.base_url = server.url("/v1");
    return config;
  }
  std::shared_ptr<providers::Provider> provider_for(ProviderConfig config) {
    return std::make_shared<providers::OpenAiCompletions>(loop, outbound, std::move(config), Logger());
  }

  providers::ModelRequest hello() const {
    providers::ModelRequest request;
    request.model = "m-1";
    request.messages = {{providers::Role::user, "hello"}};
    return request;
  }

  Result<providers::ModelAnswer> ask(ProviderConfig config) {
    const auto provider = provider_for(std::move(config));
    return run(provider->complete(hello(), collect(), {}));
  }
  std::function<void(std::string_view)> collect() {
    return [this](std::string_view piece) { pieces.emplace_back(piece); };
  }

  net::Outbound outbound{loop, Logger()};
  std::vector<std::string> pieces;
};

}  // namespace omenia::test
