#pragma once
// ClientTools: the functions that a client brings along and carries out itself. What it offers is checked here, and
// whether the answer keeps to what it demanded.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/json/json.h"
#include "worker/agents/run.h"

namespace omenia::openai {

// How an API writes a function: {"type":"function","function":{"name":...}} or {"type":"function","name":...}.
enum class ToolForm { nested, flat };

struct ClientTools {
  std::vector<providers::Tool> tools;  // Those that the model may call: all, the one that is demanded, or none.
  providers::ToolChoice choice;
};

// Null counts as absent. Error invalid_request in the words that clients of this API know.
Result<ClientTools> read_client_tools(JsonView tools, JsonView tool_choice, ToolForm form);

// Error invalid_request: two have one name, or one has the name of a tool of the agent's own.
Result<void> check_names(const std::vector<providers::Tool>& client_tools);

// What the system prompt says about the choice; empty when the model is free.
std::string instruction_of(const ClientTools& tools);

// The answer lacks a call that was demanded.
std::optional<Error> unsatisfied(const providers::ToolChoice& choice, const agents::RunOutcome& outcome);

}  // namespace omenia::openai
