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

std::string in_words(const Result<void>& added, OpenAiChunks& chunks) {
  if (!added.ok()) return "error: " + added.error().message;
  EXPECT_TRUE(chunks.add(Json::parse(end).value()).ok());
  const auto answer = chunks.take();
  if (!answer.ok()) return "error: " + answer.error().message;
  const providers::ModelAnswer& said = answer.value();
  const std::int64_t counts[] = {said.usage.input, said.usage.cache_read, said.usage.output,
                                 said.usage.reasoning.value_or(-1), said.usage.total};
  std::string words = said.response_id + "|" + said.response_model + "|" + said.text + "|" + said.stop_reason;
  for (const std::int64_t count : counts) words += "|" + std::to_string(count);
  return words;
}

// What an answer of this chunk and an end is; nothing when the short way leaves the chunk alone.
std::optional<std::string> by_the_short_way(std::string_view json) {
  PlainChunk chunk{"of", "the", "chunk", "before", providers::TokenCounts{1, 1, 1, 1, 1}};
  if (!providers::read_plain_chunk(json, chunk)) return std::nullopt;
  OpenAiChunks chunks;
  return in_words(chunks.add(chunk), chunks);
}

std::string by_the_long_way(std::string_view json) {
  const auto document = Json::parse(json);
  if (!document.ok()) return "no JSON";
  OpenAiChunks chunks;
  return in_words(chunks.add(document.value()), chunks);
}

std::string chunk_of(const std::string& text) {
  return R"({"choices":[{"delta":{"content":")" + text + R"("}}]})";
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
        R"({"id":null,"model":null,"choices":[{"delta":{"content":"x"}}]})",
        // Escapes.
        R"({"id":"a\/b","model":"\u0063","choices":[{"delta":{"content":"x\ny"},"finish_reason":"l\u0065ngth"}]})",
        R"({"choices":[{"delta":{"\u0063ontent":"x"}}]})", R"({"choices":[{"delta":{"content":"\ud834\udd1e"}}]})",
        R"({"choices":[{"delta":{"content":"a\u00e9\u20ac\ud834\udd1eb\u007f"}}]})",
        R"({"object":"\u0065rr","choices":[{"delta":{"content":"\\u12"}}]})",
        // What is idle holds anything.
        R"({"created":[-0,0.0,1e5,-1.5E-3,18446744073709551615,99999999999999999999,true,false,null],"choices":[]})",
        R"({"created":1,"choices":[{"delta":{"content":"x","role":{"content":"y","delta":{"content":"z"}}},)"
        R"("logprobs":{"content":[{"token":"x","bytes":[120],"choices":["y"]}],"index":1}}]})",
        R"({"provider":[[[[[[]]]]]],"choices":[{"delta":{"content":"x"}}]})",
        R"({"provider":{"choices":[1,2],"id":"y","id":"z"},"id":"x","choices":[]})",
        // What is null, or an empty list, says nothing.
        R"({"object":null,"usage":null,"x":[],"choices":[{"index":null,"delta":null,"finish_reason":null,"x":null}]})",
        R"({"choices":[null]})", R"({"x":null,"x":[],"created":1,"created":2,"choices":[]})",
        // An index of 0.
        R"({"choices":[{"index":-0,"delta":{"content":"x"}}]})",
        // What it took.
        R"({"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}})",
        R"({"choices":[{"delta":{"content":"x"}}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":0,)"
        R"("prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0},"queue_time":0.5,"cost_details":{"x":[1]},)"
        R"("completion_tokens_details":{"reasoning_tokens":0,"accepted_prediction_tokens":1}}})",
        R"({"choices":[],"usage":{}})",
        R"({"choices":[],"usage":{"prompt_tokens":null,"completion_tokens":null,"total_tokens":null,)"
        R"("prompt_tokens_details":null,"prompt_cache_hit_tokens":null,"completion_tokens_details":null}})",
        R"({"usage":{"prompt_tokens":3,"prompt_tokens_details":{"cached_tokens":null},)"
        R"("completion_tokens_details":{"reasoning_tokens":null}}})",
        R"({"usage":{"prompt_tokens":2,"prompt_tokens_details":{"cached_tokens":9}}})"));

class AnotherChunk : public testing::TestWithParam<const char*> {};

