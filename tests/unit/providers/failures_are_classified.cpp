// What a server's refusal means, by its words first and its status second.
#include <gmock/gmock.h>

#include "worker/providers/failure.h"

namespace omenia::test {
namespace {

using providers::failure_of;
using testing::HasSubstr;

struct Case {
  int status;
  std::string body;
  ErrorCode code;
};

std::ostream& operator<<(std::ostream& out, const Case& refusal) {
  return out << refusal.status << " " << refusal.body;
}

std::string said(const std::string& message, const std::string& code = "") {
  return R"({"error":{"message":")" + message + R"(","type":"t","code":")" + code + R"("}})";
}

class Refusal : public testing::TestWithParam<Case> {};

TEST_P(Refusal, IsOfItsKind) {
  const Error error = failure_of(GetParam().status, GetParam().body, std::nullopt);
  EXPECT_EQ(row_of(error.code).name, row_of(GetParam().code).name) << error.message;
}

const Case by_status[] = {
    {400, "", ErrorCode::provider_format},       {422, "{}", ErrorCode::provider_format},
    {401, "", ErrorCode::provider_auth},         {403, "", ErrorCode::provider_auth},
    {402, "", ErrorCode::provider_billing},      {404, "", ErrorCode::provider_not_found},
    {408, "", ErrorCode::provider_timeout},      {504, "", ErrorCode::provider_timeout},
    {524, "", ErrorCode::provider_timeout},      {413, "", ErrorCode::context_overflow},
    {429, "", ErrorCode::provider_rate_limit},   {529, "", ErrorCode::provider_overloaded},
    {500, "", ErrorCode::provider_server_error}, {502, "", ErrorCode::provider_server_error},
    {503, "", ErrorCode::provider_server_error}, {301, "", ErrorCode::provider_broken},
    {418, "", ErrorCode::provider_format},       {503, "<html>overloaded</html>", ErrorCode::provider_server_error},
};
const Case by_words[] = {
    {400, said("too long", "context_length_exceeded"), ErrorCode::context_overflow},
    {400, said("This model's maximum context length is 8192 tokens"), ErrorCode::context_overflow},
    {400, said("the request (900 tokens) exceeds the available context size"), ErrorCode::context_overflow},
    {400, said("Input token count (9) exceeds the maximum number of tokens allowed (5)"), ErrorCode::context_overflow},
    {500, said("context length exceeded"), ErrorCode::context_overflow},
    {400, said("上下文过长"), ErrorCode::context_overflow},
    {429, said("Rate limit reached: too many tokens"), ErrorCode::provider_rate_limit},
    {413, said("Request too large on tokens per minute (TPM): Limit 6000, Requested 9000"),
     ErrorCode::context_overflow},
    {413, said("Request too large on tokens per minute (TPM): Limit 6000, Requested 500"),
     ErrorCode::provider_rate_limit},
    {429, said("You exceeded your quota", "insufficient_quota"), ErrorCode::provider_billing},
    {403, said("Insufficient credits"), ErrorCode::provider_billing},
    {402, said("monthly usage resets tomorrow"), ErrorCode::provider_rate_limit},
    {403, said("Rate limit exceeded"), ErrorCode::provider_rate_limit},
    {400, said("quota exceeded"), ErrorCode::provider_rate_limit},
    {429, said("The model is overloaded"), ErrorCode::provider_overloaded},
    {503, said("Service Unavailable"), ErrorCode::provider_overloaded},
    {500, said("at capacity"), ErrorCode::provider_overloaded},
    {400, said("API key not valid. Please pass a valid API key."), ErrorCode::provider_auth},
    {500, said("unauthorized"), ErrorCode::provider_server_error},
    {400, said("The model `x` does not exist", "model_not_found"), ErrorCode::provider_not_found},
    {400, said("no endpoints found for x"), ErrorCode::provider_not_found},
    {500, said("model not found"), ErrorCode::provider_server_error},
    {400, said("temperature must be below 2"), ErrorCode::provider_format},
};
INSTANTIATE_TEST_SUITE_P(ByStatus, Refusal, testing::ValuesIn(by_status));
INSTANTIATE_TEST_SUITE_P(ByWords, Refusal, testing::ValuesIn(by_words));

TEST(RefusalInWords, QuotesTheServer) {
  const auto message = [](int status, const std::string& body) { return failure_of(status, body, {}).message; };
  EXPECT_EQ(message(400, said("no such field")), "answered 400: no such field");
  EXPECT_EQ(message(400, R"({"error":"as a string"})"), "answered 400: as a string");
  EXPECT_EQ(message(400, R"({"message":"at the top"})"), "answered 400: at the top");
  EXPECT_EQ(message(400, R"({"detail":"of a framework"})"), "answered 400: of a framework");
  EXPECT_EQ(message(422, R"({"detail":[{"msg":"field required"}]})"), "answered 422: field required");
  EXPECT_EQ(message(400, R"([{"error":{"message":"in a list"}}])"), "answered 400: in a list");
  EXPECT_EQ(message(502, R"({"error":{"message":"Provider returned error","metadata":{"raw":"why"}}})"),
            "answered 502: Provider returned error (why)");
  EXPECT_EQ(message(500, "plain text"), "answered 500: plain text");
  EXPECT_EQ(message(500, ""), "answered 500");
  EXPECT_THAT(message(502, "<html>\n<title>Bad Gateway"), HasSubstr("a web page: <html> <title>Bad Gateway"));
  EXPECT_THAT(message(301, ""), HasSubstr("redirect"));
}

TEST(RefusalInWords, KnowsWhenToTryAgain) {
  EXPECT_EQ(failure_of(429, "", 1500).retry_after_ms, 1500);
  EXPECT_EQ(failure_of(429, said("Please try again in 1.2s."), {}).retry_after_ms, 1200);
  EXPECT_EQ(failure_of(429, said("try again in 350ms"), {}).retry_after_ms, 350);
  EXPECT_EQ(failure_of(429, said("try again in 6m0s"), {}).retry_after_ms, 360'000);
  EXPECT_EQ(failure_of(429, said("Try again in 2s"), {}).retry_after_ms, 2000);
  EXPECT_EQ(failure_of(429, said("Please retry in 36.96s."), {}).retry_after_ms, 36'960);
  EXPECT_EQ(
      failure_of(429, R"([{"error":{"message":"Quota","details":[{"x":1},{"retryDelay":"32s"}]}}])", {}).retry_after_ms,
      32'000);
  EXPECT_EQ(failure_of(429, said("try again in 2 s"), 700).retry_after_ms, 700) << "the header wins";
  for (const char* text : {"try again in a while", "try again in ", "try again in -3s", "try again in nans"})
    EXPECT_EQ(providers::patience_in_words_ms(text), std::nullopt) << text;
}

TEST(OneLine, IsOneLineOfAtMostSoManyCharacters) {
  EXPECT_EQ(providers::one_line("  a\r\n\tb\x01 c\x7f ", 100), "a b c");
  EXPECT_EQ(providers::one_line("äöü", 2), "äö");
  EXPECT_EQ(providers::one_line("", 5), "");
  EXPECT_EQ(providers::one_line("abc", 0), "");
}

TEST(Masked, HidesSecretsAndTheirParts) {
  const std::string key = "sk-0123456789abcdefghij";
  const auto masked = [&](const std::string& text) { return providers::masked(text, {key, "", "abc"}); };
  EXPECT_EQ(masked("key " + key + "!"), "key ***!");
  EXPECT_EQ(masked("key sk-01234…cdefghij"), "key ***…***");
  EXPECT_EQ(masked(key + key), "******");
  EXPECT_EQ(masked("abc 0123 sk-"), "abc 0123 sk-") << "too short to be of use";
  EXPECT_EQ(providers::masked("a test", {"test"}), "a ***");
}

}  // namespace
}  // namespace omenia::test
