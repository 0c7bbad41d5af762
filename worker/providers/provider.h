#pragma once
// Provider: one model server spoken to in its dialect. A run asks it for one answer; pieces of text come as they are
// made.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/result.h"
#include "shared/base/task.h"
#include "shared/config/config.h"
#include "worker/providers/tool.h"

namespace omenia::providers {

enum class Role { user, assistant };

// Requests are copied on their way; what is large in them is not.
struct Image {
  Image(std::string of_type, std::string base64)
      : type(std::move(of_type)), data(std::make_shared<const std::string>(std::move(base64))) {}

  std::string type;  // "image/png"
  std::shared_ptr<const std::string> data;
};

struct Message {
  Role role = Role::user;
  std::string text;
  std::vector<Image> images{};  // Of a user.
};

// Sampling fields of a caller, passed on as given; absent ones are not sent.
struct Sampling {
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::optional<double> frequency_penalty;
  std::optional<double> presence_penalty;
  std::optional<std::int64_t> seed;
  std::optional<std::int64_t> max_tokens;
  std::vector<std::string> stop;
  std::string response_format;  // JSON object text; empty: not given.
};

struct ModelRequest {
  std::string model;   // Id as the provider knows it.
  std::string system;  // May be empty.
  std::vector<Message> messages;
  Sampling sampling;
  std::vector<Tool> tools;  // That it may call.
  ToolChoice tool_choice;
  std::string reasoning_effort;  // Of a model that reasons: minimal, low, medium, high; empty: not said.
};

struct Usage {
  std::int64_t input = 0;  // Without cached tokens.
  std::int64_t output = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;
  std::int64_t total = 0;
  std::optional<std::int64_t> reasoning{};  // Of the output; nothing: not told.

  void add(const Usage& more);  // Of another call.
};

struct ModelAnswer {
  std::string text;
  std::vector<ToolCall> tool_calls;  // Of tools that were offered.
  std::string stop_reason;           // stop, length, tool_calls.
  Usage usage;
  std::string response_id;  // As the provider named it; may be empty.
  std::string response_model;
};

using Vector = std::vector<float>;

struct EmbeddingRequest {
  std::string model;
  std::vector<std::string> inputs;
  std::int64_t dimensions = 0;  // 0: the model's own.
};

class Provider {
 public:
  virtual ~Provider() = default;
  virtual std::string_view id() const = 0;   // "mock", "builtin".
  virtual std::string_view api() const = 0;  // "openai-completions", "builtin".

  // Calls `on_text` with each piece of the answer, then answers the whole. The errors are the provider_* rows; their
  // message names provider and model, and what was wrong. Retries happen only before the first piece.
  // `stop` ends the call at once with run_aborted.
  virtual Task<Result<ModelAnswer>> complete(ModelRequest request, std::function<void(std::string_view)> on_text,
                                             std::stop_token stop) = 0;

  // One vector an input, in order.
  virtual Task<Result<std::vector<Vector>>> embed(EmbeddingRequest request, std::stop_token stop) = 0;
};

}  // namespace omenia::providers
