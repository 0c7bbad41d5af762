#include "worker/providers/openai_tool_calls.h"

#include <algorithm>
#include <string>
#include <utility>

#include "shared/base/limits.h"

namespace omenia::providers {

namespace {

Error too_much(const std::string& what) {
  return fail(ErrorCode::provider_broken, "sent " + what + " in one answer");
}

// A name that is told again names another call, unless it comes with the id that is known.
bool begins_another(const ToolCall& known, std::string_view id, std::string_view name) {
  return !id.empty() && !known.id.empty() && known.id != id && !name.empty();
}

}  // namespace

Result<void> OpenAiToolCalls::add(JsonView tool_calls) {
  for (JsonView piece = tool_calls.is_array() ? tool_calls.first() : JsonView(); piece; piece = piece.next()) {
    if (!piece.is_object()) continue;
    const JsonView function = piece["function"];
    ToolCall& call = place_of(piece).call;
    if (call.id.empty()) call.id = piece["id"].text();
    if (call.name.empty()) call.name = function["name"].text();
    const JsonView arguments = function["arguments"];
    const std::string text = arguments.is_object() ? arguments.dump() : std::string(arguments.text());
    call.arguments.append(text);
    bytes_ += text.size();
    if (calls_.size() > limits::tool_calls_max)
      return too_much("more than " + std::to_string(limits::tool_calls_max) + " tool calls");
    if (bytes_ > limits::provider_answer_bytes_max)
      return too_much("arguments of more than " + std::to_string(limits::provider_answer_bytes_max) + " bytes");
  }
  return {};
}

// The call that a piece belongs to: the last one of its index, else the one of its id, else the last one.
OpenAiToolCalls::Open& OpenAiToolCalls::place_of(JsonView piece) {
  const std::string_view id = piece["id"].text();
  const std::string_view name = piece["function"]["name"].text();
  const std::int64_t index = piece["index"].integer(-1);
  const auto belongs = [&](const Open& open) {
    if (index >= 0) return open.index == index && !begins_another(open.call, id, name);
    if (!id.empty()) return open.call.id == id;
    return name.empty();
  };
  const auto found = std::find_if(calls_.rbegin(), calls_.rend(), belongs);
  if (found != calls_.rend()) return *found;
  calls_.push_back({index, {}});
  return calls_.back();
}

std::vector<ToolCall> OpenAiToolCalls::take(bool cut_off) {
  std::vector<ToolCall> calls;
  for (Open& open : std::exchange(calls_, {})) {
    if (open.call.name.empty()) continue;
    if (open.call.arguments.empty()) open.call.arguments = "{}";
    if (cut_off && !Json::parse(open.call.arguments).ok()) continue;
    calls.push_back(std::move(open.call));
  }
  return calls;
}

}  // namespace omenia::providers
