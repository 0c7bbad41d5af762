#include "tests/support/mock_behaviour.h"

#include <cstdint>

#include "shared/json/json.h"
#include "shared/json/writer.h"

namespace omenia::test {

namespace {

constexpr std::string_view models[] = {"mock-1",      "mock-echo",      "mock-told",      "mock-slow",
                                       "mock-gated",  "mock-400",       "mock-401",       "mock-402",
                                       "mock-404",    "mock-429",       "mock-500",       "mock-503",
                                       "mock-stall",  "mock-stall-mid", "mock-drop-mid",  "mock-broken-sse",
                                       "mock-html",   "mock-empty",     "mock-no-finish", "mock-error-in-stream",
                                       "mock-length", "mock-long",      "mock-paced",     "mock-tools",
                                       "mock-usage",  "mock-stamped"};

constexpr std::string_view greeting = "Hello from the mock model.";
constexpr int long_answer_words = 20'000;
constexpr int stamps = 40;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = text.find(' ', 1);
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(words.back().size());
  }
  return words;
}

std::string text_of(JsonView content) {
  if (content.is_string()) return std::string(content.text());
  std::string text;
  for (JsonView part = content.first(); part; part = part.next()) text += part["text"].text();
  return text;
}

std::string last_user_text(JsonView messages) {
  std::string text;
  for (JsonView message = messages.first(); message; message = message.next()) {
    if (message["role"].text() == "user") text = text_of(message["content"]);
  }
  return text;
}

std::string repeated(std::string_view word, int times) {
  std::string text(word);
  for (int i = 1; i < times; ++i) text.append(" ").append(word);
  return text;
}

std::string answer_text(std::string_view model, JsonView request) {
  if (model == "mock-echo" || model == "mock-paced") return last_user_text(request["messages"]);
  if (model == "mock-slow" || model == "mock-gated") return "tick tick tick tick tick tick tick tick";
  if (model == "mock-empty") return "";
  if (model == "mock-stamped") return repeated(mock_stamp, stamps);
  if (model == "mock-long") return repeated("word", long_answer_words);
  return std::string(greeting);
}

// The model that reasons and has read the prompt before.
std::string usage_json(std::string_view model, std::size_t words) {
  JsonWriter writer;
  if (model == "mock-usage")
    return R"({"prompt_tokens":14,"completion_tokens":5,"total_tokens":19,)"
           R"("prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":2}})";
  writer.begin_object().member("prompt_tokens", 10).member("completion_tokens", words);
  writer.member("total_tokens", 10 + words).end_object();
  return writer.take();
}

std::string event_of(const std::string& json) {
  return "data: " + json + "\n\n";
}

