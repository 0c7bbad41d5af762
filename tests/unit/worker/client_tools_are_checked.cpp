// What a client offers as tools, in both forms of this API, and whether an answer keeps to what it demanded.
#include <gmock/gmock.h>

#include "worker/openai/client_tools.h"
#include "worker/openai/pieces.h"

namespace omenia::openai {
namespace {

using Kind = providers::ToolChoice::Kind;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* two = R"([{"type":"function","function":{"name":" a "}},)"
                            R"({"type":"function","function":{"name":"b","description":"d","strict":false,)"
                            R"("parameters":{"type":"object","properties":{"x":{}}}}}])";

Result<ClientTools> read(std::string_view tools, std::string_view choice = "null", ToolForm form = ToolForm::nested) {
  const Json list = Json::parse(tools).value();
  const Json wish = Json::parse(choice).value();
  return read_client_tools(list, wish, form);
}
std::string refusal(std::string_view tools, std::string_view choice = "null", ToolForm form = ToolForm::nested) {
  const auto answer = read(tools, choice, form);
  if (answer.ok()) return "taken";
  EXPECT_EQ(answer.error().code, ErrorCode::invalid_request);
  constexpr std::string_view start = "Invalid tools/tool_choice: ";
  EXPECT_EQ(answer.error().message.substr(0, start.size()), start);
  return answer.error().message.substr(start.size());
}

TEST(ToolsOfAClient, AreReadAsTheyAre) {
  const ClientTools client = read(two).value();
  ASSERT_EQ(client.tools.size(), 2u);
  EXPECT_EQ(client.tools[0].name, "a");
  EXPECT_EQ(client.tools[0].parameters, "");
  EXPECT_FALSE(client.tools[0].strict);
  EXPECT_EQ(client.tools[1].description, "d");
  EXPECT_EQ(client.tools[1].strict, false);
  EXPECT_EQ(client.tools[1].parameters, R"({"type":"object","properties":{"x":{}}})");
  EXPECT_EQ(client.choice.kind, Kind::automatic);
  const ClientTools flat =
      read(R"([{"type":"function","name":"f","description":null,"parameters":null,"strict":null}])", "\"auto\"",
           ToolForm::flat)
          .value();
  EXPECT_EQ(flat.tools.at(0).name, "f");
  EXPECT_TRUE(read("[]").value().tools.empty());
  EXPECT_TRUE(read("null").value().tools.empty());
}

TEST(ToolsOfAClient, ThatAreNoneAreNamed) {
  EXPECT_EQ(refusal(R"({})"), "tools must be an array");
  EXPECT_EQ(refusal(R"(["f"])"), "each tool must be an object");
  EXPECT_EQ(refusal(R"([{"type":"web_search"}])"), "only function tools are supported");
  EXPECT_EQ(refusal(R"([{"function":{"name":"f"}}])"), "only function tools are supported");
  EXPECT_EQ(refusal(R"([{"type":"function"}])"), "tool.function is required");
  EXPECT_EQ(refusal(R"([{"type":"function","name":"f"}])"), "tool.function is required");
  EXPECT_EQ(refusal(R"([{"type":"function","function":{"name":"  "}}])"), "tool.function.name is required");
  EXPECT_EQ(refusal(R"([{"type":"function","function":{"name":7}}])"), "tool.function.name is required");
  EXPECT_EQ(refusal(R"([{"type":"function","function":{"name":"f","parameters":"x"}}])"),
            "tool.function.parameters must be an object");
  EXPECT_EQ(refusal(R"([{"type":"function","function":{"name":"f","strict":1}}])"),
            "tool.function.strict must be true or false");
  EXPECT_EQ(refusal(R"([{"type":"function"}])", "null", ToolForm::flat), "tool.name is required");
  EXPECT_EQ(refusal(R"([{"type":"web_search_preview"}])", "null", ToolForm::flat), "only function tools are supported");
  EXPECT_THAT(refusal(R"([{"type":"function","function":{"name":")" + std::string(65, 'f') + R"("}}])"),
              HasSubstr("longer than 64"));
}

TEST(ToolsOfAClient, AreBounded) {
  std::string many = "[";
  for (int i = 0; i < 129; ++i)
    many += std::string(i == 0 ? "" : ",") + R"({"type":"function","function":{"name":"f)" + std::to_string(i) + "\"}}";
  EXPECT_THAT(refusal(many + "]"), HasSubstr("128"));
  EXPECT_THAT(refusal(R"([{"type":"function","function":{"name":"f","description":")" +
                      std::string(limits::client_tools_bytes_max, 'x') + R"("}}])"),
              HasSubstr("bytes"));
}

