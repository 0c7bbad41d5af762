// /v1/responses answered whole: what the object holds, what reaches the model, failures, and conversations that go on.
#include "shared/base/ids.h"
#include "tests/flow/openai_flow.h"

namespace omenia::test {
namespace {

using testing::MatchesRegex;

constexpr const char* path = "/v1/responses";
constexpr const char* weather =
    R"(,"tools":[{"type":"function","name":"get_weather","description":"d","parameters":{"type":"object"}}])";

std::string asking(const std::string& agent, const std::string& text, const std::string& more = {}) {
  JsonWriter writer;
  writer.begin_object().member("model", agent == "main" ? "OmeniaClaw" : "OmeniaClaw/" + agent).member("input", text);
  std::string body = writer.end_object().take();
  body.insert(body.size() - 1, more);
  return body;
}

class Responses : public Flow {
 protected:
  Json ask(const std::string& agent, const std::string& text, const std::string& more = {}) {
    const HttpAnswer answer = gateway.post(path, asking(agent, text, more));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json();
  }
  Json asked(std::size_t number) const { return Json::parse(mock.requests().at(number).body).value(); }
  // "role: text" of what the model was told, without the system prompt.
  std::vector<std::string> told(std::size_t number) const {
    std::vector<std::string> lines;
    const Json request = asked(number);
    for (JsonView message = request["messages"].at(1); message; message = message.next())
      lines.push_back(std::string(message["role"].text()) + ": " + text_of(message));
    return lines;
  }
};

TEST_F(Responses, HaveTheShapeThatSdksRead) {
  const Json body = ask("usage", "hi there");
  EXPECT_THAT(std::string(body["id"].text()), StartsWith("resp_"));
  EXPECT_EQ(body["object"].text(), "response");
  EXPECT_GT(body["created_at"].integer(), 1'700'000'000);
  EXPECT_EQ(body["status"].text(), "completed");
  EXPECT_EQ(body["model"].text(), "OmeniaClaw/usage");
  ASSERT_EQ(body["output"].size(), 1u);
  const JsonView item = body["output"].at(0);
  EXPECT_EQ(item["type"].text(), "message");
  EXPECT_THAT(std::string(item["id"].text()), StartsWith("msg_"));
  EXPECT_EQ(item["role"].text(), "assistant");
  EXPECT_EQ(item["status"].text(), "completed");
  EXPECT_EQ(item["phase"].text(), "final_answer");
  EXPECT_EQ(item["content"].at(0).dump(),
            R"({"type":"output_text","text":"Hello from the mock model.","annotations":[]})");
  EXPECT_EQ(body["usage"].dump(),
            R"({"input_tokens":14,"input_tokens_details":{"cached_tokens":3,"cache_write_tokens":0},)"
            R"("output_tokens":5,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":19})");
  EXPECT_FALSE(body["error"]);
}

TEST_F(Responses, TellTheModelWhatWasSaid) {
  ask("main", "q",
      R"(,"instructions":"be brief","temperature":0.5,"max_output_tokens":99,)"
      R"("text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}})");
  const Json request = asked(0);
  EXPECT_THAT(std::string(request["messages"].at(0)["content"].text()), HasSubstr("be brief"));
  EXPECT_EQ(request["temperature"].number(), 0.5);
  EXPECT_EQ(request["max_completion_tokens"].integer(), 99);
  EXPECT_EQ(request["response_format"]["json_schema"]["name"].text(), "n");
}

TEST_F(Responses, HoldTheCallsOfTheClientsFunctions) {
  const Json body = ask("tools", "weather?", weather);
  EXPECT_EQ(body["status"].text(), "completed");
  ASSERT_EQ(body["output"].size(), 1u) << body.dump();
  const JsonView call = body["output"].at(0);
  EXPECT_EQ(call["type"].text(), "function_call");
  EXPECT_THAT(std::string(call["id"].text()), StartsWith("call_"));
  EXPECT_THAT(std::string(call["call_id"].text()), MatchesRegex("[0-9a-f]{9}"));
  EXPECT_EQ(call["name"].text(), "get_weather");
  EXPECT_EQ(call["arguments"].text(), R"({"city":"Oslo"})");
  const Json with_text = ask("tools", "say it", weather);
  ASSERT_EQ(with_text["output"].size(), 2u);
  EXPECT_EQ(with_text["output"].at(0)["phase"].text(), "commentary");
  EXPECT_EQ(with_text["output"].at(1)["type"].text(), "function_call");
}

