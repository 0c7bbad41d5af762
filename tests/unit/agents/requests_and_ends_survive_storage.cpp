// RunRequest and RunOutcome as stored text: what is written is what is read, and what cannot be read says so.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "worker/agents/run.h"

namespace omenia::agents {
namespace {

RunRequest full_request() {
  RunRequest request;
  request.run_id = "r \"1\" 🎉";
  request.session = sessions::make_key("main", "thread");
  request.origin = "openai";
  request.message = "line one\nline two \\ \" \x01 日本";
  request.extra_system = "be brief";
  request.model = "mock/m-1";
  request.timeout_ms = 0;
  request.client_id = "cli";
  request.client_mode = "cli";
  request.sender_is_owner = true;
  request.isolated = true;
  request.sampling.temperature = 0.1;
  request.sampling.top_p = 1.0 / 3;
  request.sampling.frequency_penalty = -2;
  request.sampling.presence_penalty = 1e-9;
  request.sampling.seed = -(std::int64_t{1} << 53) + 1;
  request.sampling.max_tokens = 1;
  request.sampling.stop = {"END", "", "\n"};
  request.sampling.response_format = R"({"type":"json_schema","json_schema":{"name":"a","schema":{}}})";
  request.client_tools = {{"get_weather", "of a \"city\"", R"({"type":"object"})", true}, {"now", "", "", {}}};
  request.tool_choice = {providers::ToolChoice::Kind::named, "now"};
  return request;
}

TEST(ARequest, IsReadAsItWasWritten) {
  const RunRequest written = full_request();
  const auto read = RunRequest::from_json(written.to_json());
  ASSERT_TRUE(read.ok()) << read.error().message;
  const RunRequest& request = read.value();
  EXPECT_EQ(request.run_id, written.run_id);
  EXPECT_EQ(request.session.text, "agent:main:thread");
  EXPECT_EQ(request.session.agent_id, "main");
  EXPECT_EQ(request.origin, "openai");
  EXPECT_EQ(request.message, written.message);
  EXPECT_EQ(request.extra_system, "be brief");
  EXPECT_EQ(request.model, "mock/m-1");
  EXPECT_EQ(request.timeout_ms, 0);
  EXPECT_EQ(request.client_id, "cli");
  EXPECT_TRUE(request.isolated);
  EXPECT_EQ(request.client_mode, "cli");
  EXPECT_TRUE(request.sender_is_owner);
  EXPECT_EQ(request.sampling.temperature, written.sampling.temperature);
  EXPECT_EQ(request.sampling.top_p, written.sampling.top_p);
  EXPECT_EQ(request.sampling.frequency_penalty, written.sampling.frequency_penalty);
  EXPECT_EQ(request.sampling.presence_penalty, written.sampling.presence_penalty);
  EXPECT_EQ(request.sampling.seed, written.sampling.seed);
  EXPECT_EQ(request.sampling.max_tokens, written.sampling.max_tokens);
  EXPECT_EQ(request.sampling.stop, written.sampling.stop);
  EXPECT_EQ(request.sampling.response_format, written.sampling.response_format);
  ASSERT_EQ(request.client_tools.size(), 2u);
  EXPECT_EQ(request.client_tools[0].name, "get_weather");
  EXPECT_EQ(request.client_tools[0].description, "of a \"city\"");
  EXPECT_EQ(request.client_tools[0].parameters, R"({"type":"object"})");
  EXPECT_EQ(request.client_tools[0].strict, true);
  EXPECT_EQ(request.client_tools[1].parameters, "");
  EXPECT_FALSE(request.client_tools[1].strict);
  EXPECT_EQ(request.tool_choice.kind, providers::ToolChoice::Kind::named);
  EXPECT_EQ(request.tool_choice.name, "now");
  EXPECT_EQ(request.to_json(), written.to_json());
}

TEST(ARequest, WithImagesIsNotRunAgain) {
  RunRequest request = full_request();
  request.images = {{"image/png", std::string(5'000'000, 'A')}};
  EXPECT_LT(request.to_json().size(), 2'000u) << "the store is no place for them";
  EXPECT_FALSE(RunRequest::from_json(request.to_json()).ok());
}

TEST(ARequest, WithoutSamplingHasNone) {
  RunRequest plain;
  plain.session = sessions::make_key("main", "main");
  plain.message = "x";
  const RunRequest read = RunRequest::from_json(plain.to_json()).value();
  EXPECT_EQ(read.timeout_ms, -1);
  EXPECT_FALSE(read.sampling.temperature);
  EXPECT_FALSE(read.sampling.seed);
  EXPECT_FALSE(read.sampling.max_tokens);
  EXPECT_TRUE(read.sampling.stop.empty());
  EXPECT_EQ(read.sampling.response_format, "");
  EXPECT_FALSE(read.sender_is_owner);
}

TEST(ARequest, WithANumberThatIsNoneIsWrittenWithoutIt) {
  for (const double odd :
       {std::nan(""), std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
    RunRequest request = full_request();
    request.sampling.temperature = odd;
    const auto read = RunRequest::from_json(request.to_json());
    ASSERT_TRUE(read.ok());
    EXPECT_FALSE(read.value().sampling.temperature);
    EXPECT_TRUE(read.value().sampling.top_p);
  }
}

TEST(ARequest, ThatIsNoneSaysSo) {
  for (const char* text : {"", "{", "null", "[]", "7", "\"x\"", "{}", R"({"sessionKey":null})",
                           R"({"sessionKey":["a"]})", R"({"sessionKey":"agent::"})", "{\"sessionKey\":\"main\"} x"})
    EXPECT_FALSE(RunRequest::from_json(text).ok()) << text;
}

TEST(ARequest, WithFieldsOfTheWrongTypeTakesTheDefaults) {
  const auto read = RunRequest::from_json(
      R"({"sessionKey":"main","message":5,"timeoutMs":"x","senderIsOwner":"yes","sampling":{"temperature":"hot","seed":1.5,"maxTokens":1e300,"stop":"x"}})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().message, "");
  EXPECT_EQ(read.value().timeout_ms, -1);
  EXPECT_FALSE(read.value().sender_is_owner);
  EXPECT_FALSE(read.value().sampling.temperature);
  EXPECT_FALSE(read.value().sampling.seed);
  EXPECT_FALSE(read.value().sampling.max_tokens);
  EXPECT_TRUE(read.value().sampling.stop.empty());
}

TEST(AnEnd, IsReadAsItWasWritten) {
  for (const RunStatus status :
       {RunStatus::done, RunStatus::failed, RunStatus::aborted, RunStatus::timed_out, RunStatus::interrupted}) {
    RunOutcome written;
    written.run_id = "r1";
    written.session_key = "agent:main:main";
    written.session_id = "s1";
    written.agent_id = "main";
    written.status = status;
    written.text = "日本 \" \\ \n";
    written.stop_reason = "length";
    written.provider = "mock";
    written.model = "m-1";
    written.response_model = "m-1-2026";
    written.usage = {1, 2, 3, 4, 10, 2};
    written.tool_calls = {{"a1b2c3d4e", "get_weather", R"({"city":"Oslo"})"}, {"f5", "now", "no json"}};
    written.accepted_ms = 1'800'000'000'000;
    written.started_ms = 1'800'000'000'001;
    written.ended_ms = 1'800'000'000'002;
    if (status != RunStatus::done) written.error = fail(ErrorCode::provider_billing, "no money");
    const RunOutcome read = RunOutcome::from_json(written.to_json()).value();
    EXPECT_EQ(read.to_json(), written.to_json());
    EXPECT_EQ(read.status, status);
    EXPECT_EQ(read.text, written.text);
    EXPECT_EQ(read.usage.cache_write, 4);
    EXPECT_EQ(read.usage.total, 10);
    EXPECT_EQ(read.usage.reasoning, 2);
    ASSERT_EQ(read.tool_calls.size(), 2u);
    EXPECT_EQ(read.tool_calls[0].id, "a1b2c3d4e");
    EXPECT_EQ(read.tool_calls[0].arguments, R"({"city":"Oslo"})");
    EXPECT_EQ(read.tool_calls[1].arguments, "no json");
    EXPECT_EQ(read.ended_ms, written.ended_ms);
    EXPECT_EQ(read.error.has_value(), written.error.has_value());
    if (read.error) {
      EXPECT_EQ(read.error->code, ErrorCode::provider_billing);
      EXPECT_EQ(read.error->message, "no money");
    }
  }
}

TEST(AnEnd, OfAnUnknownKindIsAFailure) {
  EXPECT_EQ(RunOutcome::from_json(R"({"status":"exploded"})").value().status, RunStatus::failed);
  EXPECT_EQ(RunOutcome::from_json("{}").value().status, RunStatus::failed);
  EXPECT_EQ(RunOutcome::from_json(R"({"error":{"code":"no_such_code","message":"m"}})").value().error->message, "m");
  EXPECT_FALSE(RunOutcome::from_json("").ok());
}

TEST(AnEnd, HasTheWordsOfStoreAndWire) {
  const std::tuple<RunStatus, const char*, const char*> words[] = {{RunStatus::done, "done", "ok"},
                                                                   {RunStatus::failed, "failed", "error"},
                                                                   {RunStatus::aborted, "aborted", "timeout"},
                                                                   {RunStatus::timed_out, "timed_out", "timeout"},
                                                                   {RunStatus::interrupted, "interrupted", "error"}};
  for (const auto& [status, stored, wire] : words) {
    EXPECT_EQ(stored_name(status), stored);
    EXPECT_EQ(wire_status(status), wire);
  }
}

}  // namespace
}  // namespace omenia::agents