TEST(ToolsOfAClient, HaveNamesOfTheirOwn) {
  const auto named = [](std::initializer_list<const char*> names) {
    std::vector<providers::Tool> tools;
    for (const char* name : names) tools.push_back({name, {}, {}, {}});
    return tools;
  };
  EXPECT_TRUE(check_names(named({"a", "b"})).ok());
  EXPECT_EQ(check_names(named({"a", "sessions_list"})).error().message, "invalid tool configuration");
  EXPECT_EQ(check_names(named({"a", "a"})).error().message, "invalid tool configuration");
}

TEST(AChoiceOfTools, NarrowsThem) {
  EXPECT_TRUE(read(two, "\"none\"").value().tools.empty());
  EXPECT_EQ(read(two, "\"required\"").value().choice.kind, Kind::required);
  EXPECT_EQ(read(two, "\"required\"").value().tools.size(), 2u);
  for (const auto& [choice, form] : std::vector<std::pair<const char*, ToolForm>>{
           {R"({"type":"function","function":{"name":"b"}})", ToolForm::nested},
           {R"({"type":"function","name":"b"})", ToolForm::nested}}) {
    const ClientTools pinned = read(two, choice, form).value();
    ASSERT_EQ(pinned.tools.size(), 1u);
    EXPECT_EQ(pinned.tools[0].name, "b");
    EXPECT_EQ(pinned.choice.kind, Kind::named);
    EXPECT_EQ(pinned.choice.name, "b");
  }
}

TEST(AChoiceOfTools, ThatCannotBeMadeIsNamed) {
  EXPECT_EQ(refusal(two, R"({"type":"function","function":{"name":"c"}})"), "tool_choice requested unknown tool: c");
  EXPECT_EQ(refusal(two, R"({"type":"function"})"), "tool_choice names no function");
  EXPECT_EQ(refusal("[]", "\"required\""), "tool_choice=required but no tools were provided");
  EXPECT_EQ(refusal(two, R"({"type":"allowed_tools"})"), "tool_choice allowed_tools is not supported");
  for (const char* odd : {R"({"type":"custom"})", "\"maybe\"", "7", "[]", "{}", "true"})
    EXPECT_EQ(refusal(two, odd), "unsupported tool_choice type") << odd;
}

TEST(AChoiceOfTools, IsHeldAgainstTheAnswer) {
  agents::RunOutcome silent;
  agents::RunOutcome calling;
  calling.tool_calls = {{"1", "a", "{}"}};
  EXPECT_FALSE(unsatisfied({}, silent));
  EXPECT_FALSE(unsatisfied({Kind::required, ""}, calling));
  EXPECT_FALSE(unsatisfied({Kind::named, "a"}, calling));
  EXPECT_EQ(unsatisfied({Kind::required, ""}, silent)->message,
            "tool_choice=required was not satisfied by the agent response");
  EXPECT_EQ(unsatisfied({Kind::named, "b"}, calling)->message,
            "tool_choice required a b tool call, but the agent did not produce one");
  EXPECT_EQ(omenia::row_of(unsatisfied({Kind::named, "b"}, silent)->code).http_status, 502);
}

TEST(Pieces, AreCountedInUnitsAndNeverEndInsideACharacter) {
  EXPECT_THAT(pieces_of("", 4), ElementsAre(""));
  EXPECT_THAT(pieces_of("abcd", 4), ElementsAre("abcd"));
  EXPECT_THAT(pieces_of("abcde", 4), ElementsAre("abcd", "e"));
  EXPECT_THAT(pieces_of("abc🎉", 4), ElementsAre("abc", "🎉")) << "a pair is not split";
  EXPECT_THAT(pieces_of("ab🎉c", 4), ElementsAre("ab🎉", "c"));
  EXPECT_THAT(pieces_of("日本語文字", 4), ElementsAre("日本語文", "字"));
  EXPECT_THAT(pieces_of("🎉🎉", 1), ElementsAre("🎉", "🎉")) << "one that is too large stays whole";
  EXPECT_THAT(pieces_of("\xff\xff\xff", 2), ElementsAre("\xff\xff", "\xff"));
}

}  // namespace
}  // namespace omenia::openai
