// ResponseRequest: what bodies of /v1/responses may be, in this API's forms and in those of OpenAI, and what is
// refused.
#include "tests/unit/worker/worker_fixture.h"
#include "worker/openai/response_request.h"

namespace omenia::test {
namespace {

using openai::ResponseRequest;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* config = R"({agents: {entries: {main: {}, helper: {}}}})";

class AResponseRequest : public WorkerTest {
 protected:
  void SetUp() override { prepare(config); }

  Result<ResponseRequest> read(std::string body, std::vector<http::Header> headers = {}) {
    http::Request request;
    request.body = std::move(body);
    request.headers = std::move(headers);
    return ResponseRequest::read(*context, request);
  }
  Result<ResponseRequest> with(const std::string& members, std::vector<http::Header> headers = {}) {
    return read(R"({"model":"OmeniaClaw","input":"hi")" + std::string(members.empty() ? "" : ",") + members + "}",
                std::move(headers));
  }
  ResponseRequest good(const std::string& members, std::vector<http::Header> headers = {}) {
    auto response = with(members, std::move(headers));
    EXPECT_TRUE(response.ok()) << members << ": " << (response.ok() ? "" : response.error().message);
    return response.ok() ? std::move(response).value() : ResponseRequest{};
  }
  std::string refusal(const std::string& members) {
    const auto response = with(members);
    EXPECT_FALSE(response.ok()) << members;
    if (response.ok()) return {};
    EXPECT_EQ(omenia::row_of(response.error().code).http_status, 400) << members;
    return response.error().message;
  }
  Result<ResponseRequest> of_input(const std::string& input) {
    return read(R"({"model":"OmeniaClaw","input":)" + input + "}");
  }
  std::string turn(const std::string& input) {
    const auto response = of_input(input);
    return response.ok() ? response.value().run.message : "refused: " + response.error().message;
  }
  std::string system(const std::string& input) {
    const auto response = of_input(input);
    return response.ok() ? response.value().run.extra_system : "refused: " + response.error().message;
  }
};

TEST_F(AResponseRequest, OfATextIsThatText) {
  const ResponseRequest response = good("");
  EXPECT_EQ(response.run.message, "hi");
  EXPECT_EQ(response.model, "OmeniaClaw");
  EXPECT_FALSE(response.stream);
  EXPECT_THAT(response.run.run_id, StartsWith("resp_"));
  EXPECT_EQ(response.run.origin, "openresponses");
  EXPECT_THAT(response.run.session.text, StartsWith("agent:main:openresponses:"));
}

TEST_F(AResponseRequest, ThatIsNoneIsRefused) {
  for (const char* body : {"", "{}", "[]", "null", "7", "{", "{\"input\":\"hi\"}", "{\"model\":\"OmeniaClaw\"}",
                           "{\"model\":\"OmeniaClaw\",\"input\":null}", "{\"model\":\"OmeniaClaw\",\"input\":\"  \"}",
                           "{\"model\":\"OmeniaClaw\",\"input\":[]}", "{\"model\":\"OmeniaClaw\",\"input\":{}}",
                           "{\"model\":\"OmeniaClaw\",\"input\":7}", "{\"model\":7,\"input\":\"hi\"}",
                           "{\"model\":\"gpt-4o\",\"input\":\"hi\"}"})
    EXPECT_FALSE(read(body).ok()) << body;
}

TEST_F(AResponseRequest, TakesWhatSdksSend) {
  good(
      R"("include":["reasoning.encrypted_content"],"parallel_tool_calls":true,"background":false,"store":false,)"
      R"("prompt_cache_key":"k","safety_identifier":"s","service_tier":"auto","stream_options":{"include_obfuscation":)"
      R"(false},"top_logprobs":0,"truncation":"auto","metadata":{"a":"b"},"max_tool_calls":3,)"
      R"("reasoning":{"effort":"minimal","summary":"auto"},"text":{"verbosity":"low","format":{"type":"text"}})");
  good(R"("instructions":null,"tools":null,"tool_choice":null,"stream":null,"user":null,"previous_response_id":null,)"
       R"("max_output_tokens":null,"temperature":null,"top_p":null,"text":null,"reasoning":null,"metadata":null,)"
       R"("conversation":null,"prompt":null)");
}

TEST_F(AResponseRequest, RefusesWhatItWouldAnswerWrongly) {
  EXPECT_THAT(refusal(R"("conversation":"conv_1")"), HasSubstr("`conversation` is not supported"));
  EXPECT_THAT(refusal(R"("prompt":{"id":"p"})"), HasSubstr("`prompt` is not supported"));
  EXPECT_THAT(refusal(R"("tools":[{"type":"web_search_preview"}])"), HasSubstr("only function tools"));
}

TEST_F(AResponseRequest, ChecksWhatItReads) {
  for (const char* wrong :
       {R"("stream":"true")", R"("instructions":7)", R"("user":{})", R"("previous_response_id":7)", R"("tools":{})",
        R"("text":"x")", R"("temperature":3)", R"("top_p":"1")", R"("max_output_tokens":0)", R"("tool_choice":7)",
        R"("text":{"format":{"type":"xml"}})", R"("text":{"format":{"type":"json_schema"}})"})
    EXPECT_NE(refusal(wrong), "") << wrong;
  EXPECT_EQ(good(R"("max_output_tokens":9,"temperature":0.5,"top_p":0.25)").run.sampling.max_tokens, 9);
}

TEST_F(AResponseRequest, PassesTheFormatOn) {
  EXPECT_EQ(good(R"("text":{"format":{"type":"json_object"}})").run.sampling.response_format,
            R"({"type":"json_object"})");
  EXPECT_EQ(good(R"("text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true}})")
                .run.sampling.response_format,
            R"({"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}})");
}

