#pragma once
// ResponseRequest: the body of /v1/responses, checked, and the one agent turn it becomes. Fields that are not known are
// left out, and null is as good as nothing: clients of this API send more than anybody reads.

#include <string>

#include "worker/context.h"
#include "worker/openai/response_input.h"

namespace omenia::openai {

struct ResponseRequest {
  std::string model;  // As asked for; echoed.
  bool stream = false;
  std::string previous_id;  // Goes on from that response, unless a session is named.
  Attachments attachments;  // Of the message that is answered, not looked at yet.
  agents::RunRequest run;   // Complete, but for them, its session when it goes on from another, and its observer.

  // Errors: invalid_request, naming the field; model_not_configured for x-OmeniaClaw-model.
  static Result<ResponseRequest> read(const worker::Context& context, const http::Request& request);
};

}  // namespace omenia::openai
