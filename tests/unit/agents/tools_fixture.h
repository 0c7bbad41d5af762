#pragma once
// What the tests of tools share: a store with sessions, and calls of tools as an operator or a model makes them.

#include "tests/unit/agents/runs_fixture.h"
#include "worker/agents/transcript.h"
#include "worker/tools/invoke.h"
#include "worker/tools/registry.h"

namespace omenia::test {

class ToolsTest : public RunsTest {
 protected:
  // Makes sessions by sending a message to each; the model answers "re: <message>".
  void talk(std::string_view key, const std::string& message, std::string_view agent = "main") {
    finished(request("run-" + std::to_string(++count_), message, key, agent));
  }

  Result<Json> call(std::string_view tool, std::string_view args = "{}", bool sees_all_sessions = true,
                    std::string_view session = "main") {
    const tools::ToolRow* row = tools::find_tool(tool);
    ensure(row != nullptr, "the tool of the test is there");
    return run(tools::invoke(&host, {.tool = row,
                                     .session = sessions::make_key("main", session),
                                     .sees_all_sessions = sees_all_sessions,
                                     .args = Json::parse(args).value(),
                                     .stop = {}}));
  }
  // The details of a call that has to succeed, after a look at the form of the result.
  Json details(std::string_view tool, std::string_view args = "{}", bool sees_all_sessions = true) {
    auto result = call(tool, args, sees_all_sessions);
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
    if (!result.ok()) return Json::object();
    const JsonView part = result.value()["content"].at(0);
    EXPECT_EQ(part["type"].text(), "text");
    EXPECT_FALSE(part["text"].text().empty());
    return Json::copy(result.value()["details"]);
  }
  std::string refusal(std::string_view tool, std::string_view args, bool sees_all_sessions = true) {
    const auto result = call(tool, args, sees_all_sessions);
    EXPECT_FALSE(result.ok());
    return result.ok() ? "" : result.error().message;
  }
  static std::vector<std::string> keys_of(JsonView listing) {
    std::vector<std::string> keys;
    for (JsonView row = listing["sessions"].first(); row; row = row.next()) keys.emplace_back(row["key"].text());
    return keys;
  }

  tools::ToolHost host{loop,
                       *store,
                       *runs,
                       [this] { return config; },
                       [this] { return catalog; },
                       [](std::string_view text) { return std::string(text); }};

 private:
  int count_ = 0;
};

}  // namespace omenia::test