TEST_F(AResponseRequest, TakesMessagesWithAndWithoutAType) {
  EXPECT_EQ(turn(R"([{"role":"user","content":"one"}])"), "one");
  EXPECT_EQ(turn(R"([{"type":"message","role":"user","content":[{"type":"input_text","text":"a"},)"
                 R"({"type":"text","text":"b"}]}])"),
            "a\nb");
  EXPECT_EQ(turn(R"([{"role":"user","content":"q1"},{"type":"message","id":"msg_1","status":"completed",)"
                 R"("role":"assistant","phase":"final_answer","content":[{"type":"output_text","text":"a1",)"
                 R"("annotations":[]}]},{"role":"user","content":"q2"}])"),
            "[Chat messages since your last reply - for context]\nUser: q1\nAssistant: a1\n\n"
            "[Current message - respond to this]\nUser: q2");
  const std::string told = system(R"([{"role":"system","content":"s1"},{"role":"developer","content":"s2"},)"
                                  R"({"role":"user","content":"q"}])");
  EXPECT_EQ(told, "s1\n\ns2");
  EXPECT_EQ(good(R"("instructions":" be brief ")").run.extra_system, "be brief");
}

TEST_F(AResponseRequest, TakesCallsAndTheirResults) {
  EXPECT_EQ(turn(R"([{"role":"user","content":"q"},{"type":"reasoning","id":"r","summary":[]},)"
                 R"({"type":"function_call","call_id":"c1","name":"f","arguments":"{\"x\":1}"},)"
                 R"({"type":"item_reference","id":"i"},)"
                 R"({"type":"function_call_output","call_id":"c1","output":"42"}])"),
            "[Chat messages since your last reply - for context]\nUser: q\n"
            "Assistant: tool_call id=c1 name=f arguments={\"x\":1}\n\n"
            "[Current message - respond to this]\nTool:c1: 42");
  EXPECT_EQ(turn(R"([{"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"42"}]}])"),
            "[Current message - respond to this]\nTool:c1: 42");
}

