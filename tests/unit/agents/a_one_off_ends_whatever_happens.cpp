// One-offs of a worker that drains or dies, and of one that can store nothing.
#include "tests/unit/agents/one_off_fixture.h"

namespace omenia::test {
namespace {

using agents::RunOutcome;
using agents::RunStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t long_ms = 600'000;

class EndOfAOneOff : public OneOffTest {
 protected:
  void drain(std::int64_t deadline_ms) {
    runs->stop_all_after(deadline_ms);
    runs->drain([this] { ++drained; });
  }
  static std::vector<std::string> journals_in(const std::string& directory) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory + "/state"))
      if (const std::string name = entry.path().filename(); name.starts_with("journal-")) names.push_back(name);
    return names;
  }

  int drained = 0;
};

// The worker that comes after it looks there, and only there.
TEST_F(EndOfAOneOff, OfADrainingWorkerIsInTheTablesWhenItIsTold) {
  start_asked("r1");
  drain(long_ms);
  auto end = runs->end_of("r1");
  model.release_all();
  EXPECT_EQ(run(as_task(std::move(*end)))->status, RunStatus::done);
  EXPECT_EQ(status_for_others("r1"), "done");
  run_until([&] { return drained > 0; });
  EXPECT_EQ(drained, 1);
  EXPECT_EQ(transcript(key_of("r1")).size(), 2u);
}

TEST_F(EndOfAOneOff, AtTheDeadlineOfADrainIsThatItWasInterrupted) {
  start_asked("r1");
  auto end = runs->end_of("r1");
  drain(0);
  const auto outcome = run(as_task(std::move(*end)));
  EXPECT_EQ(outcome->status, RunStatus::interrupted);
  EXPECT_EQ(outcome->text, "a part");
  EXPECT_EQ(outcome->error->code, ErrorCode::run_interrupted);
  EXPECT_EQ(status_for_others("r1"), "interrupted");
  run_until([&] { return drained > 0; });
}

// Its answer was all that would have acknowledged it: who asked is told, and nobody takes it up.
TEST_F(EndOfAOneOff, AtTheDeadlineOfOneThatWaitsLeavesNothing) {
  let_one_run_at_once();
  start_asked("r0");
  accepted(own("r1"));
  auto end = runs->end_of("r1");
  drain(0);
  const auto outcome = run(as_task(std::move(*end)));
  EXPECT_EQ(outcome->status, RunStatus::interrupted);
  run_until([&] { return drained > 0; });
  EXPECT_TRUE(asker->has_seen("r1 ended interrupted"));
  EXPECT_EQ(status_of("r1"), "no such run");
  EXPECT_FALSE(session(key_of("r1")));
}

TEST_F(EndOfAOneOff, ThatWasNotedIsFoundByTheNextWorker) {
  hold_store();
  const auto outcome = finished(own("r1"));
  ASSERT_EQ(status_for_others("r1"), "no such run");
  next_worker_after_a_crash();
  const auto row = row_of("r1");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->status, "done");
  EXPECT_EQ(row->result, outcome->to_json());
  EXPECT_THAT(transcript(key_of("r1")), ElementsAre(HasSubstr("hello"), HasSubstr("re: hello")));
  EXPECT_EQ(session(key_of("r1"))->last_run_id, "r1");
  EXPECT_THAT(journals_in(crashed.path()), IsEmpty());
  EXPECT_THAT(witness.told, IsEmpty());
  EXPECT_EQ(model.asked(), 1u);
  EXPECT_EQ(runs->active(), 0u);
}

// Others know of it: they find it in the tables when they are told.
TEST_F(EndOfAOneOff, ThatWasStoredAsItWentIsWrittenBeforeItIsTold) {
  start_revealed("r1");
  hold_store();
  auto end = runs->end_of("r1");
  model.release_all();
  run_what_is_due();
  EXPECT_FALSE(witness.has_seen("r1 ended done"));
  release_store();
  EXPECT_EQ(run(as_task(std::move(*end)))->status, RunStatus::done);
  EXPECT_EQ(status_for_others("r1"), "done");
  EXPECT_EQ(witness.told.back(), "r1 ended done");
}

TEST_F(EndOfAOneOff, OfADeadWorkersRunThatWasStoredAsItWentIsThatItWasInterrupted) {
  start_revealed("r1");
  next_worker_after_a_crash();
  EXPECT_EQ(status_of("r1"), "interrupted");
  EXPECT_EQ(RunOutcome::from_json(row_of("r1")->result).value().error->code, ErrorCode::run_interrupted);
  EXPECT_EQ(transcript(key_of("r1")).size(), 2u);
  EXPECT_THAT(witness.told, testing::Contains("r1 ended interrupted"));
  EXPECT_EQ(model.asked(), 1u);
}

