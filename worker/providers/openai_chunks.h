#pragma once
// OpenAiChunks: puts one answer together from the chunks of a stream, or from the one object of a plain completion.
// It takes what compatible servers really send: a missing index, content in parts, usage in odd places.

#include <string>

#include "shared/json/json.h"
#include "worker/providers/openai_plain_chunk.h"
#include "worker/providers/openai_tool_calls.h"
#include "worker/providers/provider.h"

namespace omenia::providers {

class OpenAiChunks {
 public:
  // Errors: what an error object inside the stream says; provider_broken for what is no object or grows too large.
  Result<void> add(JsonView chunk);
  Result<void> add(const PlainChunk& chunk);

  const std::string& text() const { return answer_.text; }  // So far; it only grows.

  // The whole answer. Errors: provider_server_error when it never said how it ended, others for an end that is none.
  Result<ModelAnswer> take();

 private:
  Result<void> add_message(JsonView message);
  void add_usage(JsonView usage);
  void add(const TokenCounts& counts);
  Result<void> check_size() const;

  ModelAnswer answer_;
  OpenAiToolCalls tool_calls_;
  std::string finish_reason_;
};

}  // namespace omenia::providers
