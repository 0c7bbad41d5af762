#include "worker/providers/openai_request.h"

#include <algorithm>
#include <iterator>

#include "shared/json/writer.h"

namespace omenia::providers {

namespace {

constexpr std::string_view max_tokens_hosts[] = {"mistral.ai",     "moonshot.ai", "moonshot.cn",  "z.ai",
                                                 "bigmodel.cn",    "together.ai", "together.xyz", "deepseek.com",
                                                 "cloudflare.com", "chutes.ai"};

bool belongs_to(std::string_view host, std::string_view domain) {
  return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

template <typename T>
void write_if(JsonWriter& writer, std::string_view name, const std::optional<T>& value) {
  if (value) writer.member(name, *value);
}

void write_message(JsonWriter& writer, std::string_view role, std::string_view text) {
  writer.begin_object().member("role", role).member("content", text).end_object();
}

// Texts alone are sent as a string, which every server reads.
void write_user_message(JsonWriter& writer, const Message& message) {
  if (message.images.empty()) return write_message(writer, "user", message.text);
  writer.begin_object().member("role", "user").key("content").begin_array();
  writer.begin_object().member("type", "text").member("text", message.text).end_object();
  for (const Image& image : message.images) {
    writer.begin_object().member("type", "image_url").key("image_url").begin_object();
    writer.member("url", "data:" + image.type + ";base64," + *image.data).end_object().end_object();
  }
  writer.end_array().end_object();
}

void write_tools(JsonWriter& writer, const std::vector<Tool>& tools) {
  writer.key("tools").begin_array();
  for (const Tool& tool : tools) {
    writer.begin_object().member("type", "function").key("function").begin_object().member("name", tool.name);
    if (!tool.description.empty()) writer.member("description", tool.description);
    // Some servers do not take a function without them.
    writer.raw_member("parameters", tool.parameters.empty() ? R"({"type":"object","properties":{}})" : tool.parameters);
    write_if(writer, "strict", tool.strict);
    writer.end_object().end_object();
  }
  writer.end_array();
}

// What is not said is "auto".
void write_tool_choice(JsonWriter& writer, const ToolChoice& choice) {
  if (choice.kind == ToolChoice::Kind::required) writer.member("tool_choice", "required");
  if (choice.kind != ToolChoice::Kind::named) return;
  writer.key("tool_choice").begin_object().member("type", "function");
  writer.key("function").begin_object().member("name", choice.name).end_object().end_object();
}

void write_texts(JsonWriter& writer, std::string_view name, const std::vector<std::string>& texts) {
  writer.key(name).begin_array();
  for (const std::string& text : texts) writer.value(text);
  writer.end_array();
}

// About the bytes that its body takes.
std::size_t size_of(const ModelRequest& request) {
  std::size_t bytes = 1024 + request.system.size();
  for (const Message& message : request.messages) {
    bytes += message.text.size() + 64;
    for (const Image& image : message.images) bytes += image.data->size() + 64;
  }
  return bytes;
}

}  // namespace

OpenAiHabits habits_of(std::string_view host) {
  OpenAiHabits habits;
  if (std::any_of(std::begin(max_tokens_hosts), std::end(max_tokens_hosts),
                  [host](std::string_view domain) { return belongs_to(host, domain); }))
    habits.max_tokens_field = "max_tokens";
  habits.usage_on_request = !belongs_to(host, "mistral.ai");
  return habits;
}

std::string completion_body(const ModelRequest& request, const OpenAiHabits& habits) {
  const Sampling& sampling = request.sampling;
  JsonWriter writer(size_of(request));
  writer.begin_object().member("model", request.model).key("messages").begin_array();
  if (!request.system.empty()) write_message(writer, "system", request.system);
  for (const Message& message : request.messages) {
    if (message.role == Role::user) {
      write_user_message(writer, message);
    } else {
      write_message(writer, "assistant", message.text);
    }
  }
  writer.end_array().member("stream", true);
  if (habits.usage_on_request) writer.raw_member("stream_options", R"({"include_usage":true})");
  if (!request.tools.empty()) {
    write_tools(writer, request.tools);
    write_tool_choice(writer, request.tool_choice);
  }
  write_if(writer, "temperature", sampling.temperature);
  write_if(writer, "top_p", sampling.top_p);
  write_if(writer, "frequency_penalty", sampling.frequency_penalty);
  write_if(writer, "presence_penalty", sampling.presence_penalty);
  write_if(writer, "seed", sampling.seed);
  write_if(writer, habits.max_tokens_field, sampling.max_tokens);
  if (!sampling.stop.empty()) write_texts(writer, "stop", sampling.stop);
  if (!request.reasoning_effort.empty()) writer.member("reasoning_effort", request.reasoning_effort);
  if (!sampling.response_format.empty()) writer.raw_member("response_format", sampling.response_format);
  return writer.end_object().take();
}

std::string embeddings_body(const EmbeddingRequest& request) {
  JsonWriter writer(1024);
  writer.begin_object().member("model", request.model);
  write_texts(writer, "input", request.inputs);
  writer.member("encoding_format", "float");
  if (request.dimensions > 0) writer.member("dimensions", request.dimensions);
  return writer.end_object().take();
}

}  // namespace omenia::providers
