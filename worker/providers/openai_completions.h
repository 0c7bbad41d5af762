#pragma once
// OpenAiCompletions: any server that speaks OpenAI chat completions: OpenAI, Ollama, vLLM, LM Studio, OpenRouter and so
// on. It asks, tries once more where that can help, and says in words what went wrong.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "shared/log/log.h"
#include "shared/loop/loop.h"
#include "worker/net/outbound.h"
#include "worker/net/outbound_endpoint.h"
#include "worker/providers/openai_answer.h"
#include "worker/providers/openai_request.h"
#include "worker/providers/provider.h"
#include "worker/providers/retries.h"

namespace omenia::providers {

// With a configured time for the whole request that time alone counts, besides the one for connecting.
net::Deadlines deadlines_of(const ProviderConfig& config, const net::Endpoint& endpoint);

class OpenAiCompletions final : public Provider {
 public:
  OpenAiCompletions(Loop& loop, net::Outbound& outbound, ProviderConfig config, Logger log);

  std::string_view id() const override { return config_.id; }
  std::string_view api() const override { return "openai-completions"; }
  Task<Result<ModelAnswer>> complete(ModelRequest request, std::function<void(std::string_view)> on_text,
                                     std::stop_token stop) override;
  Task<Result<std::vector<Vector>>> embed(EmbeddingRequest request, std::stop_token stop) override;

 private:
  // One attempt each; their errors do not name the provider yet.
  Task<Result<ModelAnswer>> attempt(std::string body, std::shared_ptr<OpenAiAnswer> answer,
                                    std::function<void(std::string_view)> on_text, std::stop_token stop);
  Task<Result<std::vector<Vector>>> attempt_embedding(std::string body, std::size_t inputs, std::stop_token stop);

  // Waits before the next attempt; fails, with the error's final words, when there shall be none.
  Task<Result<void>> pause_after(Error error, std::string model, Retries* retries, std::stop_token stop);

  net::OutboundRequest request_to(std::string_view path, std::string body) const;
  std::vector<std::pair<std::string, std::string>> request_headers() const;
  void fill_in(ModelRequest& request) const;
  Error named(Error error, std::string_view model) const;

  Loop& loop_;
  net::Outbound& outbound_;
  ProviderConfig config_;
  net::Endpoint endpoint_;
  net::Deadlines deadlines_;
  Logger log_;
};

}  // namespace omenia::providers