std::string chunk(std::string_view model, std::string_view delta, std::string_view finish_reason) {
  JsonWriter writer;
  writer.begin_object().member("id", "chatcmpl-mock").member("object", "chat.completion.chunk");
  writer.member("created", 1'767'225'600).member("model", model).key("choices").begin_array().begin_object();
  writer.member("index", 0).raw_member("delta", delta).key("finish_reason");
  finish_reason.empty() ? writer.null() : writer.value(finish_reason);
  writer.end_object().end_array().end_object();
  return event_of(writer.take());
}

std::string text_chunk(std::string_view model, std::string_view text) {
  JsonWriter delta;
  delta.begin_object().member("content", text).end_object();
  return chunk(model, delta.text(), "");
}

std::string usage_chunk(std::string_view model, std::size_t words) {
  JsonWriter writer;
  writer.begin_object().member("id", "chatcmpl-mock").member("object", "chat.completion.chunk");
  writer.member("created", 1'767'225'600).member("model", model).key("choices").begin_array().end_array();
  writer.raw_member("usage", usage_json(model, words)).end_object();
  return event_of(writer.take());
}

// What mock-tools does is in the user's text: "no tool" calls none, "say" says something first, "both" calls the first
// tool twice, "long" gives it long arguments. Calls come in pieces, under ids that mean nothing elsewhere.
struct Script {
  std::string text;
  std::vector<std::string> arguments;  // Of one call each.
};

Script script_of(JsonView request) {
  const std::string said = last_user_text(request["messages"]);
  Script script;
  if (said.find("say") != std::string::npos) script.text = "Let me look.";
  if (said.find("no tool") != std::string::npos) {
    script.text = "No tool is needed.";
    return script;
  }
  script.arguments.emplace_back(R"({"city":"Oslo"})");
  if (said.find("both") != std::string::npos) script.arguments.emplace_back(R"({"city":"Rome"})");
  if (said.find("long") != std::string::npos) {
    std::string filling;  // 256 UTF-16 units end inside a pair.
    for (int i = 0; i < 400; ++i) filling += "🎉";
    script.arguments = {R"({"t":")" + filling + R"("})"};
  }
  return script;
}

std::string call_chunk(std::string_view model, std::size_t index, std::string_view name, std::string_view arguments) {
  JsonWriter delta;
  delta.begin_object().key("tool_calls").begin_array().begin_object().member("index", index);
  if (!name.empty()) delta.member("id", "call_up" + std::to_string(index)).member("type", "function");
  delta.key("function").begin_object();
  if (!name.empty()) delta.member("name", name);
  delta.member("arguments", arguments).end_object().end_object().end_array().end_object();
  return chunk(model, delta.text(), "");
}

MockAnswer tool_stream(std::string_view model, JsonView request) {
  const Script script = script_of(request);
  const std::string tool(request["tools"].at(0)["function"]["name"].text());
  MockAnswer answer{.content_type = "text/event-stream", .streamed = true};
  answer.pieces.push_back(chunk(model, R"({"role":"assistant","content":null})", ""));
  for (const auto& word : words_of(script.text)) answer.pieces.push_back(text_chunk(model, word));
  for (std::size_t i = 0; i < script.arguments.size(); ++i) {
    const std::string_view arguments = script.arguments[i];
    answer.pieces.push_back(call_chunk(model, i, tool, ""));
    answer.pieces.push_back(call_chunk(model, i, "", arguments.substr(0, 5)));
    answer.pieces.push_back(call_chunk(model, i, "", arguments.substr(5)));
  }
  answer.pieces.push_back(chunk(model, "{}", script.arguments.empty() ? "stop" : "tool_calls"));
  answer.pieces.push_back(usage_chunk(model, 5));
  answer.pieces.push_back("data: [DONE]\n\n");
  return answer;
}

std::string finish_reason(std::string_view model) {
  return model == "mock-length" ? "length" : "stop";
}

MockAnswer failure(int status, std::string_view type, std::string_view message, std::string headers = {}) {
  JsonWriter writer;
  writer.begin_object().key("error").begin_object().member("message", message).member("type", type).end_object();
  writer.end_object();
  return {.status = status, .headers = std::move(headers), .pieces = {writer.take()}};
}

MockAnswer stream(std::string_view model, JsonView request) {
  MockAnswer answer{.content_type = "text/event-stream", .streamed = true};
  const auto words = words_of(answer_text(model, request));
  answer.pieces.push_back(chunk(model, R"({"role":"assistant","content":""})", ""));
  for (const auto& word : words) answer.pieces.push_back(text_chunk(model, word));
  if (model == "mock-slow") answer.pace = Pace::slow, answer.endless = true;
  if (model == "mock-paced") answer.pace = Pace::slow, answer.piece_ms = mock_paced_piece_ms;
  if (model == "mock-stamped") answer.stamped = true, answer.pace = Pace::slow, answer.piece_ms = mock_stamped_piece_ms;
  if (model == "mock-gated") answer.pace = Pace::gated;
  if (model == "mock-stall-mid") answer.ending = Ending::stall;
  if (model == "mock-drop-mid") answer.ending = Ending::drop;
  if (model == "mock-broken-sse") answer.pieces.push_back("data: {\"choices\": [\n\n");
  if (model == "mock-error-in-stream") {
    answer.pieces.push_back(event_of(R"({"error":{"message":"the mock failed on purpose","code":"server_error"}})"));
  }
  const bool whole = answer.ending == Ending::complete && !answer.endless && model != "mock-no-finish" &&
                     model != "mock-broken-sse" && model != "mock-error-in-stream";
  if (!whole) return answer;
  answer.pieces.push_back(chunk(model, "{}", finish_reason(model)));
  if (request["stream_options"]["include_usage"].boolean()) answer.pieces.push_back(usage_chunk(model, words.size()));
  answer.pieces.push_back("data: [DONE]\n\n");
  return answer;
}

MockAnswer completion(std::string_view model, JsonView request) {
  const std::string text = answer_text(model, request);
  JsonWriter writer;
  writer.begin_object().member("id", "chatcmpl-mock").member("object", "chat.completion");
  writer.member("created", 1'767'225'600).member("model", model).key("choices").begin_array().begin_object();
  writer.member("index", 0).key("message").begin_object().member("role", "assistant").member("content", text);
  writer.end_object().member("finish_reason", finish_reason(model)).end_object().end_array();
  writer.raw_member("usage", usage_json(model, words_of(text).size())).end_object();
  return {.pieces = {writer.take()}};
}

// The model of the recorded conversations did as it was told.
std::string behaviour_of(std::string_view model, JsonView request) {
  if (model != "mock-told") return std::string(model);
  const std::string text = last_user_text(request["messages"]);
  if (text.find("FAIL") != std::string::npos) return "mock-400";
  return text.find("SLOW") != std::string::npos ? "mock-slow" : "mock-1";
}

MockAnswer chat(JsonView request) {
  const std::string model = behaviour_of(request["model"].text(), request);
  if (model == "mock-400") return failure(400, "invalid_request_error", "the mock cannot do this");
  if (model == "mock-401") return failure(401, "authentication_error", "the mock refuses this key");
  if (model == "mock-402") return failure(402, "insufficient_quota", "the mock wants money");
  if (model == "mock-404") return failure(404, "model_not_found", "the mock has no such model");
  if (model == "mock-429") return failure(429, "rate_limit_exceeded", "the mock is busy", "Retry-After: 1\r\n");
  if (model == "mock-500") return failure(500, "server_error", "the mock broke");
  if (model == "mock-503") return failure(503, "overloaded", "the mock is overloaded");
  if (model == "mock-html") return {.content_type = "text/html", .pieces = {"<html><body>Welcome</body></html>"}};
  if (model == "mock-tools" && request["tools"].size() > 0) return tool_stream(model, request);
  if (model == "mock-stall") return {.ending = Ending::stall};
  return request["stream"].boolean() ? stream(model, request) : completion(model, request);
}

// Two numbers an input that depend on its text alone.
MockAnswer embeddings(JsonView request) {
  if (request["model"].text() == "mock-500") return failure(500, "server_error", "the mock broke");
  JsonWriter writer;
  writer.begin_object().member("object", "list").key("data").begin_array();
  const JsonView input = request["input"];
  int index = 0;
  for (JsonView text = input.is_array() ? input.first() : input; text; text = text.next()) {
    writer.begin_object().member("object", "embedding").member("index", index++).key("embedding").begin_array();
    writer.value(static_cast<double>(text.text().size())).value(0.25).end_array().end_object();
    if (!input.is_array()) break;
  }
  writer.end_array().member("model", request["model"].text());
  writer.raw_member("usage", R"({"prompt_tokens":1,"total_tokens":1})").end_object();
  return {.pieces = {writer.take()}};
}

MockAnswer model_list() {
  JsonWriter writer;
  writer.begin_object().member("object", "list").key("data").begin_array();
  for (const auto model : models) writer.begin_object().member("id", model).member("object", "model").end_object();
  writer.end_array().end_object();
  return {.pieces = {writer.take()}};
}

}  // namespace

std::span<const std::string_view> mock_models() {
  return models;
}

MockAnswer mock_answer(std::string_view method, std::string_view target, std::string_view body) {
  if (method == "GET" && target == "/v1/models") return model_list();
  const auto request = Json::parse(body);
  if (method != "POST" || !request.ok()) return failure(400, "invalid_request_error", "the mock cannot read this");
  if (target == "/v1/chat/completions") return chat(request.value());
  if (target == "/v1/embeddings") return embeddings(request.value());
  return failure(404, "not_found", "the mock has no such path");
}

}  // namespace omenia::test
