#include "worker/openai/chat_request.h"

#include "shared/base/ids.h"
#include "shared/config/agents.h"
#include "shared/json/shape.h"
#include "worker/openai/agent_choice.h"
#include "worker/openai/client_tools.h"
#include "worker/openai/conversation.h"
#include "worker/openai/request_fields.h"
#include "worker/openai/session_choice.h"

namespace omenia::openai {

namespace {

constexpr std::string_view numbers[] = {"temperature", "top_p", "frequency_penalty", "presence_penalty"};

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

// Checked in the order in which clients know the refusals.
Result<providers::Sampling> read_sampling(JsonView body) {
  providers::Sampling sampling;
  TRY(read_tokens_max(body, "max_tokens", sampling));
  TRY(read_tokens_max(body, "max_completion_tokens", sampling));
  if (const JsonView format = body["response_format"]; !is_absent(format)) {
    const std::string_view type = format["type"].text();
    if (type != "text" && type != "json_object" && type != "json_schema")
      return invalid("Invalid response_format: type must be text, json_object or json_schema");
    sampling.response_format = format.dump();
  }
  TRY(read_stop(body["stop"], sampling));
  TRY(read_numbers(body, numbers, sampling));
  if (const JsonView seed = body["seed"]; !is_absent(seed)) {
    if (!seed.is_integer()) return invalid("`seed` must be an integer.");
    sampling.seed = seed.integer();
  }
  return sampling;
}

bool is_image(JsonView part) {
  return part["type"].text() == "image_url";
}

bool has_image(JsonView content) {
  for (JsonView part = content.is_array() ? content.first() : JsonView(); part; part = part.next())
    if (is_image(part)) return true;
  return false;
}

Result<std::vector<Media>> read_images(JsonView content) {
  std::vector<Media> images;
  for (JsonView part = content.is_array() ? content.first() : JsonView(); part; part = part.next()) {
    if (!is_image(part)) continue;
    const JsonView named = part["image_url"];
    const JsonView url = named.is_object() ? named["url"] : named;
    if (!url.is_string()) return bad_image(invalid("image_url must be a URL, or an object with a url"));
    if (images.size() == limits::input_images_max)
      return bad_image(invalid("there are more than " + std::to_string(limits::input_images_max) + " images"));
    auto image = media_of_url(url.text());
    if (!image.ok()) return bad_image(image.error());
    images.push_back(std::move(image).value());
  }
  return images;
}

// What an assistant said, and which of the caller's tools it called.
std::string assistant_text(JsonView message) {
  std::string text = text_of_content(message["content"]);
  for (JsonView call = message["tool_calls"].first(); call; call = call.next()) {
    const JsonView function = call["function"];
    text.append(text.empty() ? "" : "\n");
    text.append(call_line(call["id"].text(), function["name"].text(), function["arguments"].text()));
  }
  return text;
}

void add_user(JsonView content, Conversation& conversation) {
  Line line{.speaker = "User", .text = text_of_content(content), .answerable = true, .content = content};
  if (has_image(content)) line.placeholder = "User sent image(s) with no text.";
  if (!line.text.empty() || !line.placeholder.empty()) conversation.add(std::move(line));
}

// What says nothing is left out; a tool's empty result says something.
Conversation read_messages(JsonView messages) {
  Conversation conversation;
  for (JsonView message = messages.first(); message; message = message.next()) {
    const std::string_view role = message["role"].text();
    const JsonView content = message["content"];
    if (role == "system" || role == "developer") {
      conversation.add_system(text_of_content(content));
    } else if (role == "user") {
      add_user(content, conversation);
    } else if (role == "assistant") {
      if (std::string text = assistant_text(message); !text.empty())
        conversation.add({.speaker = "Assistant", .text = std::move(text)});
    } else if (role == "tool" || (role == "function" && !message["name"].text().empty())) {
      const std::string_view name = role == "tool" ? message["tool_call_id"].text() : message["name"].text();
      conversation.add({.speaker = "Tool:" + std::string(name), .text = text_of_content(content), .answerable = true});
    }
  }
  return conversation;
}

// The turn and what is added to the system prompt keep to the length of one message together.
Result<void> read_turn(JsonView messages, const ClientTools& tools, ChatRequest& chat) {
  agents::RunRequest& run = chat.run;
  Conversation conversation = read_messages(messages);
  TRY_ASSIGN(Turn turn, conversation.take_turn("Missing user message in `messages`."));
  TRY_ASSIGN(chat.images, read_images(turn.content));
  run.message = std::move(turn.text);
  run.extra_system = conversation.system();
  append_paragraph(run.extra_system, instruction_of(tools));
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

}  // namespace

Result<ChatRequest> ChatRequest::read(const worker::Context& context, const http::Request& request) {
  TRY_ASSIGN(const Json body,
             Json::parse(request.body.empty() ? std::string_view("{}") : std::string_view(request.body)));
  if (const std::string problems = problems_of(body, body_shape); !problems.empty()) return invalid(problems);
  ChatRequest chat;
  chat.model = body["model"].text(family);
  chat.stream = body["stream"].boolean();
  chat.include_usage = chat.stream && body["stream_options"]["include_usage"].boolean();
  TRY_ASSIGN(chat.run.sampling, read_sampling(body));
  TRY_ASSIGN(const AgentChoice choice, choose_agent(context, request, chat.model));
  TRY_ASSIGN(SessionChoice session, choose_session(request, choice.agent_id, body["user"].text(), "openai"));
  chat.run.session = std::move(session.key);
  if (!find_agent(*context.config(), chat.run.session.agent_id))
    return invalid("Unknown agent '" + chat.run.session.agent_id + "'.");
  if (!choice.backend_model.empty()) TRY(context.catalog->find(choice.backend_model));
  TRY_ASSIGN(ClientTools tools, read_client_tools(body["tools"], body["tool_choice"], ToolForm::nested));
  TRY(read_turn(body["messages"], tools, chat));
  chat.run.client_tools = std::move(tools.tools);
  chat.run.tool_choice = std::move(tools.choice);
  chat.run.run_id = "chatcmpl_" + ordered_uuid();
  chat.run.origin = "openai";
  chat.run.told_at_end = true;
  chat.run.has_own_session = !session.named;
  chat.run.model = choice.backend_model;
  chat.run.client_id = "openai";
  chat.run.client_mode = "http";
  chat.run.sender_is_owner = choice.caller_is_owner;
  return chat;
}

Error bad_image(const Error& error) {
  if (error.code != ErrorCode::invalid_request) return error;
  return invalid("Invalid image_url content in `messages`. " + error.message);
}

}  // namespace omenia::openai
