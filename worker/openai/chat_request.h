#pragma once
// ChatRequest: the body of /v1/chat/completions, checked, and the one agent turn it becomes.

#include <string>

#include "worker/agents/run.h"
#include "worker/context.h"

namespace omenia::openai {

struct ChatRequest {
  std::string model;  // As asked for; echoed.
  bool stream = false;
  bool include_usage = false;
  agents::RunRequest run;  // Complete, but for its observer.

  // Errors: invalid_request, naming the field; model_not_configured for x-OmeniaClaw-model.
  static Result<ChatRequest> read(const worker::Context& context, const http::Request& request);
};

}  // namespace omenia::openai
