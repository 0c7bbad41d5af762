#pragma once
// The objects of /v1/responses: the response and the items of its output, as JSON text.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/agents/run.h"

namespace omenia::openai {

struct ResponseHead {
  std::string id;
  std::string model;
  std::int64_t created_s = 0;
};

// What a response is when it is told.
struct ResponseState {
  std::string_view status = "in_progress";  // completed, incomplete, failed
  std::vector<std::string> output{};        // Items.
  providers::Usage usage{};
  std::optional<Error> error{};  // Of a failed one.
};

std::string response_object(const ResponseHead& head, const ResponseState& state);

std::string text_part(std::string_view text);

struct MessageItem {
  std::string_view id;
  std::string_view status;  // in_progress, completed, incomplete
  std::string_view phase;   // commentary: calls follow; final_answer; empty: not known yet.
};
std::string message_item(const MessageItem& item, std::string_view text);  // Without a part while it is in progress.

// `status` in_progress: without the arguments yet; empty: not told.
std::string call_item(std::string_view id, const providers::ToolCall& call, std::string_view status);

std::string message_id();
std::string call_item_id();

bool is_cut_off(const agents::RunOutcome& outcome);

}  // namespace omenia::openai
