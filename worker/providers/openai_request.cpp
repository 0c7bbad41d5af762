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

void write_texts(JsonWriter& writer, std::string_view name, const std::vector<std::string>& texts) {
  writer.key(name).begin_array();
  for (const std::string& text : texts) writer.value(text);
  writer.end_array();
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
  JsonWriter writer(1024);
  writer.begin_object().member("model", request.model).key("messages").begin_array();
  if (!request.system.empty()) write_message(writer, "system", request.system);
  for (const Message& message : request.messages)
    write_message(writer, message.role == Role::user ? "user" : "assistant", message.text);
  writer.end_array().member("stream", true);
  if (habits.usage_on_request) writer.raw_member("stream_options", R"({"include_usage":true})");
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
