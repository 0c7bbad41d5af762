#pragma once
// Request bodies of the OpenAI dialect, as every compatible server reads them more or less.

#include <string>
#include <string_view>

#include "worker/providers/provider.h"

namespace omenia::providers {

// What a host wants differently from OpenAI itself.
struct OpenAiHabits {
  std::string_view max_tokens_field = "max_completion_tokens";  // Or the older max_tokens.
  bool usage_on_request = true;                                 // Knows stream_options; the others tell usage anyway.
};

OpenAiHabits habits_of(std::string_view host);

std::string completion_body(const ModelRequest& request, const OpenAiHabits& habits);  // Always streaming.
std::string embeddings_body(const EmbeddingRequest& request);

}  // namespace omenia::providers
