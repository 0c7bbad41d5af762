#pragma once
// ResponseInput: the `input` of /v1/responses, a text or a list of items, read into a conversation; and the images and
// files of the message in it that is answered.

#include <cstddef>
#include <string>
#include <vector>

#include "worker/openai/conversation.h"
#include "worker/openai/media.h"

namespace omenia::openai {

struct ResponseInput {
  Conversation conversation;
  std::size_t url_parts = 0;  // Images and files of all messages that an URL names.
};

// Messages may leave their `type` out. Errors here and below: invalid_request, "input.3.content.0: <reason>".
Result<ResponseInput> read_response_input(JsonView input);

struct Attachments {
  std::vector<Media> images;
  std::vector<Media> files;
};

// Of one message's content. Takes the forms of this API ({"source": {...}}) and those of OpenAI (image_url, file_data,
// file_url).
Result<Attachments> read_attachments(JsonView content);

}  // namespace omenia::openai
