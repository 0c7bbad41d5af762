// A call of a tool ends with its result, with the one who waits for it, or with its time.
#include "tests/unit/agents/tools_fixture.h"

namespace omenia::test {
namespace {

int under_way = 0;

struct UnderWay {
  UnderWay() { ++under_way; }
  ~UnderWay() { --under_way; }
};

tools::ToolTask never(tools::ToolCallPointer) {
  const UnderWay here;
  Pending<int> nothing;
  const auto kept = nothing.resolver();
  co_await std::move(nothing);
  co_return Json::object();
}

tools::ToolTask at_once(tools::ToolCallPointer call) {
  co_return Json::copy(call->args["echo"]);
}

const Shape anything{{}, false};

tools::ToolRow tool_with(tools::ToolTask (*handler)(tools::ToolCallPointer)) {
  return {"a_tool", tools::ToolGroup::agents, tools::ToolUsers::everyone, 0, anything, handler, ""};
}

class ACall : public ToolsTest {
 protected:
  Result<Json> invoked(const tools::ToolRow& row, std::stop_token stop, std::int64_t time_ms_max = 60'000) {
    return run(tools::invoke(&host, {.tool = &row,
                                     .session = sessions::make_key("main", "main"),
                                     .args = Json::parse(R"({"echo":"back"})").value(),
                                     .stop = std::move(stop),
                                     .time_ms_max = time_ms_max}));
  }
};

TEST_F(ACall, EndsWithItsResult) {
  const tools::ToolRow row = tool_with(at_once);
  const auto result = invoked(row, {});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().view().text(), "back");
}

TEST_F(ACall, EndsWhenNobodyWaitsAnyMore) {
  const tools::ToolRow row = tool_with(never);
  std::stop_source client;
  Timer leaves(loop, [&] {
    EXPECT_EQ(under_way, 1);
    client.request_stop();
  });
  leaves.start(1);
  const auto result = invoked(row, client.get_token());
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::run_aborted);
  EXPECT_EQ(under_way, 0) << "the tool itself has ended";
}

TEST_F(ACall, OfSomebodyWhoHasLeftIsNotBegun) {
  const tools::ToolRow row = tool_with(never);
  std::stop_source client;
  client.request_stop();
  EXPECT_EQ(invoked(row, client.get_token()).error().code, ErrorCode::run_aborted);
}

TEST_F(ACall, EndsWithItsTime) {
  const tools::ToolRow row = tool_with(never);
  const auto result = invoked(row, {}, 1);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::run_timeout);
  EXPECT_EQ(under_way, 0);
}

}  // namespace
}  // namespace omenia::test
