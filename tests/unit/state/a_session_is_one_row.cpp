// Sessions: made once, listed newest first, changed by what happens in them.

#include <set>

#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

using Session = RepositoryTest;

TEST_F(Session, is_made_once) {
  const SessionRow first = sessions.get_or_create("agent:main:main", "main", 1000).value();
  const SessionRow again = sessions.get_or_create("agent:main:main", "main", 2000).value();
  EXPECT_EQ(first.session_id, again.session_id);
  EXPECT_EQ(again.created_ms, 1000);
  EXPECT_EQ(again.next_seq, 1);
  EXPECT_EQ(first.session_id.size(), 36u);
}

TEST_F(Session, is_not_found_under_another_key) {
  ASSERT_TRUE(sessions.get_or_create("agent:main:main", "main", 1).ok());
  EXPECT_FALSE(sessions.find("agent:main:Main").value().has_value());
  EXPECT_FALSE(sessions.find("agent:main:main' OR '1'='1").value().has_value());
  EXPECT_FALSE(sessions.find("").value().has_value());
}

TEST_F(Session, moves_forward_in_time_only) {
  ASSERT_TRUE(sessions.get_or_create("k", "main", 100).ok());
  ASSERT_TRUE(sessions.touch("k", 300, false).ok());
  ASSERT_TRUE(sessions.touch("k", 200, true).ok());
  const SessionRow row = *sessions.find("k").value();
  EXPECT_EQ(row.updated_ms, 300);
  EXPECT_EQ(row.last_interaction_ms, 200);
}

TEST_F(Session, has_to_exist_to_be_changed) {
  EXPECT_THAT(sessions.touch("nobody", 1, true), FailsWith(ErrorCode::not_found));
  SessionRow row;
  row.key = "nobody";
  EXPECT_THAT(sessions.record_run_end(row), FailsWith(ErrorCode::not_found));
}

TEST_F(Session, sums_the_tokens_of_its_runs) {
  SessionRow row = sessions.get_or_create("k", "main", 100).value();
  row.input_tokens = 10;
  row.output_tokens = 5;
  row.context_tokens = 10;
  row.last_run_id = "run-1";
  row.last_run_status = "done";
  row.last_run_started_ms = 110;
  row.last_run_ended_ms = 120;
  row.last_provider = "builtin";
  row.last_model = "echo";
  ASSERT_TRUE(sessions.record_run_end(row).ok());
  row.context_tokens = 0;
  row.last_run_status = "failed";
  row.last_run_ended_ms = 150;
  ASSERT_TRUE(sessions.record_run_end(row).ok());

  const SessionRow now = *sessions.find("k").value();
  EXPECT_EQ(now.input_tokens, 20);
  EXPECT_EQ(now.output_tokens, 10);
  EXPECT_EQ(now.context_tokens, 10);
  EXPECT_EQ(now.last_run_status, "failed");
  EXPECT_EQ(now.last_run_started_ms, 110);
  EXPECT_EQ(now.last_run_ended_ms, 150);
  EXPECT_EQ(now.updated_ms, 150);
  EXPECT_EQ(now.last_provider, "builtin");
  EXPECT_EQ(now.last_model, "echo");
}

class SessionList : public RepositoryTest {
 protected:
  SessionList() {
    for (int i = 0; i < 10; ++i) {
      const std::string agent = i % 2 ? "odd" : "even";
      EXPECT_TRUE(sessions.get_or_create("agent:" + agent + ":" + std::to_string(i), agent, i * 10).ok());
    }
  }
  static std::vector<std::int64_t> times(const SessionPage& page) {
    std::vector<std::int64_t> times;
    for (const SessionRow& row : page.rows) times.push_back(row.updated_ms);
    return times;
  }
};

TEST_F(SessionList, begins_with_the_newest) {
  const SessionPage page = sessions.list("", 0, 3, 0).value();
  EXPECT_THAT(times(page), testing::ElementsAre(90, 80, 70));
  EXPECT_EQ(page.total, 10);
}

TEST_F(SessionList, goes_on_where_a_page_ended) {
  EXPECT_THAT(times(sessions.list("", 0, 3, 8).value()), testing::ElementsAre(10, 0));
  const SessionPage beyond = sessions.list("", 0, 3, 100).value();
  EXPECT_TRUE(beyond.rows.empty());
  EXPECT_EQ(beyond.total, 10);
}

TEST_F(SessionList, is_of_one_agent_or_of_a_time) {
  EXPECT_THAT(times(sessions.list("odd", 40, 10, 0).value()), testing::ElementsAre(90, 70, 50));
  EXPECT_EQ(sessions.list("odd", 40, 1, 0).value().total, 3);
  EXPECT_EQ(sessions.count("even").value(), 5);
  EXPECT_EQ(sessions.count("").value(), 10);
  EXPECT_EQ(sessions.count("nobody").value(), 0);
}

TEST_F(SessionList, takes_no_negative_limit_for_no_limit) {
  EXPECT_TRUE(sessions.list("", 0, -1, 0).value().rows.empty());
}

TEST_F(SessionList, pages_do_not_overlap_when_times_are_equal) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(sessions.get_or_create("same:" + std::to_string(i), "same", 500).ok());
  std::set<std::string> keys;
  for (int offset = 0; offset < 20; offset += 5) {
    const SessionPage page = sessions.list("same", 0, 5, offset).value();
    for (const SessionRow& row : page.rows) keys.insert(row.key);
  }
  EXPECT_EQ(keys.size(), 20u);
}

TEST_F(SessionList, is_of_what_a_filter_lets_through) {
  SessionRow row = sessions.get_or_create("set", "main", 1).value();
  row.label = "Täglich 'x'";
  row.category = "Work";
  row.pinned = row.archived = true;
  ASSERT_TRUE(sessions.write_settings(row).ok());
  const auto found = [this](const SessionFilter& filter) { return sessions.page(filter, 100, 0).value().total; };
  SessionFilter filter;
  EXPECT_EQ(found(filter), 11);
  filter.archived = SessionFilter::Archived::no;
  EXPECT_EQ(found(filter), 10);
  filter = {};
  filter.archived = SessionFilter::Archived::yes;
  filter.pinned_only = true;
  filter.category = "Work";
  filter.label = "Täglich 'x'";
  filter.search = "GLICH";
  EXPECT_EQ(found(filter), 1);
  filter.search = "' OR 1 = 1 --";
  EXPECT_EQ(found(filter), 0);
}

TEST_F(Session, begins_anew_under_its_key_and_keeps_what_was_set) {
  SessionRow row = sessions.get_or_create("k", "main", 100).value();
  row.label = "kept";
  row.model_override = "a/b";
  ASSERT_TRUE(sessions.write_settings(row).ok());
  const SessionRow anew = sessions.restart("k", 300).value();
  EXPECT_NE(anew.session_id, row.session_id);
  EXPECT_EQ(anew.label, "kept");
  EXPECT_EQ(anew.model_override, "a/b");
  EXPECT_EQ(anew.created_ms, 100);
  EXPECT_EQ(anew.started_ms, 300);
  EXPECT_EQ(anew.next_seq, 1);
  EXPECT_FALSE(sessions.find_by_id(row.session_id).value());
  EXPECT_THAT(sessions.restart("nobody", 300), FailsWith(ErrorCode::not_found));
  EXPECT_TRUE(sessions.remove("k").value());
  EXPECT_FALSE(sessions.remove("k").value());
}

}  // namespace
}  // namespace omenia::state
