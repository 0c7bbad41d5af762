// What compatible servers really send is read; what is no answer is refused in words. No server here, only its bytes.
#include <gmock/gmock.h>

#include "shared/base/limits.h"
#include "worker/providers/openai_answer.h"

namespace omenia::test {
namespace {

using providers::ModelAnswer;
using providers::OpenAiAnswer;
using testing::HasSubstr;

Result<ModelAnswer> read(std::string_view bytes, std::size_t cut = std::string_view::npos) {
  OpenAiAnswer answer;
  TRY(answer.feed(bytes.substr(0, cut)));
  if (cut < bytes.size()) TRY(answer.feed(bytes.substr(cut)));
  return answer.finish();
}

std::string event(std::string_view json) {
  return "data: " + std::string(json) + "\n\n";
}
std::string text_chunk(std::string_view text) {
  return event(R"({"id":"c1","model":"m-1","choices":[{"index":0,"delta":{"content":")" + std::string(text) +
               R"("}}]})");
}
const std::string stop = event(R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})");
const std::string done = "data: [DONE]\n\n";

std::string text_of(const std::string& bytes) {
  const auto answer = read(bytes);
  return answer.ok() ? answer.value().text : "error: " + answer.error().message;
}
Error error_of(const std::string& bytes) {
  const auto answer = read(bytes);
  return answer.ok() ? Error{ErrorCode::internal, "no error: " + answer.value().text} : answer.error();
}

TEST(Answer, IsPutTogether) {
  const auto answer =
      read(event(R"({"id":"c1","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})") +
           text_chunk("Hel") + text_chunk("lo") + stop +
           event(R"({"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,)"
                 R"("prompt_tokens_details":{"cached_tokens":4}}})") +
           done);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer.value().text, "Hello");
  EXPECT_EQ(answer.value().stop_reason, "stop");
  EXPECT_EQ(answer.value().response_id, "c1");
  EXPECT_EQ(answer.value().response_model, "m-1");
  EXPECT_EQ(answer.value().usage.input, 6);
  EXPECT_EQ(answer.value().usage.cache_read, 4);
  EXPECT_EQ(answer.value().usage.output, 5);
  EXPECT_EQ(answer.value().usage.total, 15);
}

TEST(Answer, MeansTheSameAtAnyCut) {
  for (const std::string& bytes :
       {": hi\r\n\r\n" + text_chunk("Grüße, ") + text_chunk("日本") + stop + done,
        std::string(" {\"choices\":[{\"message\":{\"content\":\"Grüße, 日本\"},\"finish_reason\":\"stop\"}]}\n")}) {
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
      const auto answer = read(bytes, cut);
      ASSERT_TRUE(answer.ok()) << cut << ": " << answer.error().message;
      EXPECT_EQ(answer.value().text, "Grüße, 日本") << cut;
    }
  }
}

TEST(Answer, CutShortAtAnyByteIsAnErrorNotAnAnswer) {
  const std::string bytes = text_chunk("Hello") + text_chunk(" there");
  for (std::size_t size = 0; size <= bytes.size(); ++size) EXPECT_FALSE(read(bytes.substr(0, size)).ok()) << size;
}

TEST(Answer, IsTakenInOddForms) {
  EXPECT_EQ(text_of(text_chunk("no done") + stop), "no done");
  EXPECT_EQ(text_of(text_chunk("no last blank line") + stop.substr(0, stop.size() - 2)), "no last blank line");
  EXPECT_EQ(text_of(event(R"({"choices":[{"delta":{"content":"no index"},"finish_reason":"stop"}]})")), "no index");
  EXPECT_EQ(
      text_of(
          event(
              R"({"choices":[{"delta":{"content":[{"type":"thinking","text":"hm"},{"type":"text","text":"parts"}]}}]})") +
          stop),
      "parts");
  EXPECT_EQ(
      text_of(event(R"({"choices":[{"delta":{"reasoning_content":"hm","content":null}}]})") + text_chunk("a") + stop),
      "a");
  EXPECT_EQ(text_of(event(R"({"choices":[{"delta":{"refusal":"I will not"}}]})") + stop), "I will not");
  EXPECT_EQ(
      text_of(event(R"({"choices":[{"index":0,"delta":{"content":"a"}},{"index":1,"delta":{"content":"b"}}]})") + stop),
      "a");
  EXPECT_EQ(text_of(event(R"({"choices":[{"index":1,"delta":{"content":"b"}}]})") + text_chunk("a") + stop), "a");
  EXPECT_EQ(text_of(stop + done), "") << "nothing said is an answer too";
  EXPECT_EQ(text_of(text_chunk("a") + stop + done + text_chunk("late")), "a");
  EXPECT_EQ(text_of(R"({"choices":[{"message":{"role":"assistant","content":"plain"},"finish_reason":"stop"}]})"),
            "plain");
}

