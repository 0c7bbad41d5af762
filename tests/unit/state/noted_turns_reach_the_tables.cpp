// A turn that is noted is in the journal; whoever reads or writes after it finds it in the tables, and so does the next
// process.

#include <filesystem>
#include <fstream>
#include <future>

#include "shared/base/ids.h"
#include "state/journal.h"
#include "tests/support/deadline.h"
#include "tests/unit/state/faulty_disk.h"
#include "tests/unit/state/noted_turns.h"

namespace omenia::state {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class NotedTurn : public StoreTest {
 protected:
  ~NotedTurn() override { release_writer(); }

  bool note(const std::string& name) { return note_in(*store, turn_named(name)); }
  bool is_read(const std::string& name) {
    return read<bool>([name](Tables& tables) { return is_there(tables, name); }).value();
  }
  // In the tables, as another process sees it. What this store does for one who asks is not done.
  bool is_stored(const std::string& name) {
    auto other = Database::open(database_path(), Database::Access::read).value();
    return Runs(*other).find(name).value().has_value();
  }
  void run_until(const std::function<bool()>& holds) {
    const test::Deadline deadline;
    Timer look(loop, [&] {
      if (holds() || deadline.passed()) loop.stop();
    });
    look.start_repeating(test::poll_ms);
    loop.run();
    EXPECT_TRUE(holds()) << "what the test waits for has not happened";
  }
  std::vector<std::string> journals() { return journals_in(folder.path() + "/state"); }
  Result<TakenOver> take_over() { return answer_of<Result<TakenOver>>(loop, store->take_over_journals()); }

