// The short way of reading a chunk takes what the long way takes, or leaves it to that.
#include <gmock/gmock.h>

#include <optional>

#include "worker/providers/openai_chunks.h"

namespace omenia::test {
namespace {

using providers::OpenAiChunks;
using providers::PlainChunk;
using testing::Eq;

const std::string end = R"({"choices":[{"delta":{},"finish_reason":"stop"}]})";

// What an answer of this chunk and an end is; nothing when the short way leaves the chunk alone.
std::optional<std::string> by_the_short_way(std::string_view json) {
  OpenAiChunks chunks;
  const bool taken =
      providers::read_plain_chunk(json, [&](const PlainChunk& chunk) { EXPECT_TRUE(chunks.add(chunk).ok()); });
  if (!taken) return std::nullopt;
  EXPECT_TRUE(chunks.add(Json::parse(end).value()).ok());
  const auto answer = chunks.take();
  return answer.ok() ? answer.value().response_id + "|" + answer.value().response_model + "|" + answer.value().text +
                           "|" + answer.value().stop_reason
                     : "error: " + answer.error().message;
}

std::string by_the_long_way(std::string_view json) {
  OpenAiChunks chunks;
  const auto document = Json::parse(json);
  if (!document.ok()) return "no JSON";
  if (const auto added = chunks.add(document.value()); !added.ok()) return "error: " + added.error().message;
  EXPECT_TRUE(chunks.add(Json::parse(end).value()).ok());
  const auto answer = chunks.take();
  return answer.ok() ? answer.value().response_id + "|" + answer.value().response_model + "|" + answer.value().text +
                           "|" + answer.value().stop_reason
                     : "error: " + answer.error().message;
}

class APlainChunk : public testing::TestWithParam<const char*> {};

TEST_P(APlainChunk, IsReadAlike) {
  EXPECT_THAT(by_the_short_way(GetParam()), Eq(by_the_long_way(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(
    Chunks, APlainChunk,
    testing::Values(
        R"({"id":"c1","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})",
        R"({"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","system_fingerprint":"fp",)"
        R"("choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":null,"finish_reason":null}],"usage":null})",
        R"({"choices":[{"delta":{"content":"\"\\\/\b\f\n\r\té€𝄞\ud834\udd1e"}}]})",
        R"({"choices":[{"delta":{"content":"größer € 𝄞"}}]})", R"({"choices":[]})", R"({"choices":null})", R"({})",
        R"( { "choices" : [ { "delta" : { "content" : "x" } } ] } )", R"({"error":null,"choices":[]})",
        R"({"choices":[{"index":0,"delta":{"content":null,"refusal":null,"tool_calls":[]},"finish_reason":"length"}]})",
        R"({"id":null,"model":null,"choices":[{"delta":{"content":"x"}}]})"));

class AnotherChunk : public testing::TestWithParam<const char*> {};

TEST_P(AnotherChunk, IsLeftToTheLongWay) {
  EXPECT_FALSE(by_the_short_way(GetParam())) << by_the_long_way(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Chunks, AnotherChunk,
    testing::Values("", "[]", "null", "\"text\"", "{", R"({"choices":[{"delta":{"content":"x"}}]}x)",
                    R"({"choices":[{"delta":{"content":"x)", R"({"choices":[{"delta":{"content":"a\u0000b"}}]})",
                    "{\"choices\":[{\"delta\":{\"content\":\"a\nb\"}}]}", R"({"error":{"message":"no"}})",
                    R"({"object":"error","message":"no"})", R"({"choices":[{"index":1,"delta":{"content":"x"}}]})",
                    R"({"choices":[{"delta":{"content":[{"type":"text","text":"x"}]}}]})",
                    R"({"choices":[{"delta":{"refusal":"no"}}]})",
                    R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"1"}]}}]})",
                    R"({"choices":[{"message":{"content":"x"}}]})", R"({"choices":[],"usage":{"prompt_tokens":1}})",
                    R"({"choices":[{"delta":{"content":"x"}},{"delta":{"content":"y"}}]})",
                    R"({"choices":[{"delta":{"content":1}}]})", R"({"id":7,"choices":[]})",
                    "{\"choices\":[{\"delta\":{\"content\":\"\xff\"}}]}"));

TEST(APlainChunkCutAnywhere, IsNoPlainChunk) {
  const std::string whole = R"({"id":"c1","choices":[{"index":0,"delta":{"content":"Hello"}}]})";
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(by_the_short_way(whole.substr(0, size))) << size;
}

TEST(APlainChunkOfEveryDepth, EndsWell) {
  for (std::size_t depth : {1, 7, 8, 9, 1000}) {
    const std::string nested = std::string(depth, '[') + std::string(depth, ']');
    EXPECT_FALSE(by_the_short_way(R"({"choices":)" + nested + "}") && depth > 1) << depth;
  }
}

}  // namespace
}  // namespace omenia::test
