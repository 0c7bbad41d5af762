#pragma once
// ChatRequest: the body of /v1/chat/completions, checked, and the one agent turn it becomes.

#include <string>
#include <vector>

#include "worker/context.h"
#include "worker/openai/media.h"

namespace omenia::openai {

struct ChatRequest {
  std::string model;  // As asked for; echoed.
  bool stream = false;
  bool include_usage = false;
  std::vector<Media> images;  // Of the message that is answered, not looked at yet.
  agents::RunRequest run;     // Complete, but for them and its observer.

  // Errors: invalid_request, naming the field; model_not_configured for x-OmeniaClaw-model.
  static Result<ChatRequest> read(const worker::Context& context, const http::Request& request);
};

// An image is refused so, with the reason.
Error bad_image(const Error& error);

}  // namespace omenia::openai