TEST_F(AResponseRequest, NamesTheItemThatIsWrong) {
  EXPECT_EQ(turn(R"([{"role":"user","content":"q"},7])"), "refused: input.1: an item must be an object");
  EXPECT_EQ(turn(R"([{"type":"web_search_call"}])"),
            "refused: input.0: the item type 'web_search_call' is not supported");
  EXPECT_EQ(turn(R"([{}])"), "refused: input.0: the item type '' is not supported");
  EXPECT_THAT(turn(R"([{"role":"wizard","content":"q"}])"), StartsWith("refused: input.0.role: "));
  EXPECT_THAT(turn(R"([{"role":"user","content":7}])"), StartsWith("refused: input.0.content: "));
  EXPECT_EQ(turn(R"([{"role":"user","content":[{"type":"input_text","text":"q"},{"type":"input_audio"}]}])"),
            "refused: input.0.content.1: the part type 'input_audio' is not supported");
  EXPECT_THAT(turn(R"([{"type":"function_call","arguments":"{}"}])"), StartsWith("refused: input.0.name: "));
  EXPECT_THAT(turn(R"([{"type":"function_call","name":"f","arguments":{}}])"),
              StartsWith("refused: input.0.arguments: "));
  EXPECT_THAT(turn(R"([{"type":"function_call_output","output":"x"}])"), StartsWith("refused: input.0.call_id: "));
  EXPECT_THAT(turn(R"([{"type":"function_call_output","call_id":"c","output":7}])"),
              StartsWith("refused: input.0.output: "));
  EXPECT_EQ(turn(R"([{"role":"assistant","content":"a"}])"), "refused: Missing user message in `input`.");
  std::string many = "[{}";
  for (int i = 0; i < 10'001; ++i) many += ",{}";
  EXPECT_THAT(turn(many + "]"), HasSubstr("more than 10000 items"));
}

TEST_F(AResponseRequest, BelongsToASession) {
  EXPECT_EQ(good(R"("user":"Ann B")").run.session.text, "agent:main:openresponses-user:ann b");
  EXPECT_EQ(good("", {{"x-OmeniaClaw-session-key", "thread"}}).run.session.text, "agent:main:thread");
  EXPECT_EQ(good(R"("previous_response_id":"resp_1")").previous_id, "resp_1");
  EXPECT_EQ(good(R"("previous_response_id":"resp_1","user":"ann")").previous_id, "") << "a user has a session already";
  EXPECT_EQ(good("", {{"x-OmeniaClaw-agent-id", "helper"}}).run.session.agent_id, "helper");
}

// An active user message with these parts.
class AnAttachment : public AResponseRequest {
 protected:
  Result<ResponseRequest> of_parts(const std::string& parts) {
    return of_input(R"([{"role":"user","content":[)" + parts + "]}]");
  }
  std::string refused_part(const std::string& part) {
    const auto response = of_parts(part);
    return response.ok() ? "taken" : response.error().message;
  }
};

TEST_F(AnAttachment, ComesInBothForms) {
  const auto response = of_parts(
      R"({"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"auto"},)"
      R"({"type":"input_image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},)"
      R"({"type":"input_image","source":{"type":"url","url":"https://host/x.png"}},)"
      R"({"type":"input_image","image_url":"https://host/y.png"},)"
      R"({"type":"input_file","filename":"a.txt","file_data":"data:text/plain;base64,YWJj"},)"
      R"({"type":"input_file","filename":"b.txt","file_data":"YWJj"},)"
      R"({"type":"input_file","source":{"type":"base64","media_type":"text/csv","data":"YWJj","filename":"c.csv"}},)"
      R"({"type":"input_file","file_url":"https://host/d.txt"})");
  ASSERT_TRUE(response.ok()) << response.error().message;
  const auto& [images, files] = response.value().attachments;
  ASSERT_EQ(images.size(), 4u);
  EXPECT_EQ(images[0].type, "image/png");
  EXPECT_EQ(images[1].bytes.size(), 3u);
  EXPECT_EQ(images[2].url, "https://host/x.png");
  EXPECT_EQ(images[3].url, "https://host/y.png");
  ASSERT_EQ(files.size(), 4u);
  EXPECT_EQ(files[0].name, "a.txt");
  EXPECT_EQ(files[0].bytes, "abc");
  EXPECT_EQ(files[1].bytes, "abc");
  EXPECT_EQ(files[2].name, "c.csv");
  EXPECT_EQ(files[2].type, "text/csv");
  EXPECT_EQ(files[3].url, "https://host/d.txt");
}

TEST_F(AnAttachment, OfTheMessageThatIsAnsweredAloneCounts) {
  const std::string image = R"({"type":"input_image","image_url":"data:image/png;base64,AAAA"})";
  const auto earlier =
      of_input(R"([{"role":"user","content":[)" + image + R"(]},{"role":"user","content":"and now?"}])");
  EXPECT_TRUE(earlier.value().attachments.images.empty());
  EXPECT_EQ(earlier.value().run.message, "and now?");
  const auto output = of_input(R"([{"role":"user","content":[)" + image +
                               R"(]},{"type":"function_call_output","call_id":"c","output":"x"}])");
  EXPECT_TRUE(output.value().attachments.images.empty());
  EXPECT_EQ(of_parts(image).value().run.message, "User sent image(s) with no text.");
  EXPECT_EQ(of_parts(R"({"type":"input_file","file_data":"YWJj"})").value().run.message,
            "User sent file(s) with no text.");
}

TEST_F(AnAttachment, ThatIsNoneIsNamed) {
  EXPECT_THAT(refused_part(R"({"type":"input_image","file_id":"file_1"})"), HasSubstr("file_id"));
  EXPECT_THAT(refused_part(R"({"type":"input_image"})"), HasSubstr("image_url or source"));
  EXPECT_THAT(refused_part(R"({"type":"input_file"})"), HasSubstr("file_data, file_url or source"));
  EXPECT_THAT(refused_part(R"({"type":"input_image","source":{"type":"magic"}})"), HasSubstr("source.type"));
  EXPECT_THAT(refused_part(R"({"type":"input_image","source":{"type":"url"}})"), HasSubstr("URL is empty"));
  EXPECT_THAT(refused_part(R"({"type":"input_image","source":{"type":"base64","data":"!"}})"), HasSubstr("no base64"));
}

TEST_F(AnAttachment, ByUrlCountsInEveryMessage) {
  const auto parts = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
      text += std::string(i == 0 ? "" : ",") + R"({"type":"input_image","image_url":"https://host/x"})";
    return text;
  };
  const auto two_messages = [&](int earlier, int current) {
    return of_input(R"([{"role":"user","content":[)" + parts(earlier) + R"(]},{"role":"user","content":[)" +
                    parts(current) + "]}]");
  };
  EXPECT_TRUE(two_messages(4, 4).ok());
  const auto many = two_messages(5, 4);
  ASSERT_FALSE(many.ok());
  EXPECT_THAT(many.error().message, HasSubstr("more than 8 images and files by URL"));
}

}  // namespace
}  // namespace omenia::test
