#include "worker/openai/chat_request.h"

#include <algorithm>
#include <vector>

#include "shared/base/ids.h"
#include "shared/json/shape.h"
#include "worker/openai/agent_choice.h"

namespace omenia::openai {

namespace {

Error invalid(std::string message) {
  return fail(ErrorCode::invalid_request, std::move(message));
}

struct Range {
  const char* field;
  double min;
  double max;
  std::string_view message;
  std::optional<double> providers::Sampling::*target;
};
constexpr Range ranges[] = {
    {"temperature", 0, 2, "must be between 0 and 2.", &providers::Sampling::temperature},
    {"top_p", 0, 1, "must be between 0 and 1.", &providers::Sampling::top_p},
    {"frequency_penalty", -2, 2, "must be between -2.0 and 2.0.", &providers::Sampling::frequency_penalty},
    {"presence_penalty", -2, 2, "must be between -2.0 and 2.0.", &providers::Sampling::presence_penalty},
};

bool is_absent(JsonView value) {
  return !value || value.is_null();
}

Result<void> read_stop(JsonView stop, providers::Sampling& sampling) {
  if (is_absent(stop)) return {};
  if (stop.is_string()) {
    if (!stop.text().empty()) sampling.stop = {std::string(stop.text())};  // Some clients send "" for none.
    return {};
  }
  if (!stop.is_array()) return invalid("Invalid stop: stop must be a string or an array of strings");
  if (stop.size() > 4) return invalid("Invalid stop: stop supports at most 4 sequences");
  for (JsonView item = stop.first(); item; item = item.next()) {
    if (item.text().empty()) return invalid("Invalid stop: each sequence must be a string that is not empty");
    sampling.stop.emplace_back(item.text());
  }
  return {};
}

Result<providers::Sampling> read_sampling(JsonView body) {
  providers::Sampling sampling;
  for (const char* field : {"max_tokens", "max_completion_tokens"}) {
    const JsonView value = body[field];
    if (is_absent(value)) continue;
    if (!value.is_integer() || value.integer() < 1)
      return invalid("`" + std::string(field) + "` must be a positive integer.");
    sampling.max_tokens = value.integer();
  }
  if (const JsonView format = body["response_format"]; !is_absent(format)) {
    const std::string_view type = format["type"].text();
    if (type != "text" && type != "json_object" && type != "json_schema")
      return invalid("Invalid response_format: type must be text, json_object or json_schema");
    sampling.response_format = format.dump();
  }
  TRY(read_stop(body["stop"], sampling));
  for (const Range& range : ranges) {
    const JsonView value = body[range.field];
    if (is_absent(value)) continue;
    if (!value.is_number() || value.number() < range.min || value.number() > range.max)
      return invalid("`" + std::string(range.field) + "` " + std::string(range.message));
    sampling.*range.target = value.number();
  }
  if (const JsonView seed = body["seed"]; !is_absent(seed)) {
    if (!seed.is_integer()) return invalid("`seed` must be an integer.");
    sampling.seed = seed.integer();
  }
  return sampling;
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

// Content is a string, or parts of which the text ones count.
std::string text_of(JsonView content) {
  if (content.is_string()) return trimmed(content.text());
  std::string text;
  for (JsonView part = content.first(); part; part = part.next()) {
    const std::string_view type = part["type"].text();
    const bool is_text = (type == "text" || type == "input_text") && part["text"];
    const std::string_view said = (is_text ? part["text"] : part["input_text"]).text();
    if (!said.empty()) text.append(text.empty() ? "" : "\n").append(said);
  }
  return trimmed(text);
}

bool has_image(JsonView content) {
  for (JsonView part = content.first(); part; part = part.next())
    if (part["type"].text() == "image_url") return true;
  return false;
}

// What an assistant said, and which of the caller's tools it called.
std::string assistant_text(JsonView message) {
  std::string text = text_of(message["content"]);
  for (JsonView call = message["tool_calls"].first(); call; call = call.next()) {
    const JsonView function = call["function"];
    text.append(text.empty() ? "" : "\n").append("tool_call id=").append(call["id"].text());
    text.append(" name=").append(function["name"].text()).append(" arguments=").append(function["arguments"].text());
  }
  return text;
}

struct Line {
  std::string speaker;
  std::string text;
  bool answerable = false;  // Of a user or a tool: may be what the turn answers.
  bool image = false;
};

void append_paragraph(std::string& text, const std::string& paragraph) {
  if (!paragraph.empty()) text.append(text.empty() ? "" : "\n\n").append(paragraph);
}

// Reads the array into the lines of a conversation and the system texts. What says nothing is left out; a tool's empty
// result says something.
std::vector<Line> read_lines(JsonView messages, std::string& system) {
  std::vector<Line> lines;
  for (JsonView message = messages.first(); message; message = message.next()) {
    const std::string_view role = message["role"].text();
    const JsonView content = message["content"];
    if (role == "system" || role == "developer") {
      append_paragraph(system, text_of(content));
    } else if (role == "user") {
      Line line{"User", text_of(content), true, has_image(content)};
      if (!line.text.empty() || line.image) lines.push_back(std::move(line));
    } else if (role == "assistant") {
      if (std::string text = assistant_text(message); !text.empty()) lines.push_back({"Assistant", std::move(text)});
    } else if (role == "tool" || (role == "function" && !message["name"].text().empty())) {
      const std::string_view name = role == "tool" ? message["tool_call_id"].text() : message["name"].text();
      lines.push_back({"Tool:" + std::string(name), text_of(content), true});
    }
  }
  return lines;
}

// The array becomes one turn: what was said before is told as context, the last message of the user is answered.
Result<std::string> turn_text(std::vector<Line> lines) {
  const auto last = std::find_if(lines.rbegin(), lines.rend(), [](const Line& line) { return line.answerable; });
  if (last == lines.rend()) return invalid("Missing user message in `messages`.");
  lines.erase(last.base(), lines.end());
  const Line current = lines.back();
  lines.pop_back();
  if (current.image)
    return invalid("Invalid image_url content in `messages`. Images are not available in this release.");
  std::erase_if(lines, [](const Line& line) { return line.image && line.text.empty(); });
  const bool is_tool = current.speaker.starts_with("Tool:");
  if (lines.empty() && !is_tool) return current.text;
  std::string text;
  if (!lines.empty()) {
    text = "[Chat messages since your last reply - for context]\n";
    for (const Line& line : lines) text.append(line.speaker).append(": ").append(line.text).append("\n");
    text.append("\n");
  }
  return text.append("[Current message - respond to this]\n").append(current.speaker).append(": ").append(current.text);
}

// The turn and what is added to the system prompt keep to the length of one message together.
Result<void> read_turn(JsonView messages, agents::RunRequest& run) {
  TRY_ASSIGN(run.message, turn_text(read_lines(messages, run.extra_system)));
  if (run.message.size() + run.extra_system.size() > limits::message_bytes_max)
    return invalid("`messages` hold more than " + std::to_string(limits::message_bytes_max) + " bytes of text.");
  return {};
}

constexpr Field body_fields[] = {
    {.name = "model", .type = JsonType::string, .nullable = true},
    {.name = "messages", .type = JsonType::array, .item = JsonType::object},
    {.name = "stream", .type = JsonType::boolean, .nullable = true},
    {.name = "stream_options", .type = JsonType::object, .nullable = true},
    {.name = "user", .type = JsonType::string, .nullable = true},
    {.name = "tools", .type = JsonType::array, .nullable = true},
};
constexpr Shape body_shape{body_fields, false};

Result<sessions::SessionKey> session_of(const http::Request& request, const std::string& agent_id,
                                        const std::string& user) {
  if (const auto named = request.header("x-OmeniaClaw-session-key"); !named.empty()) {
    TRY_ASSIGN(sessions::SessionKey key, sessions::parse_key(named, agent_id));
    if (sessions::is_reserved(key))
      return invalid("`x-OmeniaClaw-session-key` cannot use reserved internal session namespaces.");
    return key;
  }
  if (const std::string name = trimmed(user); !name.empty()) {
    auto key = sessions::parse_key("agent:" + agent_id + ":openai-user:" + name, agent_id);
    if (!key.ok()) return invalid("Invalid `user`: its " + key.error().message);
    return key;
  }
  return sessions::make_key(agent_id, "openai:" + random_uuid());
}

}  // namespace

Result<ChatRequest> ChatRequest::read(const worker::Context& context, const http::Request& request) {
  TRY_ASSIGN(const Json body,
             Json::parse(request.body.empty() ? std::string_view("{}") : std::string_view(request.body)));
  if (const std::string problems = problems_of(body, body_shape); !problems.empty()) return invalid(problems);
  ChatRequest chat;
  chat.model = body["model"].text(family);
  chat.stream = body["stream"].boolean();
  chat.include_usage = chat.stream && body["stream_options"]["include_usage"].boolean();
  chat.user = body["user"].text();
  if (body["tools"].size() > 0 && body["tool_choice"].text() != "none")
    return invalid("Invalid tools/tool_choice: client tools are not available in this release");
  TRY_ASSIGN(chat.run.sampling, read_sampling(body));
  TRY_ASSIGN(const AgentChoice choice, choose_agent(context, request, chat.model));
  TRY_ASSIGN(chat.run.session, session_of(request, choice.agent_id, chat.user));
  if (!is_agent(*context.config(), chat.run.session.agent_id))
    return invalid("Unknown agent '" + chat.run.session.agent_id + "'.");
  if (!choice.backend_model.empty()) TRY(context.catalog->find(choice.backend_model));
  TRY(read_turn(body["messages"], chat.run));
  chat.run.run_id = "chatcmpl_" + random_uuid();
  chat.run.origin = "openai";
  chat.run.model = choice.backend_model;
  chat.run.client_id = "openai";
  chat.run.client_mode = "http";
  chat.run.sender_is_owner = true;
  return chat;
}

}  // namespace omenia::openai
