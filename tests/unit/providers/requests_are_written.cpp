// The bodies that go to a model server: what was asked, nothing else.
#include <gtest/gtest.h>

#include "shared/json/json.h"
#include "worker/providers/openai_request.h"

namespace omenia::test {
namespace {

using namespace providers;

TEST(CompletionBody, HoldsNothingThatWasNotAskedFor) {
  ModelRequest request;
  request.model = "m";
  request.messages = {{Role::user, "hi"}};
  EXPECT_EQ(completion_body(request, {}), R"({"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true,)"
                                          R"("stream_options":{"include_usage":true}})");
}

TEST(CompletionBody, OffersTools) {
  ModelRequest request;
  request.model = "m";
  request.messages = {{Role::user, "hi"}};
  request.tools = {{"now", "", "", {}}, {"weather", "of a \"city\"", R"({"type":"object"})", true}};
  const auto body = [&] { return Json::parse(completion_body(request, {})).value(); };
  EXPECT_EQ(body()["tools"].dump(),
            R"([{"type":"function","function":{"name":"now","parameters":{"type":"object","properties":{}}}},)"
            R"({"type":"function","function":{"name":"weather","description":"of a \"city\"",)"
            R"("parameters":{"type":"object"},"strict":true}}])");
  EXPECT_FALSE(body()["tool_choice"]);
  request.tool_choice.kind = ToolChoice::Kind::required;
  EXPECT_EQ(body()["tool_choice"].text(), "required");
  request.tool_choice = {ToolChoice::Kind::named, "now"};
  EXPECT_EQ(body()["tool_choice"].dump(), R"({"type":"function","function":{"name":"now"}})");
  request.tools.clear();
  EXPECT_FALSE(body()["tool_choice"]) << "there is nothing to choose from";
}

TEST(CompletionBody, ShowsImagesBesideTheText) {
  ModelRequest request;
  request.model = "m";
  request.messages = {{Role::user, "look", {{"image/png", "iVBO"}, {"image/jpeg", "/9j/"}}}, {Role::assistant, "ok"}};
  EXPECT_EQ(Json::parse(completion_body(request, {})).value()["messages"].dump(),
            R"([{"role":"user","content":[{"type":"text","text":"look"},)"
            R"({"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}},)"
            R"({"type":"image_url","image_url":{"url":"data:image/jpeg;base64,/9j/"}}]},)"
            R"({"role":"assistant","content":"ok"}])");
}

TEST(CompletionBody, HoldsEverythingThatWas) {
  ModelRequest request;
  request.model = "m";
  request.system = "be \"kind\"";
  request.messages = {{Role::user, "a"}, {Role::assistant, "b"}, {Role::user, "c"}};
  request.sampling = {.temperature = 0.5,
                      .top_p = 0.25,
                      .frequency_penalty = -1.0,
                      .presence_penalty = 2.0,
                      .seed = 7,
                      .max_tokens = 100,
                      .stop = {"x", "y"},
                      .response_format = R"({"type":"json_object"})"};
  request.reasoning_effort = "low";
  const auto body = Json::parse(completion_body(request, {}));
  ASSERT_TRUE(body.ok());
  const JsonView view = body.value();
  EXPECT_EQ(view["messages"].size(), 4u);
  EXPECT_EQ(view["messages"].at(0)["role"].text(), "system");
  EXPECT_EQ(view["messages"].at(0)["content"].text(), "be \"kind\"");
  EXPECT_EQ(view["messages"].at(2)["role"].text(), "assistant");
  EXPECT_EQ(view["temperature"].number(), 0.5);
  EXPECT_EQ(view["top_p"].number(), 0.25);
  EXPECT_EQ(view["frequency_penalty"].number(), -1);
  EXPECT_EQ(view["presence_penalty"].number(), 2);
  EXPECT_EQ(view["seed"].integer(), 7);
  EXPECT_EQ(view["reasoning_effort"].text(), "low");
  EXPECT_EQ(view["max_completion_tokens"].integer(), 100);
  EXPECT_FALSE(view["max_tokens"]);
  EXPECT_EQ(view["stop"].at(1).text(), "y");
  EXPECT_EQ(view["response_format"]["type"].text(), "json_object");
}

TEST(CompletionBody, FollowsTheHabitsOfTheHost) {
  for (const char* host : {"api.mistral.ai", "api.z.ai", "api.moonshot.cn", "api.together.xyz", "llm.chutes.ai"})
    EXPECT_EQ(habits_of(host).max_tokens_field, "max_tokens") << host;
  for (const char* host : {"api.openai.com", "localhost", "notmistral.ai", "mistral.ai.example.com", ""})
    EXPECT_EQ(habits_of(host).max_tokens_field, "max_completion_tokens") << host;
  EXPECT_FALSE(habits_of("api.mistral.ai").usage_on_request);
  EXPECT_TRUE(habits_of("api.openai.com").usage_on_request);
  ModelRequest request;
  request.sampling.max_tokens = 9;
  const auto body = Json::parse(completion_body(request, habits_of("api.mistral.ai")));
  EXPECT_EQ(body.value()["max_tokens"].integer(), 9);
  EXPECT_FALSE(body.value()["stream_options"]);
}

TEST(EmbeddingsBody, AsksForNumbers) {
  EXPECT_EQ(embeddings_body({.model = "e", .inputs = {"a", "b"}, .dimensions = 0}),
            R"({"model":"e","input":["a","b"],"encoding_format":"float"})");
  EXPECT_EQ(embeddings_body({.model = "e", .inputs = {"a"}, .dimensions = 8}),
            R"({"model":"e","input":["a"],"encoding_format":"float","dimensions":8})");
}

}  // namespace
}  // namespace omenia::test