TEST_F(Responses, ThatLackADemandedCallHaveFailed) {
  const HttpAnswer answer = gateway.post(
      path,
      asking("tools", "no tool", weather + std::string(R"(,"tool_choice":{"type":"function","name":"get_weather"})")));
  EXPECT_EQ(answer.status, 502);
  EXPECT_EQ(answer.header("x-should-retry"), "false");
  const Json body = answer.json();
  EXPECT_EQ(body["object"].text(), "response");
  EXPECT_EQ(body["status"].text(), "failed");
  EXPECT_EQ(body["output"].size(), 0u);
  EXPECT_EQ(body["error"]["code"].text(), "api_error");
  EXPECT_THAT(std::string(body["error"]["message"].text()), HasSubstr("get_weather"));
  EXPECT_EQ(body["usage"]["total_tokens"].integer(), 15);
}

TEST_F(Responses, OfAModelThatFailsAreFailedOnes) {
  for (const auto& [agent, status, code] :
       {std::tuple{"401", 401, "authentication_error"}, std::tuple{"429", 429, "rate_limit_error"},
        std::tuple{"500", 502, "api_error"}}) {
    const HttpAnswer answer = gateway.post(path, asking(agent, "hi"));
    EXPECT_EQ(answer.status, status) << agent;
    EXPECT_EQ(answer.json()["status"].text(), "failed") << answer.body;
    EXPECT_EQ(answer.json()["error"]["code"].text(), code);
    EXPECT_EQ(answer.header("x-should-retry"), "false");
  }
}

TEST_F(Responses, ThatWereCutOffAreIncomplete) {
  const Json body = ask("length", "hi");
  EXPECT_EQ(body["status"].text(), "incomplete");
  EXPECT_EQ(body["incomplete_details"]["reason"].text(), "max_output_tokens");
  EXPECT_EQ(body["output"].at(0)["status"].text(), "incomplete");
  EXPECT_THAT(std::string(body["output"].at(0)["content"].at(0)["text"].text()), HasSubstr("cut off"));
}

TEST_F(Responses, AreRefusedInTheShapeOfTheOtherEndpoints) {
  for (const char* body : {"", "[]", R"({"model":"OmeniaClaw"})", R"({"model":"gpt-4o","input":"x"})",
                           R"({"model":"OmeniaClaw","input":"x","temperature":9})",
                           R"({"model":"OmeniaClaw","input":[{"type":"mystery"}]})",
                           R"({"model":"OmeniaClaw","input":"x","tools":[{"type":"mcp"}]})"}) {
    const HttpAnswer answer = gateway.post(path, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.json()["error"]["type"].text(), "invalid_request_error") << body;
    EXPECT_FALSE(answer.json()["object"]) << body;
  }
  EXPECT_TRUE(mock.requests().empty());
}

TEST_F(Responses, GoOnFromAnEarlierOne) {
  const std::string first(ask("main", "remember me")["id"].text());
  const std::string second(ask("main", "second", R"(,"previous_response_id":")" + first + "\"")["id"].text());
  EXPECT_EQ(told(1).size(), 3u);
  EXPECT_EQ(told(1).at(0), "user: remember me");
  ask("main", "third", R"(,"previous_response_id":")" + second + "\"");
  EXPECT_EQ(told(2).size(), 5u);
}

TEST_F(Responses, GoOnFromAnEarlierOneOfAnotherWorker) {
  const std::string first(ask("main", "remember me")["id"].text());
  ASSERT_TRUE(gateway.kill_worker());
  ask("main", "second", R"(,"previous_response_id":")" + first + "\"");
  EXPECT_EQ(told(1).at(0), "user: remember me");
}

TEST_F(Responses, GoOnFromNothingElse) {
  const std::string first(ask("main", "remember me", R"(,"user":"ann")")["id"].text());
  const std::string other(ask("echo", "remember me")["id"].text());
  for (const std::string& id : {std::string("resp_unknown"), std::string("x"), std::string(5000, 'r'), first, other}) {
    const std::size_t number = mock.requests().size();
    ask("main", "fresh", R"(,"previous_response_id":")" + id + "\"");
    EXPECT_EQ(told(number).size(), 1u) << id.substr(0, 50);
  }
}

