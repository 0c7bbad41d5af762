// ChatRequest: every field of /v1/chat/completions, also wrong, huge and missing, and the turn that the messages
// become.
#include "tests/unit/worker/worker_fixture.h"
#include "worker/openai/chat_request.h"

namespace omenia::test {
namespace {

using openai::ChatRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* config = R"({agents: {entries: {main: {}, helper: {}}}})";

class AChat : public WorkerTest {
 protected:
  void SetUp() override { prepare(config); }

  Result<ChatRequest> read(std::string body, std::vector<http::Header> headers = {}) {
    http::Request request;
    request.body = std::move(body);
    request.headers = std::move(headers);
    return ChatRequest::read(*context, request);
  }
  // With a message of the user and these members.
  Result<ChatRequest> with(std::string_view members, std::vector<http::Header> headers = {}) {
    return read(R"({"messages":[{"role":"user","content":"hi"}])" + std::string(members.empty() ? "" : ",") +
                    std::string(members) + "}",
                std::move(headers));
  }
  ChatRequest good(std::string_view members, std::vector<http::Header> headers = {}) {
    auto chat = with(members, std::move(headers));
    EXPECT_TRUE(chat.ok()) << members << ": " << (chat.ok() ? "" : chat.error().message);
    return chat.ok() ? std::move(chat).value() : ChatRequest{};
  }
  std::string refusal(std::string_view members, std::vector<http::Header> headers = {}) {
    const auto chat = with(members, std::move(headers));
    EXPECT_FALSE(chat.ok()) << members;
    if (chat.ok()) return {};
    EXPECT_EQ(omenia::row_of(chat.error().code).http_status, 400) << members;
    return chat.error().message;
  }
  // The turn that these messages become, or why not.
  std::string turn(std::string_view messages) {
    const auto chat = read(R"({"messages":)" + std::string(messages) + "}");
    return chat.ok() ? chat.value().run.message : "refused: " + chat.error().message;
  }
};

TEST_F(AChat, OfOneMessageIsThatMessage) {
  const ChatRequest chat = good("");
  EXPECT_EQ(chat.run.message, "hi");
  EXPECT_EQ(chat.model, "OmeniaClaw");
  EXPECT_FALSE(chat.stream);
  EXPECT_THAT(chat.run.run_id, StartsWith("chatcmpl_"));
  EXPECT_EQ(chat.run.origin, "openai");
  EXPECT_THAT(chat.run.session.text, StartsWith("agent:main:openai:"));
  EXPECT_NE(good("").run.session.text, chat.run.session.text);
}

TEST_F(AChat, ThatIsNoneIsRefused) {
  for (const char* body :
       {"", "{}", "[]", "null", "7", "\"x\"", "{", "{\"messages\":[]}", "{\"messages\":null}", "{\"messages\":{}}",
        "{\"messages\":\"hi\"}", "{\"messages\":[null]}", "{\"messages\":[\"hi\"]}", "{\"messages\":[[]]}",
        "{\"messages\":[{}]}", "not json", "\xff\xfe"}) {
    const auto chat = read(body);
    ASSERT_FALSE(chat.ok()) << body;
    EXPECT_EQ(chat.error().code, ErrorCode::invalid_request) << body;
    EXPECT_NE(chat.error().message, "") << body;
  }
}

TEST_F(AChat, NestedWithoutEndIsRefused) {
  EXPECT_FALSE(read(std::string(100'000, '[')).ok());
  EXPECT_FALSE(read(R"({"messages":)" + std::string(1000, '[') + std::string(1000, ']') + "}").ok());
}

TEST_F(AChat, IgnoresWhatItDoesNotKnow) {
  good(R"("n":2,"logprobs":true,"metadata":{"a":[1]},"store":false,"reasoning_effort":"high","functions":[],"x":null)");
}

TEST_F(AChat, StreamsWhenAsked) {
  EXPECT_TRUE(good(R"("stream":true)").stream);
  EXPECT_FALSE(good(R"("stream":null)").stream);
  for (const char* wrong : {R"("stream":"true")", R"("stream":1)", R"("stream":[])"})
    EXPECT_THAT(refusal(wrong), HasSubstr("/stream")) << wrong;
  EXPECT_TRUE(good(R"("stream":true,"stream_options":{"include_usage":true})").include_usage);
  EXPECT_FALSE(good(R"("stream":false,"stream_options":{"include_usage":true})").include_usage);
  EXPECT_FALSE(good(R"("stream":true,"stream_options":null)").include_usage);
  EXPECT_THAT(refusal(R"("stream_options":true)"), HasSubstr("/stream_options"));
}

TEST_F(AChat, TakesTheLongestAnswerFromEitherField) {
  EXPECT_EQ(good(R"("max_tokens":1)").run.sampling.max_tokens, 1);
  EXPECT_EQ(good(R"("max_completion_tokens":7)").run.sampling.max_tokens, 7);
  EXPECT_EQ(good(R"("max_completion_tokens":7,"max_tokens":9)").run.sampling.max_tokens, 7);
  EXPECT_EQ(good(R"("max_tokens":null)").run.sampling.max_tokens, std::nullopt);
  for (const char* field : {"max_tokens", "max_completion_tokens"})
    for (const char* value : {"0", "-1", "1.5", "\"5\"", "true", "[]", "{}", "1e300", "-0.0", "9007199254740993e10"})
      EXPECT_EQ(refusal("\"" + std::string(field) + "\":" + value),
                "`" + std::string(field) + "` must be a positive integer.")
          << value;
}

TEST_F(AChat, KeepsSamplingWithinItsRanges) {
  const struct {
    const char *field, *low, *high, *below, *above;
  } ranges[] = {{"temperature", "0", "2", "-0.001", "2.001"},
                {"top_p", "0", "1", "-1e-9", "1.000001"},
                {"frequency_penalty", "-2", "2.0", "-2.1", "3"},
                {"presence_penalty", "-2.0", "2", "-1e308", "1e308"}};
  for (const auto& range : ranges) {
    const std::string name = "\"" + std::string(range.field) + "\":";
    good(name + range.low);
    good(name + range.high);
    good(name + "null");
    for (const char* wrong : {range.below, range.above, "\"1\"", "true", "[]", "{}"})
      EXPECT_THAT(refusal(name + wrong), HasSubstr("`" + std::string(range.field) + "` must be between"))
          << name << wrong;
  }
  EXPECT_EQ(good(R"("temperature":0.1)").run.sampling.temperature, 0.1);
  for (const char* odd : {R"("temperature":NaN)", R"("temperature":Infinity)", R"("temperature":-Infinity)"})
    EXPECT_FALSE(with(odd).ok()) << odd;
}

TEST_F(AChat, TakesASeedThatIsAnInteger) {
  EXPECT_EQ(good(R"("seed":-5)").run.sampling.seed, -5);
  EXPECT_EQ(good(R"("seed":0)").run.sampling.seed, 0);
  for (const char* wrong : {R"("seed":1.5)", R"("seed":"1")", R"("seed":1e300)", R"("seed":true)"})
    EXPECT_EQ(refusal(wrong), "`seed` must be an integer.") << wrong;
}

TEST_F(AChat, TakesUpToFourStops) {
  EXPECT_THAT(good(R"("stop":"END")").run.sampling.stop, ElementsAre("END"));
  EXPECT_THAT(good(R"("stop":["a","b","c","\n"])").run.sampling.stop, ElementsAre("a", "b", "c", "\n"));
  for (const char* none : {R"("stop":null)", R"("stop":[])", R"("stop":"")"})
    EXPECT_TRUE(good(none).run.sampling.stop.empty()) << none;
  EXPECT_EQ(refusal(R"("stop":["1","2","3","4","5"])"), "Invalid stop: stop supports at most 4 sequences");
  for (const char* wrong :
       {R"("stop":[""])", R"("stop":["a",7])", R"("stop":7)", R"("stop":{"a":"b"})", R"("stop":[null])"})
    EXPECT_THAT(refusal(wrong), StartsWith("Invalid stop: ")) << wrong;
}

TEST_F(AChat, PassesTheFormatOn) {
  EXPECT_EQ(good(R"("response_format":{"type":"json_object"})").run.sampling.response_format,
            R"({"type":"json_object"})");
  EXPECT_EQ(good(R"("response_format":null)").run.sampling.response_format, "");
  for (const char* wrong :
       {R"("response_format":{})", R"("response_format":"text")", R"("response_format":{"type":"xml"})",
        R"("response_format":[])", R"("response_format":{"type":7})"})
    EXPECT_THAT(refusal(wrong), StartsWith("Invalid response_format: ")) << wrong;
}

TEST_F(AChat, BringsToolsAlong) {
  const std::string tools = R"("tools":[{"type":"function","function":{"name":"f"}},)"
                            R"({"type":"function","function":{"name":"g"}}])";
  const ChatRequest free = good(tools);
  EXPECT_EQ(free.run.client_tools.size(), 2u);
  EXPECT_EQ(free.run.extra_system, "");
  EXPECT_TRUE(good(tools + R"(,"tool_choice":"none")").run.client_tools.empty());
  const ChatRequest pinned = good(tools + R"(,"tool_choice":{"type":"function","function":{"name":"g"}})");
  ASSERT_EQ(pinned.run.client_tools.size(), 1u);
  EXPECT_EQ(pinned.run.client_tools[0].name, "g");
  EXPECT_EQ(pinned.run.tool_choice.name, "g");
  EXPECT_THAT(pinned.run.extra_system, HasSubstr("the function g"));
  EXPECT_THAT(good(tools + R"(,"tool_choice":"required")").run.extra_system, HasSubstr("f, g"));
  good(R"("tools":[])");
  good(R"("tools":null)");
  EXPECT_THAT(refusal(R"("tools":{})"), HasSubstr("/tools"));
}

TEST_F(AChat, BringsNoToolThatTheAgentHasItself) {
  const std::string tools = R"("tools":[{"type":"function","function":{"name":"sessions_list"}}])";
  EXPECT_EQ(refusal(tools), "invalid tool configuration");
  EXPECT_EQ(refusal(tools + R"(,"tool_choice":"required")"), "invalid tool configuration");
  good(tools + R"(,"tool_choice":"none")");
}

TEST_F(AChat, GoesToTheAgentThatTheModelNames) {
  for (const char* model : {"", "OmeniaClaw", "omeniaclaw", "OMENIACLAW/default", "OmeniaClaw/main", "OmeniaClaw:Main",
                            "agent:main", "AGENT:MAIN"}) {
    const ChatRequest chat = good("\"model\":\"" + std::string(model) + "\"");
    EXPECT_EQ(chat.run.session.agent_id, "main") << model;
    EXPECT_EQ(chat.model, model);
  }
  EXPECT_EQ(good(R"("model":"OmeniaClaw/Helper")").run.session.agent_id, "helper");
  EXPECT_EQ(good(R"("model":null)").model, "OmeniaClaw");
  for (const char* model :
       {"gpt-4o", "OmeniaClaw/", "OmeniaClaw:", "OmeniaClawX", "agent:", "Omenia", " OmeniaClaw", "OmeniaClaw main"})
    EXPECT_EQ(refusal("\"model\":\"" + std::string(model) + "\""),
              "Invalid `model`. Use `OmeniaClaw` or `OmeniaClaw/<agentId>`.")
        << model;
  EXPECT_EQ(refusal(R"("model":"OmeniaClaw/nobody")"), "Unknown agent 'nobody'.");
  EXPECT_THAT(refusal(R"("model":7)"), HasSubstr("/model"));
}

TEST_F(AChat, GoesToTheAgentThatAHeaderNames) {
  EXPECT_EQ(good("", {{"X-OmeniaClaw-Agent-Id", "HELPER"}}).run.session.agent_id, "helper");
  EXPECT_EQ(good("", {{"x-omeniaclaw-agent", "helper"}}).run.session.agent_id, "helper");
  EXPECT_EQ(good("", {{"x-OmeniaClaw-agent", "main"}, {"x-OmeniaClaw-agent-id", "helper"}}).run.session.agent_id,
            "helper");
  EXPECT_EQ(good(R"("model":"OmeniaClaw/main")", {{"x-OmeniaClaw-agent-id", "helper"}}).run.session.agent_id, "helper");
  EXPECT_EQ(refusal("", {{"x-OmeniaClaw-agent-id", "nobody"}}), "Unknown agent 'nobody'.");
  EXPECT_EQ(refusal(R"("model":"gpt-4o")", {{"x-OmeniaClaw-agent-id", "main"}}),
            "Invalid `model`. Use `OmeniaClaw` or `OmeniaClaw/<agentId>`.");
}

TEST_F(AChat, IsAnsweredByTheModelThatAHeaderNames) {
  const http::Header owner{"Authorization", std::string("Bearer ") + test::worker_token};
  EXPECT_EQ(good("", {owner, {"x-OmeniaClaw-model", "builtin/echo"}}).run.model, "builtin/echo");
  const auto nobody = with("", {{"x-OmeniaClaw-model", "builtin/echo"}});
  ASSERT_FALSE(nobody.ok());
  EXPECT_EQ(nobody.error().code, ErrorCode::forbidden);
  const auto unknown = with("", {owner, {"x-OmeniaClaw-model", "nowhere/none"}});
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::model_not_configured);
}

TEST_F(AChat, OfAUserHasASessionOfThatUser) {
  EXPECT_EQ(good(R"("user":"Conv:ABC 1")").run.session.text, "agent:main:openai-user:conv:abc 1");
  EXPECT_EQ(good(R"("user":"  bob ")").run.session.text, "agent:main:openai-user:bob");
  for (const char* none : {R"("user":"")", R"("user":"  \n")", R"("user":null)"})
    EXPECT_THAT(good(none).run.session.text, StartsWith("agent:main:openai:")) << none;
  EXPECT_THAT(refusal(R"("user":7)"), HasSubstr("/user"));
  EXPECT_THAT(refusal("\"user\":\"" + std::string(600, 'u') + "\""), StartsWith("Invalid `user`: "));
  EXPECT_THAT(refusal(R"("user":"a\u0007b")"), StartsWith("Invalid `user`: "));
}

TEST_F(AChat, CanNameItsSession) {
  EXPECT_EQ(good("", {{"x-OmeniaClaw-session-key", "My-Thread"}}).run.session.text, "agent:main:my-thread");
  EXPECT_EQ(good(R"("user":"bob")", {{"x-OmeniaClaw-session-key", "t"}}).run.session.text, "agent:main:t");
  EXPECT_EQ(good(R"("model":"OmeniaClaw/helper")", {{"x-OmeniaClaw-session-key", "t"}}).run.session.text,
            "agent:helper:t");
  for (const char* key : {"subagent:1", "cron:x", "acp:y", "agent:main:cron:x", "AGENT:MAIN:ACP:x"})
    EXPECT_THAT(refusal("", {{"x-OmeniaClaw-session-key", key}}), HasSubstr("reserved")) << key;
  for (const char* key : {"agent:main", "agent::x", "a\tb", "\xff"})
    EXPECT_THAT(refusal("", {{"x-OmeniaClaw-session-key", key}}), HasSubstr("session key")) << key;
  EXPECT_EQ(refusal("", {{"x-OmeniaClaw-session-key", "agent:nobody:x"}}), "Unknown agent 'nobody'.");
}

TEST_F(AChat, BecomesOneTurn) {
  EXPECT_EQ(
      turn(
          R"([{"role":"user","content":"one"},{"role":"assistant","content":"two"},{"role":"user","content":"three"}])"),
      "[Chat messages since your last reply - for context]\nUser: one\nAssistant: two\n\n"
      "[Current message - respond to this]\nUser: three");
  EXPECT_EQ(turn(R"([{"role":"user","content":"hi"},{"role":"assistant","content":"prefill"}])"), "hi");
  EXPECT_EQ(turn(R"([{"role":"user","content":" \n hi \t "}])"), "hi");
}

TEST_F(AChat, JoinsTheParts) {
  EXPECT_EQ(
      turn(
          R"([{"role":"user","content":[{"type":"text","text":"a"},{"type":"input_text","text":"b"},{"type":"audio","text":"no"},{"type":"text"},{"input_text":"c"},7,null]}])"),
      "a\nb\nc");
}

TEST_F(AChat, TellsTheAgentWhatToolsDid) {
  EXPECT_EQ(
      turn(
          R"([{"role":"user","content":"q"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},{"role":"tool","tool_call_id":"c1","content":"42"}])"),
      "[Chat messages since your last reply - for context]\nUser: q\n"
      "Assistant: tool_call id=c1 name=f arguments={\"x\":1}\n\n"
      "[Current message - respond to this]\nTool:c1: 42");
  EXPECT_EQ(turn(R"([{"role":"tool","tool_call_id":"c1","content":""}])"),
            "[Current message - respond to this]\nTool:c1: ");
  EXPECT_EQ(turn(R"([{"role":"function","name":"f","content":"x"}])"),
            "[Current message - respond to this]\nTool:f: x");
  EXPECT_THAT(turn(R"([{"role":"function","content":"x"}])"), HasSubstr("Missing user message"));
}

TEST_F(AChat, AddsSystemTextsToThePrompt) {
  const auto chat = read(
      R"({"messages":[{"role":"system","content":"a"},{"role":"user","content":"hi"},{"role":"developer","content":[{"type":"text","text":"b"}]},{"role":"system","content":" "}]})");
  ASSERT_TRUE(chat.ok());
  EXPECT_EQ(chat.value().run.extra_system, "a\n\nb");
  EXPECT_EQ(chat.value().run.message, "hi");
}

TEST_F(AChat, WithoutAMessageOfTheUserIsRefused) {
  for (const char* messages : {R"([{"role":"system","content":"x"}])", R"([{"role":"assistant","content":"x"}])",
                               R"([{"role":"user","content":""}])", R"([{"role":"user","content":" \n"}])",
                               R"([{"role":"user","content":null}])", R"([{"role":"user","content":7}])",
                               R"([{"role":"user","content":{"type":"text","text":"x"}}])",
                               R"([{"role":"USER","content":"x"}])", R"([{"role":"user"}])", R"([{"content":"x"}])",
                               R"([{"role":7,"content":"x"}])", R"([{"role":"user","content":[]}])"})
    EXPECT_EQ(turn(messages), "refused: Missing user message in `messages`.") << messages;
}

TEST_F(AChat, ShowsTheImagesOfTheMessageThatIsAnsweredAlone) {
  const std::string image = R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}})";
  const std::string short_form = R"({"type":"image_url","image_url":"https://host/x.png"})";
  const std::string with_text = R"({"role":"user","content":[{"type":"text","text":"look"},)" + image + "]}";
  const std::string alone = R"({"role":"user","content":[)" + image + "," + short_form + "]}";
  const std::string later = R"({"role":"user","content":"and now?"})";
  const std::string prefill = R"({"role":"assistant","content":"x"})";
  const auto images = [this](const std::string& messages) {
    const auto chat = read(R"({"messages":)" + messages + "}");
    EXPECT_TRUE(chat.ok()) << messages;
    return chat.ok() ? chat.value().images.size() : 99;
  };
  EXPECT_EQ(images("[" + with_text + "]"), 1u);
  EXPECT_EQ(images("[" + alone + "," + prefill + "]"), 2u);
  EXPECT_EQ(images("[" + with_text + "," + later + "]"), 0u);
  EXPECT_EQ(turn("[" + alone + "]"), "User sent image(s) with no text.");
  EXPECT_THAT(turn("[" + with_text + "," + later + "]"), HasSubstr("User: look\n"));
  EXPECT_EQ(turn("[" + alone + "," + later + "]"), "and now?") << "an earlier one without text says nothing";
  EXPECT_THAT(turn("[" + later + "," + alone + "]"), HasSubstr("respond to this]\nUser: User sent image(s)"));
}

TEST_F(AChat, RefusesImagesThatAreNone) {
  for (const char* image : {"null", "7", "{}", R"({"url":7})", R"("")", R"("data:image/png,AA")", R"("data:")",
                            R"("data:image/png;base64,")", R"("data:image/png;base64,!!!")"})
    EXPECT_THAT(turn(R"([{"role":"user","content":[{"type":"image_url","image_url":)" + std::string(image) + "}]}]"),
                StartsWith("refused: Invalid image_url content in `messages`."))
        << image;
  std::string many;
  for (int i = 0; i < 9; ++i)
    many += std::string(i == 0 ? "" : ",") + R"({"type":"image_url","image_url":"data:image/png;base64,AA=="})";
  EXPECT_THAT(turn(R"([{"role":"user","content":[)" + many + "]}]"), HasSubstr("more than 8 images"));
}

TEST_F(AChat, IsBounded) {
  const std::string half(limits::message_bytes_max / 2, 'x');
  EXPECT_TRUE(read(R"({"messages":[{"role":"user","content":")" + half + half + R"("}]})").ok());
  for (const std::string& messages :
       {R"([{"role":"user","content":")" + half + half + R"(x"}])",
        R"([{"role":"system","content":")" + half + R"("},{"role":"user","content":")" + half + R"(x"}])",
        R"([{"role":"user","content":")" + half + R"("},{"role":"user","content":")" + half + R"("}])"}) {
    const auto chat = read(R"({"messages":)" + messages + "}");
    ASSERT_FALSE(chat.ok());
    EXPECT_THAT(chat.error().message, HasSubstr("`messages`"));
  }
}

TEST_F(AChat, TakesVeryManyMessages) {
  std::string messages = R"([{"role":"user","content":"x"})";
  for (int i = 0; i < 50'000; ++i) messages += R"(,{"role":"user","content":"x"})";
  EXPECT_THAT(turn(messages + "]"), Not(StartsWith("refused")));
}

}  // namespace
}  // namespace omenia::test
