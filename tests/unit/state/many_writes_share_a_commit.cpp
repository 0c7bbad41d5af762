// Group commit: units that wait together reach the disk together, each stands or falls alone, answers come in order.

#include <condition_variable>
#include <mutex>

#include "shared/base/limits.h"
#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

// Holds a store thread inside a unit, so that what comes after it waits together.
class Gate {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

class GroupCommit : public StoreTest {
 protected:
  // Starts a write; its outcome is put into `outcomes` in the order of the answers.
  void start(const std::string& name, Unit<std::string> unit) {
    ++expected;
    scope.spawn(deliver<Result<std::string>>(store->write<std::string>(std::move(unit)), [this, name](auto result) {
      outcomes.push_back(name + (result.ok() ? " ok" : " " + result.error().message));
      if (--expected == 0) loop.stop();
    }));
  }
  void start_session(const std::string& key) {
    start(key, [key](Tables& tables) -> Result<std::string> {
      TRY_ASSIGN(const SessionRow row, tables.sessions.get_or_create(key, "main", 1));
      return row.session_id;
    });
  }
  void hold() {
    start("gate", [this](Tables&) -> Result<std::string> {
      gate.wait();
      return std::string();
    });
  }
  bool exists(const std::string& key) {
    return read<bool>([key](Tables& tables) -> Result<bool> {
             TRY_ASSIGN(const auto row, tables.sessions.find(key));
             return row.has_value();
           })
        .value();
  }

  Gate gate;
  std::vector<std::string> outcomes;
  int expected = 0;
  TaskScope scope;
};

TEST_F(GroupCommit, needs_fewer_commits_than_units) {
  hold();
  for (int i = 0; i < 300; ++i) start_session("s" + std::to_string(i));
  gate.open();
  loop.run();
  EXPECT_EQ(store->health().units, 301);
  EXPECT_GE(store->health().commits, 300 / limits::store_batch_max);
  EXPECT_LE(store->health().commits, 300 / limits::store_batch_max + 2);
  EXPECT_EQ(read<std::int64_t>([](Tables& tables) { return tables.sessions.count(""); }).value(), 300);
}

TEST_F(GroupCommit, answers_in_the_order_of_asking) {
  hold();
  std::vector<std::string> expected_order{"gate ok"};
  for (int i = 0; i < 100; ++i) {
    start_session("s" + std::to_string(i));
    expected_order.push_back("s" + std::to_string(i) + " ok");
  }
  gate.open();
  loop.run();
  EXPECT_EQ(outcomes, expected_order);
}

TEST_F(GroupCommit, undoes_a_failing_unit_and_keeps_its_neighbours) {
  hold();
  start_session("before");
  start("failing", [](Tables& tables) -> Result<std::string> {
    TRY(tables.sessions.get_or_create("half", "main", 1));
    TRY(tables.sessions.touch("before", 500, true));
    return fail(ErrorCode::invalid_request, "No.");
  });
  start_session("after");
  gate.open();
  loop.run();
  EXPECT_THAT(outcomes, testing::ElementsAre("gate ok", "before ok", "failing No.", "after ok"));
  EXPECT_TRUE(exists("before"));
  EXPECT_FALSE(exists("half"));
  EXPECT_TRUE(exists("after"));
  EXPECT_EQ(read<std::int64_t>([](Tables& tables) -> Result<std::int64_t> {
              TRY_ASSIGN(const auto row, tables.sessions.find("before"));
              return row ? row->updated_ms : -1;
            }).value(),
            1);
}

TEST_F(GroupCommit, sees_what_an_earlier_unit_of_the_group_wrote) {
  hold();
  start_session("early");
  start("late", [](Tables& tables) -> Result<std::string> {
    TRY(tables.sessions.touch("early", 9, true));
    return std::string();
  });
  gate.open();
  loop.run();
  EXPECT_THAT(outcomes, testing::ElementsAre("gate ok", "early ok", "late ok"));
}

TEST_F(GroupCommit, refuses_at_once_when_too_much_waits) {
  Gate entered;
  start("gate", [this, &entered](Tables&) -> Result<std::string> {
    entered.open();
    gate.wait();
    return std::string();
  });
  entered.wait();
  for (std::size_t i = 0; i < limits::store_queue_max; ++i) {
    start("unit", [](Tables&) -> Result<std::string> { return std::string(); });
  }
  EXPECT_TRUE(outcomes.empty());
  const auto refused = answer_of<Result<bool>>(loop, store->write<bool>([](Tables&) { return Result<bool>(true); }));
  EXPECT_THAT(refused, FailsWith(ErrorCode::unavailable));
  EXPECT_TRUE(refused.error().retry_after_ms.has_value());
  gate.open();
  loop.run();
  EXPECT_EQ(outcomes.size(), limits::store_queue_max + 1);
}

TEST_F(GroupCommit, finishes_what_it_accepted_and_answers_nobody_when_it_is_closed) {
  hold();
  for (int i = 0; i < 200; ++i) start_session("s" + std::to_string(i));
  loop.post([this] { gate.open(); });
  loop.post([this] {
    store.reset();
    loop.stop();
  });
  loop.run();
  loop.post([this] { loop.stop(); });
  loop.run();
  EXPECT_TRUE(outcomes.empty());
  store = open_store();
  EXPECT_EQ(read<std::int64_t>([](Tables& tables) { return tables.sessions.count(""); }).value(), 200);
}

TEST_F(GroupCommit, may_be_ended_by_an_answer) {
  hold();
  start_session("first");
  start_session("second");
  scope.spawn(deliver<Result<bool>>(store->write<bool>([](Tables&) { return Result<bool>(true); }), [this](auto) {
    store.reset();
    loop.stop();
  }));
  start_session("third");
  gate.open();
  loop.run();
  loop.post([this] { loop.stop(); });
  loop.run();
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), "third ok"), 0);
  store = open_store();
  EXPECT_TRUE(exists("third"));
}

}  // namespace
}  // namespace omenia::state
