// Runs: accepted once, started once, ended once; what a dead worker left is found.

#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

using ARun = RepositoryTest;

TEST_F(ARun, is_accepted_with_all_it_needs) {
  ASSERT_TRUE(runs.accept(run_named("r1", 7)).ok());
  const RunRow row = *runs.find("r1").value();
  EXPECT_EQ(row.session_key, "agent:main:main");
  EXPECT_EQ(row.session_id, "a-session");
  EXPECT_EQ(row.agent_id, "main");
  EXPECT_EQ(row.origin, "chat");
  EXPECT_EQ(row.status, "accepted");
  EXPECT_EQ(row.request, R"({"message":"hello"})");
  EXPECT_EQ(row.result, "");
  EXPECT_EQ(row.generation, 7);
  EXPECT_EQ(row.accepted_ms, 100);
  EXPECT_EQ(row.ended_ms, 0);
}

TEST_F(ARun, is_accepted_once) {
  ASSERT_TRUE(runs.accept(run_named("r1")).ok());
  RunRow other = run_named("r1");
  other.request = "{}";
  EXPECT_THAT(runs.accept(other), FailsWith(ErrorCode::invalid_request));
  EXPECT_EQ(runs.find("r1").value()->request, R"({"message":"hello"})");
}

TEST_F(ARun, starts_and_ends) {
  ASSERT_TRUE(runs.accept(run_named("r1")).ok());
  ASSERT_TRUE(runs.start("r1", 200).ok());
  EXPECT_EQ(runs.find("r1").value()->status, "running");
  EXPECT_TRUE(runs.finish("r1", "done", R"({"text":"hi"})", 300).value());
  const RunRow row = *runs.find("r1").value();
  EXPECT_EQ(row.status, "done");
  EXPECT_EQ(row.result, R"({"text":"hi"})");
  EXPECT_EQ(row.started_ms, 200);
  EXPECT_EQ(row.ended_ms, 300);
}

TEST_F(ARun, keeps_its_first_end) {
  ASSERT_TRUE(runs.accept(run_named("r1")).ok());
  EXPECT_TRUE(runs.finish("r1", "aborted", "{}", 300).value());
  EXPECT_FALSE(runs.finish("r1", "done", R"({"late":1})", 400).value());
  const RunRow row = *runs.find("r1").value();
  EXPECT_EQ(row.status, "aborted");
  EXPECT_EQ(row.result, "{}");
  EXPECT_EQ(row.ended_ms, 300);
}

TEST_F(ARun, does_not_start_after_its_end) {
  ASSERT_TRUE(runs.accept(run_named("r1")).ok());
  ASSERT_TRUE(runs.finish("r1", "aborted", "{}", 300).ok());
  const auto started = runs.start("r1", 400);
  EXPECT_THAT(started, FailsWith(ErrorCode::invalid_request));
  EXPECT_THAT(started.error().message, testing::HasSubstr("aborted"));
}

TEST_F(ARun, has_to_exist) {
  EXPECT_FALSE(runs.find("nothing").value().has_value());
  EXPECT_THAT(runs.start("nothing", 1), FailsWith(ErrorCode::not_found));
  EXPECT_THAT(runs.finish("nothing", "done", "{}", 1), FailsWith(ErrorCode::not_found));
}

TEST_F(ARun, ends_with_a_terminal_status_or_the_program_does) {
  ASSERT_TRUE(runs.accept(run_named("r1")).ok());
  EXPECT_DEATH((void)runs.finish("r1", "running", "{}", 1), "terminal status");
}

TEST_F(ARun, left_unfinished_by_an_earlier_worker_is_found) {
  ASSERT_TRUE(runs.accept(run_named("second", 2)).ok());
  for (const char* id : {"ended", "queued", "active"}) ASSERT_TRUE(runs.accept(run_named(id, 1)).ok());
  ASSERT_TRUE(runs.accept(run_named("mine", 3)).ok());
  ASSERT_TRUE(runs.start("active", 5).ok());
  ASSERT_TRUE(runs.finish("ended", "failed", "{}", 6).ok());

  std::vector<std::string> ids;
  const std::vector<RunRow> rows = runs.unfinished_before(3).value();
  for (const RunRow& row : rows) ids.push_back(row.run_id + " " + row.status);
  EXPECT_THAT(ids, testing::ElementsAre("second accepted", "queued accepted", "active running"));
}

}  // namespace
}  // namespace omenia::state