  // The writer does nothing more until the test lets it go.
  void hold_writer() {
    auto held = store->write<bool>([opened = opened](Tables&) -> Result<bool> {
      opened.wait();
      return true;
    });
  }
  void release_writer() {
    if (!std::exchange(is_released, true)) gate.set_value();
  }

  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  bool is_released = false;
};

TEST_F(NotedTurn, is_seen_by_the_next_read) {
  for (int i = 0; i < 50; ++i) {
    const std::string name = std::to_string(i);
    ASSERT_TRUE(note(name));
    ASSERT_TRUE(is_read(name)) << name;
  }
}

TEST_F(NotedTurn, is_seen_by_the_next_unit_that_is_written) {
  ASSERT_TRUE(note("t"));
  EXPECT_TRUE(written<bool>([](Tables& tables) { return is_there(tables, "t"); }));
}

// Reads that were asked for while others wait are answered in their order, each after what was noted before it.
TEST_F(NotedTurn, is_seen_by_each_read_that_is_asked_for_after_it) {
  hold_writer();
  std::vector<std::string> answers;
  TaskScope scope;
  for (int i = 0; i < 20; ++i) {
    const std::string name = std::to_string(i);
    ASSERT_TRUE(note(name));
    scope.spawn(deliver<Result<bool>>(
        store->read<bool>([name](Tables& tables) { return is_there(tables, name); }),
        [&answers](Result<bool> there) { answers.push_back(there.ok() && there.value() ? "there" : "not there"); }));
  }
  release_writer();
  run_until([&] { return answers.size() == 20; });
  EXPECT_THAT(answers, testing::Each("there"));
}

TEST_F(NotedTurn, gets_into_the_tables_by_itself) {
  ASSERT_TRUE(note("t"));
  run_until([this] { return is_stored("t"); });
}

TEST_F(NotedTurn, is_not_in_the_tables_before_the_writer_has_it) {
  hold_writer();
  ASSERT_TRUE(note("t"));
  EXPECT_FALSE(is_stored("t"));
  EXPECT_THAT(journals(), SizeIs(1));
}

TEST_F(NotedTurn, shares_its_commit_with_others) {
  const std::int64_t before = store->health().commits;
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(note(std::to_string(i)));
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(is_read(std::to_string(i))) << i;
  EXPECT_LE(store->health().commits - before, 300 / static_cast<std::int64_t>(limits::store_noted_max) + 1);
  expect_whole_turns(database_path());
}

TEST_F(NotedTurn, that_was_stored_as_it_went_is_ended) {
  const TurnRow turn = turn_named("t");
  written<bool>([&turn](Tables& tables) -> Result<bool> {
    TRY(tables.sessions.get_or_create(turn.session.key, "main", 100, turn.session.session_id));
    TRY(tables.runs.accept(turn.run));
    TRY(tables.runs.start("t", 110));
    TRY(tables.entries.append(turn.question));
    return true;
  });
  ASSERT_TRUE(note_in(*store, turn));
  EXPECT_TRUE(is_read("t"));
}

// Its neighbours of the commit do not wait for it, and it stays in the journal until there is a place for it.
TEST_F(NotedTurn, that_the_tables_do_not_take_is_given_to_them_again) {
  written<bool>([](Tables& tables) -> Result<bool> {
    EntryRow in_the_way = entry_of("session-of-t", "{}");
    in_the_way.seq = 2;
    TRY(tables.entries.add(in_the_way));
    return true;
  });
  for (const char* name : {"a", "t", "b"}) ASSERT_TRUE(note(name));
  EXPECT_TRUE(is_read("a"));
  EXPECT_FALSE(is_read("t"));
  EXPECT_TRUE(is_read("b"));
  written<std::int64_t>([](Tables& tables) { return tables.entries.remove_all("session-of-t"); });
  run_until([this] { return is_stored("t"); });
  EXPECT_TRUE(is_read("t"));
  store.reset();
  EXPECT_THAT(journals(), IsEmpty());
  expect_whole_turns(database_path());
}

TEST_F(NotedTurn, is_stored_when_the_store_is_closed) {
  hold_writer();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(note(std::to_string(i)));
  release_writer();
  store.reset();
  EXPECT_THAT(journals(), IsEmpty());
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(is_stored(std::to_string(i))) << i;
  expect_whole_turns(database_path());
}

TEST_F(NotedTurn, leaves_a_journal_that_goes_with_the_store) {
  ASSERT_TRUE(note("t"));
  ASSERT_TRUE(is_read("t"));
  EXPECT_THAT(journals(), SizeIs(1));
  store.reset();
  EXPECT_THAT(journals(), IsEmpty());
}

TEST_F(NotedTurn, needs_a_journal_that_has_room) {
  hold_writer();
  TurnRow large = turn_named("0");
  large.question.body = std::string(200'000, 'x');
  int noted = 0;
  while (noted < 100 && note_in(*store, large)) {
    large = turn_named(std::to_string(++noted));
    large.question.body = std::string(200'000, 'x');
  }
  EXPECT_EQ(noted, 10);
  EXPECT_TRUE(note("small"));  // There is room for that yet.
  release_writer();
  for (int i = 0; i < noted; ++i) ASSERT_TRUE(is_read(std::to_string(i))) << i;
  EXPECT_TRUE(note_in(*store, large));
  EXPECT_TRUE(is_read(std::to_string(noted)));
  EXPECT_TRUE(is_read("small"));
}

TEST_F(NotedTurn, may_be_too_large_to_be_one) {
  TurnRow turn = turn_named("t");
  turn.question.body = std::string(limits::journal_record_bytes_max, 'x');
  EXPECT_FALSE(note_in(*store, turn));
  EXPECT_FALSE(is_read("t"));
  EXPECT_TRUE(note("u"));
}

TEST_F(NotedTurn, needs_a_loop) {
  auto without = Store::open(
      {.directory = folder.path(), .post = [this](std::function<void()> work) { loop.post(std::move(work)); }});
  EXPECT_FALSE(note_in(*without.value(), turn_named("t")));
}

TEST_F(NotedTurn, of_a_living_store_is_not_taken_over) {
  hold_writer();
  ASSERT_TRUE(note("t"));
  auto second = open_store();
  auto taking = second->take_over_journals();
  release_writer();  // The lock of the database is the other's until then.
  EXPECT_EQ(answer_of<Result<TakenOver>>(loop, std::move(taking)).value().turns, 0u);
  EXPECT_TRUE(is_read("t"));
}

// What a process that was killed leaves, made by hand.
class LeftTurns : public NotedTurn {
 protected:
  void leave(const std::vector<std::string>& records) {
    const auto journal = Journal::create(folder.path() + "/state").value();
    for (const std::string& record : records) ASSERT_GT(journal->append(record), 0u);
  }
  static std::string record_named(const std::string& name) { return record_of(turn_named(name)); }
};

TEST_F(LeftTurns, are_taken_over_with_their_journal) {
  leave({record_named("a"), record_named("b")});
  leave({record_named("c")});
  EXPECT_EQ(take_over().value().turns, 3u);
  for (const char* name : {"a", "b", "c"}) EXPECT_TRUE(is_read(name)) << name;
  EXPECT_THAT(journals(), IsEmpty());
  EXPECT_EQ(take_over().value().turns, 0u);
}

TEST_F(LeftTurns, that_the_tables_have_already_change_nothing) {
  ASSERT_TRUE(note("a"));
  ASSERT_TRUE(is_read("a"));
  leave({record_named("a"), record_named("b"), record_named("b")});
  EXPECT_TRUE(take_over().ok());
  EXPECT_TRUE(is_read("b"));
  expect_whole_turns(database_path());
}

TEST_F(LeftTurns, are_not_looked_for_in_files_of_another_form) {
  std::ofstream(folder.path() + "/state/journal-other") << "something else";
  leave({record_named("a")});
  const TakenOver taken = take_over().value();
  EXPECT_EQ(taken.turns, 1u);
  EXPECT_THAT(taken.problems, testing::ElementsAre(testing::HasSubstr("journal-other is no journal")));
  EXPECT_THAT(journals(), SizeIs(1));
}

TEST_F(NotedTurn, goes_into_another_journal_when_somebody_has_removed_it) {
  ASSERT_TRUE(note("a"));
  std::filesystem::remove(journals().at(0));
  EXPECT_FALSE(note("b"));
  ASSERT_TRUE(is_read("a"));
  EXPECT_TRUE(note("c"));
  EXPECT_THAT(journals(), SizeIs(1));
}

TEST_F(LeftTurns, that_cannot_be_read_are_told_and_stay_and_the_others_are_stored) {
  leave({record_named("a"), "no turn", record_named("b")});
  const std::string unreadable = journals().at(0);
  leave({record_named("c")});
  EXPECT_THAT(take_over().value().problems, testing::ElementsAre(testing::HasSubstr(unreadable)));
  for (const char* name : {"a", "b", "c"}) EXPECT_TRUE(is_read(name)) << name;
  EXPECT_THAT(journals(), testing::ElementsAre(unreadable));
  EXPECT_THAT(take_over().value().problems, SizeIs(1));
  expect_whole_turns(database_path());
}

class NotedOnAFailingDisk : public LeftTurns {
 protected:
  NotedOnAFailingDisk() {
    store.reset();
    disk.emplace();
    store = open_store();
    written<SessionRow>([](Tables& tables) { return tables.sessions.get_or_create("before", "main", 1); });
  }
  ~NotedOnAFailingDisk() override {
    release_writer();
    store.reset();
  }
  bool is_writable() {
    return write<SessionRow>([](Tables& tables) { return tables.sessions.get_or_create(random_uuid(), "main", 1); })
        .ok();
  }

  std::optional<FaultyDisk> disk;
};

TEST_F(NotedOnAFailingDisk, are_none_while_it_is_known_to_fail) {
  disk->full = true;
  ASSERT_FALSE(is_writable());
  EXPECT_FALSE(note("t"));
  disk->full = false;
  ASSERT_TRUE(is_writable());
  EXPECT_TRUE(note("t"));
  EXPECT_TRUE(is_read("t"));
}

TEST_F(NotedOnAFailingDisk, wait_until_it_takes_writes_again) {
  ASSERT_TRUE(note("t"));
  disk->full = true;
  EXPECT_FALSE(is_read("t"));  // Answered all the same.
  EXPECT_FALSE(store->health().writable);
  EXPECT_FALSE(note("u"));
  EXPECT_TRUE(read<std::optional<SessionRow>>([](Tables& tables) { return tables.sessions.find("before"); }).value());
  disk->full = false;
  run_until([this] { return is_stored("t"); });            // Nobody asks.
  run_until([this] { return store->health().writable; });  // When it is on the disk.
  EXPECT_TRUE(note("u"));
  EXPECT_TRUE(is_read("u"));
  store.reset();
  EXPECT_THAT(journals(), IsEmpty());
}

TEST_F(NotedOnAFailingDisk, go_before_what_comes_later_once_it_takes_writes_again) {
  ASSERT_TRUE(note("early"));
  disk->full = true;
  ASSERT_FALSE(is_read("early"));
  disk->full = false;
  ASSERT_TRUE(is_writable());
  ASSERT_TRUE(note("late"));
  EXPECT_TRUE(is_read("late"));
  EXPECT_TRUE(is_stored("early"));
}

TEST_F(NotedOnAFailingDisk, are_left_to_the_next_process_when_it_fails_to_the_end) {
  for (const char* name : {"a", "b"}) ASSERT_TRUE(note(name));
  disk->full = true;
  store.reset();
  EXPECT_THAT(journals(), SizeIs(1));
  disk->full = false;
  store = open_store();
  EXPECT_FALSE(is_read("a"));
  EXPECT_EQ(take_over().value().turns, 2u);
  for (const char* name : {"a", "b"}) EXPECT_TRUE(is_read(name)) << name;
  EXPECT_THAT(journals(), IsEmpty());
}

TEST_F(NotedOnAFailingDisk, are_not_lost_when_it_refuses_who_takes_them_over) {
  leave({record_named("a")});
  disk->full = true;
  EXPECT_THAT(take_over(), FailsWith(ErrorCode::storage));
  EXPECT_THAT(journals(), SizeIs(1));
  disk->full = false;
  EXPECT_EQ(take_over().value().turns, 1u);
  EXPECT_TRUE(is_read("a"));
  EXPECT_THAT(journals(), IsEmpty());
}

}  // namespace
}  // namespace omenia::state
