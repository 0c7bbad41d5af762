// System events: a short queue for each session, taken by one run, back again when that was not answered.

#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Event : public RepositoryTest {
 protected:
  bool queue(const std::string& text, const std::string& key = "agent:main:main", bool wakes = false,
             const std::string& source = "") {
    return system_events.queue({key, source, text, wakes, 7}).value();
  }
  std::vector<std::string> take(const std::string& run_id, const std::string& key = "agent:main:main") {
    std::vector<std::string> texts;
    const auto taken = system_events.take(key, run_id);
    EXPECT_TRUE(taken.ok());
    for (const SystemEventRow& row : taken.value()) texts.push_back(row.text);
    return texts;
  }
};

TEST_F(Event, is_taken_once_and_in_order) {
  EXPECT_TRUE(queue("one"));
  EXPECT_TRUE(queue("two"));
  EXPECT_TRUE(queue("elsewhere", "agent:main:other"));
  EXPECT_THAT(take("r1"), ElementsAre("one", "two"));
  EXPECT_THAT(take("r2"), IsEmpty());
  EXPECT_THAT(take("r3", "agent:main:other"), ElementsAre("elsewhere"));
}

TEST_F(Event, keeps_what_it_is) {
  queue("text", "agent:main:main", true, "webhook");
  const auto row = system_events.take("agent:main:main", "r").value().at(0);
  EXPECT_EQ(row.session_key, "agent:main:main");
  EXPECT_EQ(row.source, "webhook");
  EXPECT_TRUE(row.wakes);
  EXPECT_EQ(row.created_ms, 7);
}

TEST_F(Event, repeated_at_the_end_of_the_queue_is_one) {
  EXPECT_TRUE(queue("one"));
  EXPECT_FALSE(queue("one"));
  EXPECT_TRUE(queue("two"));
  EXPECT_TRUE(queue("one")) << "something else has happened in between";
  EXPECT_TRUE(queue("one", "agent:main:main", false, "webhook")) << "somebody else says it";
  EXPECT_THAT(take("r1"), ElementsAre("one", "two", "one", "one"));
  EXPECT_TRUE(queue("one")) << "the earlier ones wait no more";
}

TEST_F(Event, repeated_with_a_wish_to_wake_wakes) {
  queue("one");
  EXPECT_THAT(system_events.sessions_to_wake().value(), IsEmpty());
  EXPECT_FALSE(queue("one", "agent:main:main", true));
  EXPECT_THAT(system_events.sessions_to_wake().value(), ElementsAre("agent:main:main"));
  EXPECT_FALSE(queue("one")) << "a later one does not take the wish back";
  EXPECT_THAT(system_events.sessions_to_wake().value(), ElementsAre("agent:main:main"));
}

TEST_F(Event, beyond_the_limit_pushes_the_oldest_out) {
  queue("elsewhere", "agent:main:other");
  for (int i = 0; i < limits::system_events_max + 3; ++i) queue(std::to_string(i));
  const auto taken = take("r1");
  EXPECT_EQ(taken.size(), static_cast<std::size_t>(limits::system_events_max));
  EXPECT_EQ(taken.front(), "3");
  EXPECT_THAT(take("r2", "agent:main:other"), ElementsAre("elsewhere"));
}

TEST_F(Event, of_a_run_that_told_it_is_gone) {
  queue("one");
  take("r1");
  queue("two");
  ASSERT_TRUE(system_events.forget_taken("r1").ok());
  EXPECT_THAT(take("r2"), ElementsAre("two"));
}

TEST_F(Event, of_a_run_that_failed_waits_again_and_wakes_nobody) {
  queue("one", "agent:main:main", true);
  take("r1");
  queue("two");
  ASSERT_TRUE(system_events.put_back("r1").ok());
  EXPECT_THAT(system_events.sessions_to_wake().value(), IsEmpty());
  EXPECT_THAT(take("r2"), ElementsAre("one", "two"));
}

TEST_F(Event, waits_for_a_run_with_a_name) {
  queue("one");
  ASSERT_TRUE(system_events.forget_taken("").ok());
  ASSERT_TRUE(system_events.put_back("").ok());
  EXPECT_THAT(take("r1"), ElementsAre("one"));
}

TEST_F(Event, is_discarded_with_its_session) {
  queue("one");
  queue("elsewhere", "agent:main:other");
  EXPECT_EQ(system_events.discard("agent:main:main").value(), 1);
  EXPECT_THAT(take("r1"), IsEmpty());
  EXPECT_THAT(take("r2", "agent:main:other"), ElementsAre("elsewhere"));
}

}  // namespace
}  // namespace omenia::state