TEST_F(Responses, AfterAFailedOneGoOnToo) {
  const Json failed = gateway.post(path, asking("500", "remember me")).json();
  EXPECT_EQ(
      gateway
          .post(path, asking("500", "again", R"(,"previous_response_id":")" + std::string(failed["id"].text()) + "\""))
          .status,
      502);
  EXPECT_EQ(told(mock.requests().size() - 1).at(0), "user: remember me");
}

TEST_F(Responses, ShowFilesInTheSystemPromptOfTheirTurn) {
  const std::string input =
      R"([{"role":"user","content":[{"type":"input_text","text":"sum up"},{"type":"input_file","filename":"a.csv",)"
      R"("file_data":"data:text/csv;base64,)" +
      base64("one,two\n1,2") + R"("}]}])";
  const HttpAnswer answer = gateway.post(path, R"({"model":"OmeniaClaw","user":"ann","input":)" + input + "}");
  EXPECT_EQ(answer.status, 200) << answer.body;
  const std::string system(asked(0)["messages"].at(0)["content"].text());
  EXPECT_THAT(system, AllOf(HasSubstr("Name: a.csv"), HasSubstr("one,two\n1,2"), HasSubstr("Untrusted content")));
  EXPECT_EQ(told(0), std::vector<std::string>{"user: sum up"});
  ask("main", "again", R"(,"user":"ann")");
  EXPECT_THAT(mock.requests().at(1).body, Not(HasSubstr("one,two"))) << "it is not part of the conversation";
}

TEST_F(Responses, ShowImages) {
  const std::string input =
      R"([{"role":"user","content":[{"type":"input_image","image_url":"data:image/gif;base64,R0lGODlhAQABAAAAACw="}]}])";
  EXPECT_EQ(gateway.post(path, R"({"model":"OmeniaClaw","input":)" + input + "}").status, 200);
  EXPECT_EQ(asked(0)["messages"].at(1)["content"].at(1)["image_url"]["url"].text(),
            "data:image/gif;base64,R0lGODlhAQABAAAAACw=");
}

TEST_F(Responses, FetchNothingFromThisMachine) {
  const std::string port = ":" + std::to_string(mock.port()) + "/v1/models";
  for (const char* part : {"input_image\",\"image_url", "input_file\",\"file_url"}) {
    for (const char* host : {"127.0.0.1", "[::ffff:127.0.0.1]", "localhost", "[::1]", "0.0.0.0"}) {
      const HttpAnswer answer =
          gateway.post(path, R"({"model":"OmeniaClaw","input":[{"role":"user","content":[{"type":")" +
                                 std::string(part) + "\":\"http://" + host + port + "\"}]}]}");
      EXPECT_EQ(answer.status, 400) << part << host;
      EXPECT_THAT(answer.body, HasSubstr("was not fetched; the gateway's log says why")) << part << host;
    }
  }
  EXPECT_TRUE(mock.requests().empty());
}

TEST_F(Responses, SayThatPdfsAreNotRead) {
  const std::string input =
      R"([{"role":"user","content":[{"type":"input_file","file_data":"data:application/pdf;base64,JVBERi0xLjc="}]}])";
  const HttpAnswer answer = gateway.post(path, R"({"model":"OmeniaClaw","input":)" + input + "}");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("text of PDF files is not extracted"));
}

TEST_F(Responses, ClientsThatLeaveEndTheCallToTheModel) {
  HttpClient client(gateway.port());
  client.send(
      HttpRequest{.method = "POST", .target = path, .token = gateway.token(), .body = asking("slow", "hi")}.text());
  ASSERT_TRUE(mock.wait_for_requests(1));
  client.socket().close();
  EXPECT_TRUE(mock.wait_for_broken_off(1));
}

TEST_F(FlowNotStarted, ResponsesCanBeSwitchedOff) {
  gateway.instance().configure(mock.port(), {}, R"(,"http":{"endpoints":{"responses":{"enabled":false}}})");
  ASSERT_TRUE(gateway.start());
  EXPECT_EQ(gateway.post(path, asking("main", "hi")).status, 404);
}

}  // namespace
}  // namespace omenia::test
