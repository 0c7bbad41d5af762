#pragma once
// The wire of OpenAI chat completions, as every compatible server speaks it more or less: request bodies out, answers
// in.

#include <functional>
#include <string>
#include <string_view>

#include "shared/json/json.h"
#include "worker/providers/provider.h"

namespace omenia::providers {

// The body of POST /chat/completions, always streaming. `max_tokens_field` is max_completion_tokens or, for servers
// that know only the older name, max_tokens.
std::string chat_body(const ModelRequest& request, std::string_view max_tokens_field);

std::string embeddings_body(const EmbeddingRequest& request);
Result<std::vector<Vector>> read_embeddings(std::string_view body, std::size_t count);

// Puts an answer together from the chunks of a stream, or from one plain completion.
class AnswerReader {
 public:
  explicit AnswerReader(std::function<void(std::string_view)> on_text) : on_text_(std::move(on_text)) {}

  // One event's data. Errors: provider_broken (no JSON), or what an error object inside the stream says.
  Result<void> event(std::string_view data);
  // A whole completion that came instead of a stream.
  Result<void> completion(std::string_view body);

  bool finished() const { return done_; }  // The end was told: [DONE].
  bool has_text() const { return !answer_.text.empty(); }
  // Error provider_broken when the answer never said how it ended, provider_server_error when it was filtered.
  Result<ModelAnswer> take();

 private:
  Result<void> chunk(JsonView chunk);
  void text(std::string_view piece);
  void usage(JsonView usage);

  std::function<void(std::string_view)> on_text_;
  ModelAnswer answer_;
  std::string finish_reason_;
  bool done_ = false;
};

}  // namespace omenia::providers
