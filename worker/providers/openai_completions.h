#pragma once
// OpenAiCompletions: any server that speaks OpenAI chat completions: OpenAI, Ollama, vLLM, LM Studio, OpenRouter and so
// on.

#include <memory>
#include <string>

#include "shared/log/log.h"
#include "shared/loop/loop.h"
#include "worker/net/outbound.h"
#include "worker/providers/openai_wire.h"
#include "worker/providers/provider.h"

namespace omenia::providers {

class OpenAiCompletions final : public Provider {
 public:
  OpenAiCompletions(Loop& loop, net::Outbound& outbound, ProviderConfig config, Logger log);

  std::string_view id() const override { return config_.id; }
  std::string_view api() const override { return "openai-completions"; }
  Task<Result<ModelAnswer>> complete(ModelRequest request, std::function<void(std::string_view)> on_text,
                                     std::stop_token stop) override;
  Task<Result<std::vector<Vector>>> embed(EmbeddingRequest request, std::stop_token stop) override;

 private:
  // One attempt. `reader` says whether text has been given out already.
  Task<Result<ModelAnswer>> attempt(std::string body, std::shared_ptr<AnswerReader> reader, std::stop_token stop);
  Task<Result<void>> read_answer(net::OutboundCall* call, std::shared_ptr<AnswerReader> reader, bool is_stream);
  net::OutboundRequest request_to(std::string_view path, std::string body) const;
  Error named(Error error, std::string_view model) const;

  Loop& loop_;
  net::Outbound& outbound_;
  ProviderConfig config_;
  Logger log_;
};

}  // namespace omenia::providers