TEST_P(AnotherChunk, IsLeftToTheLongWay) {
  EXPECT_FALSE(by_the_short_way(GetParam())) << by_the_long_way(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Chunks, AnotherChunk,
    testing::Values(
        "", "[]", "null", "\"text\"", "{", R"({"choices":[{"delta":{"content":"x"}}]}x)",
        R"({"choices":[{"delta":{"content":"x)", R"({"choices":[{"delta":{"content":"a\u0000b"}}]})",
        "{\"choices\":[{\"delta\":{\"content\":\"a\nb\"}}]}", R"({"error":{"message":"no"}})",
        R"({"object":"error","message":"no"})", R"({"choices":[{"index":1,"delta":{"content":"x"}}]})",
        R"({"choices":[{"delta":{"content":[{"type":"text","text":"x"}]}}]})",
        R"({"choices":[{"delta":{"refusal":"no"}}]})",
        R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"1"}]}}]})",
        R"({"choices":[{"message":{"content":"x"}}]})",
        R"({"choices":[{"delta":{"content":"x"}},{"delta":{"content":"y"}}]})",
        R"({"choices":[{"delta":{"content":1}}]})", R"({"id":7,"choices":[]})",
        "{\"choices\":[{\"delta\":{\"content\":\"\xff\"}}]}",
        // Broken text, also where it does not count.
        "{\"created\":\"\xc3\"}", "{\"created\":\"\xed\xa0\x80\"}", "{\"created\":\"\xf5\x80\x80\x80\"}",
        R"({"created":"\ud834"})", R"({"created":"\udd1e\ud834"})", R"({"created":"\u12g4"})", R"({"created":"\x"})",
        R"({"created":"\u0000"})", R"({"choices":[],"created":01})", R"({"choices":[],"created":+1})",
        R"({"choices":[],"created":.5})", R"({"choices":[],"created":1.})", R"({"choices":[],"created":nul})",
        R"({"choices":[],})", R"({"choices":[,]})", R"({"choices":[]}})", R"({"choices":[]}{})",
        R"({"choices":[]}/**/)", "\xEF\xBB\xBF{}",
        // Told twice.
        R"({"id":"a","id":"b"})", R"({"model":null,"model":"b"})", R"({"choices":[],"choices":null})",
        R"({"choices":null,"choices":[{"delta":{"content":"x"}}]})", R"({"usage":null,"usage":{}})",
        R"({"choices":[{"delta":{"content":"x"},"delta":{"content":"y"}}]})",
        R"({"choices":[{"delta":{"content":"","content":"y"}}]})",
        R"({"choices":[{"finish_reason":null,"finish_reason":"length"}]})", R"({"choices":[{"index":0,"index":1}]})",
        R"({"object":"x","object":"error"})", R"({"error":null,"error":{}})",
        R"({"usage":{"prompt_tokens":1,"prompt_tokens":2}})",
        // Of another type.
        R"({"choices":{}})", R"({"choices":[[]]})", R"({"choices":["x"]})", R"({"choices":[0]})", R"({"choices":"x"})",
        R"({"choices":[null,null]})", R"({"choices":[null,{"delta":{}}]})", R"({"choices":[{"delta":[]}]})",
        R"({"choices":[{"delta":"x"}]})", R"({"choices":[{"finish_reason":1}]})",
        R"({"choices":[{"finish_reason":["stop"]}]})", R"({"choices":[{"finish_reason":{}}]})",
        R"({"choices":[{"finish_reason":true}]})", R"({"choices":[{"index":0.0}]})", R"({"choices":[{"index":"0"}]})",
        R"({"choices":[{"index":-1}]})", R"({"id":[]})", R"({"model":{}})", R"({"object":1})", R"({"error":false})",
        R"({"error":[]})", R"({"error":""})", R"({"x":{}})", R"({"x":0})", R"({"x":""})", R"({"x":false})",
        R"({"x":[null]})", R"({"x":[[]]})", R"({"choices":[{"usage":{"prompt_tokens":1}}]})",
        // Escapes in names, and what may be a failure.
        R"({"choices":[{"delta":{"conten\u0074":"x"}}]})", R"({"object":"\u0065rror"})", R"({"object":"err\u006fr"})",
        // Counts that are none.
        R"({"usage":[]})", R"({"usage":1})", R"({"usage":{"prompt_tokens":-1}})", R"({"usage":{"prompt_tokens":1.0}})",
        R"({"usage":{"prompt_tokens":"1"}})", R"({"usage":{"prompt_tokens":9007199254740993}})",
        R"({"usage":{"completion_tokens":18446744073709551615}})", R"({"usage":{"total_tokens":{}}})",
        R"({"usage":{"prompt_tokens_details":[]}})", R"({"usage":{"completion_tokens_details":1}})",
        R"({"usage":{"prompt_tokens":3,"prompt_cache_hit_tokens":2}})"));

TEST(APlainChunkCutAnywhere, IsNoPlainChunk) {
  const std::string whole = R"({"id":"c1","choices":[{"index":0,"delta":{"content":"Hello"}}]})";
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(by_the_short_way(whole.substr(0, size))) << size;
}

TEST(APlainChunkOfEveryDepth, EndsWell) {
  for (std::size_t depth : {1, 7, 8, 9, 1000}) {
    const std::string nested = std::string(depth, '[') + std::string(depth, ']');
    EXPECT_FALSE(by_the_short_way(R"({"choices":)" + nested + "}") && depth > 1) << depth;
    const std::string idle = R"({"created":)" + nested + "}";
    EXPECT_EQ(by_the_short_way(idle), depth < 8 ? std::optional(by_the_long_way(idle)) : std::nullopt) << depth;
  }
}

TEST(APlainChunkOfManySizes, IsReadAlike) {
  for (const std::string piece : {"x", "\\n", "\xc3\xa9", "\\ud834\\udd1e"}) {
    std::string text;
    for (int i = 0; i < 1'200; ++i) {
      text += i % 7 == 0 ? piece + "y" : piece;
      EXPECT_THAT(by_the_short_way(chunk_of(text)), Eq(by_the_long_way(chunk_of(text)))) << i;
    }
  }
}

TEST(AVeryLongChunk, IsLeftToTheLongWay) {
  EXPECT_TRUE(by_the_short_way(chunk_of(std::string(16'000, 'x'))));
  EXPECT_FALSE(by_the_short_way(chunk_of(std::string(17'000, 'x'))));
}

}  // namespace
}  // namespace omenia::test