TEST_F(EndOfAOneOff, OfADeadWorkersRunThatWasNotStoredIsNone) {
  hold_store();
  start_asked("r1");
  next_worker_after_a_crash();
  EXPECT_EQ(status_of("r1"), "no such run");
  EXPECT_FALSE(session(key_of("r1")));
  EXPECT_THAT(witness.told, IsEmpty());
}

TEST_F(EndOfAOneOff, OfAWorkerThatGoesInOrderIsInTheTables) {
  finished(own("r1"));
  begin_worker(2);
  EXPECT_EQ(status_of("r1"), "done");
  EXPECT_THAT(journals_in(folder.path()), IsEmpty());
}

TEST_F(EndOfAOneOff, ThatIsTooLargeForTheJournalIsWritten) {
  hold_store();
  accepted(own("r1", std::string(limits::journal_record_bytes_max, 'x')));
  run_until([&] { return asker->told.size() > 1; });
  EXPECT_THAT(witness.told, IsEmpty());
  auto end = runs->end_of("r1");
  release_store();
  EXPECT_EQ(run(as_task(std::move(*end)))->status, RunStatus::done);
  EXPECT_EQ(status_for_others("r1"), "done");
  EXPECT_EQ(transcript(key_of("r1")).size(), 2u);
  EXPECT_EQ(witness.told.front(), "r1 preparing preparing_context");
  EXPECT_EQ(witness.told.back(), "r1 ended done");
}

TEST_F(EndOfAOneOff, ForWhichTheJournalHasNoRoomWaitsForTheStore) {
  constexpr int count = 18;  // Larger together than the journal.
  hold_store();
  for (int i = 0; i < count; ++i) accepted(own("r" + std::to_string(i), std::string(40'000, 'x')));
  run_until([&] { return model.asked() == count && runs->active() < count / 2; });
  EXPECT_GT(runs->active(), 0u);
  release_store();
  run_until([&] { return runs->active() == 0; });
  for (int i = 0; i < count; ++i) EXPECT_EQ(status_of("r" + std::to_string(i)), "done") << i;
  EXPECT_EQ(finished(own("after"))->status, RunStatus::done);
  EXPECT_EQ(status_of("after"), "done");
}

// Its beginning was still on its way to the store when the store had no room for its end: nobody would hear of that.
TEST_F(EndOfAOneOff, ThatCannotBeStoredIsNotFollowedByABeginning) {
  hold_store();
  model.hold();
  accepted(own("r1", std::string(limits::journal_record_bytes_max, 'x')));
  bool has_lasted = false;
  Timer lasts(loop, [&] { has_lasted = true; });
  lasts.start(2 * limits::turn_unstored_ms);
  run_until([&] { return has_lasted && asker->has_seen("r1 text a part"); });
  for (std::size_t i = 0; i < limits::store_queue_max; ++i)
    auto filling = store->write<bool>([](state::Tables&) { return Result<bool>(true); });
  auto end = runs->end_of("r1");
  model.release_all();
  EXPECT_EQ(run(as_task(std::move(*end)))->error->code, ErrorCode::unavailable);
  release_store();
  run_until([&] { return status_for_others("r1") == "running"; });  // The next worker ends it.
  ASSERT_TRUE(run(as_task(store->write<bool>([](state::Tables&) { return Result<bool>(true); }))).ok());
  EXPECT_THAT(witness.told, IsEmpty());
}

TEST_F(EndOfAOneOff, ThatCannotBeStoredIsAFailure) {
  std::filesystem::remove_all(folder / "state");
  const auto outcome = finished(own("r1"));
  EXPECT_EQ(outcome->status, RunStatus::failed);
  ASSERT_TRUE(outcome->error);
  EXPECT_EQ(outcome->error->code, ErrorCode::storage);
  EXPECT_THAT(asker->told, ElementsAre("r1 model mock/m-1", "r1 text re: hello", "r1 ended failed"));
  EXPECT_THAT(witness.told, IsEmpty());
  EXPECT_EQ(runs->active(), 0u);
}

TEST_F(EndOfAOneOff, ThatCannotBeStoredIsAFailureOfARunThatWasToldToo) {
  start_revealed("r1");
  std::filesystem::remove_all(folder / "state");
  auto end = runs->end_of("r1");
  model.release_all();
  EXPECT_EQ(run(as_task(std::move(*end)))->status, RunStatus::failed);
  EXPECT_EQ(witness.told.back(), "r1 ended failed");
}

}  // namespace
}  // namespace omenia::test
