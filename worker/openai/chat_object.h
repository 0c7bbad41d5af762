#pragma once
// The objects of /v1/chat/completions that tell the end of a run.

#include <string>
#include <string_view>

#include "shared/json/writer.h"
#include "worker/openai/chat_request.h"

namespace omenia::openai {

inline constexpr std::string_view no_answer = "No response from OmeniaClaw.";  // In place of nothing.

std::string completion_object(const ChatRequest& chat, const agents::RunOutcome& outcome);

// The member "usage".
void write_chat_usage(JsonWriter& writer, const providers::Usage& usage);

std::string_view finish_reason_of(const agents::RunOutcome& outcome);  // stop, length, tool_calls

// The answer's text for who reads it whole: `no_answer` in place of nothing, and a word about what was cut off, unless
// the text has to keep to a format.
std::string whole_text(const agents::RunOutcome& outcome, const providers::Sampling& sampling);

}  // namespace omenia::openai