TEST(Answer, CountsUsageWhereverItStands) {
  const auto usage = [](const std::string& json) { return read(json + stop).value().usage; };
  EXPECT_EQ(
      usage(event(R"({"choices":[{"index":0,"delta":{},"usage":{"prompt_tokens":3,"completion_tokens":2}}]})")).total,
      5);
  EXPECT_EQ(usage(event(R"({"usage":{"prompt_tokens":9,"prompt_cache_hit_tokens":4,"completion_tokens":1}})")).input,
            5);
  EXPECT_EQ(usage(event(R"({"usage":{"prompt_tokens":-5,"completion_tokens":"x","total_tokens":null}})")).total, 0);
  EXPECT_EQ(usage(event(R"({"usage":{"prompt_tokens":2,"prompt_tokens_details":{"cached_tokens":9}}})")).input, 0);
  EXPECT_EQ(usage(event(R"({"usage":null})")).total, 0);
  EXPECT_FALSE(usage(event(R"({"usage":{"prompt_tokens":1}})")).reasoning);
  EXPECT_EQ(
      usage(event(R"({"usage":{"completion_tokens":9,"completion_tokens_details":{"reasoning_tokens":7}}})")).reasoning,
      7);
}

TEST(Answer, EndsForAReason) {
  const auto ended = [](const std::string& reason) {
    return read(text_chunk("a") + event(R"({"choices":[{"delta":{},"finish_reason":")" + reason + R"("}]})"));
  };
  EXPECT_EQ(ended("length").value().stop_reason, "length");
  EXPECT_EQ(ended("end").value().stop_reason, "stop");
  EXPECT_EQ(ended("content_filter").error().code, ErrorCode::provider_format);
  EXPECT_EQ(ended("error").error().code, ErrorCode::provider_server_error);
  EXPECT_EQ(ended("insufficient_system_resource").error().code, ErrorCode::provider_overloaded);
  EXPECT_EQ(ended("tool_calls").error().code, ErrorCode::provider_broken);
  EXPECT_THAT(ended("strange").error().message, HasSubstr("\"strange\""));
  EXPECT_EQ(read(text_chunk("a") + done).error().code, ErrorCode::provider_server_error) << "never said how";
}

TEST(Answer, MayFailInTheMiddle) {
  const Error error = error_of(text_chunk("a") + event(R"({"error":{"message":"it broke","code":"server_error"}})"));
  EXPECT_EQ(error.code, ErrorCode::provider_server_error);
  EXPECT_THAT(error.message, HasSubstr("it broke"));
  EXPECT_EQ(error_of(event(R"({"error":{"message":"slow down","code":429}})")).code, ErrorCode::provider_rate_limit);
  EXPECT_EQ(error_of(event(R"({"error":"overloaded"})")).code, ErrorCode::provider_overloaded);
  EXPECT_EQ(error_of(event(R"({"object":"error","message":"maximum context length is 10 tokens"})")).code,
            ErrorCode::context_overflow);
  EXPECT_EQ(error_of(R"({"error":{"message":"no such key","code":401}})").code, ErrorCode::provider_auth);
  EXPECT_EQ(text_of(event(R"({"error":null,"choices":[]})") + text_chunk("a") + stop), "a");
}

TEST(Answer, NamesTheLineThatIsBroken) {
  const Error error = error_of(text_chunk("a") + "data: {\"choices\": [\n\n");
  EXPECT_EQ(error.code, ErrorCode::provider_broken);
  EXPECT_THAT(error.message, HasSubstr("line 3"));
  EXPECT_THAT(error.message, HasSubstr("{\"choices\": ["));
}

TEST(Answer, QuotesWhatIsNone) {
  const Error page = error_of("<!DOCTYPE html>\n<html><body>" + std::string(1000, 'x') + "</body></html>");
  EXPECT_EQ(page.code, ErrorCode::provider_broken);
  EXPECT_THAT(page.message, HasSubstr("<!DOCTYPE html> <html><body>xxx"));
  EXPECT_LT(page.message.size(), 200u);
  EXPECT_EQ(error_of("OK").code, ErrorCode::provider_broken);
  EXPECT_EQ(error_of("[1,2]").code, ErrorCode::provider_broken);
  EXPECT_EQ(error_of("{\"ok\":true}").code, ErrorCode::provider_broken);
  EXPECT_EQ(error_of("{\"choices\":[").code, ErrorCode::provider_broken);
  EXPECT_EQ(error_of(event("17")).code, ErrorCode::provider_broken);
  EXPECT_EQ(error_of("").code, ErrorCode::provider_server_error);
  EXPECT_EQ(error_of(" \n ").code, ErrorCode::provider_server_error);
}

TEST(Answer, HasALargestSize) {
  OpenAiAnswer answer;
  const std::string chunk = text_chunk(std::string(limits::MiB, 'x'));
  Result<void> fed;
  for (std::size_t i = 0; i <= limits::provider_answer_bytes_max / limits::MiB && fed.ok(); ++i)
    fed = answer.feed(chunk);
  ASSERT_FALSE(fed.ok());
  EXPECT_EQ(fed.error().code, ErrorCode::provider_broken);
}

TEST(Answer, SurvivesAnyByteChanged) {
  const std::string bytes = text_chunk("Hello") + stop + done;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const char other : {'\0', '"', '{', '}', '\n', '\x80', ':'}) {
      std::string changed = bytes;
      changed[at] = other;
      const auto answer = read(changed);
      EXPECT_TRUE(answer.ok() || !answer.error().message.empty());
    }
  }
}

}  // namespace
}  // namespace omenia::test
