// A write that is only to be logged is answered without a sync. The sync follows by itself, in quiet and in busy times,
// and its failure is known to the writes after it.
#include <filesystem>

#include "shared/base/clock.h"
#include "shared/base/limits.h"
#include "tests/unit/state/faulty_disk.h"
#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

constexpr std::int64_t patience_ms = 20'000;

class LoggedWrite : public testing::Test {
 protected:
  LoggedWrite() {
    auto opened =
        Store::open({.directory = folder.path(),
                     .post = [this](std::function<void()> work) { loop.post(std::move(work)); },
                     .health_changed = [this](const StoreHealth& health) { told.push_back(health.writable); }});
    store = std::move(opened).value();
    EXPECT_TRUE(create("before", Durability::synced).ok());
  }
  Pending<Result<SessionRow>> begin(const std::string& key, Durability durability) {
    return store->write<SessionRow>([key](Tables& tables) { return tables.sessions.get_or_create(key, "main", 1); },
                                    durability);
  }
  Result<SessionRow> create(const std::string& key, Durability durability) {
    return answer_of<Result<SessionRow>>(loop, begin(key, durability));
  }
  Result<std::int64_t> count() {
    return answer_of<Result<std::int64_t>>(
        loop, store->read<std::int64_t>([](Tables& tables) { return tables.sessions.count(""); }));
  }
  // Runs the loop until it is so, or for much longer than it takes.
  bool comes_true(const std::function<bool()>& condition, std::int64_t within_ms = patience_ms) {
    const std::int64_t end_ms = steady_ms() + within_ms;
    Timer look(loop, [&] {
      if (condition() || steady_ms() > end_ms) loop.stop();
    });
    look.start_repeating(1);
    loop.run();
    return condition();
  }

  TempFolder folder;
  FaultyDisk disk;
  Loop loop;
  std::vector<bool> told;
  std::unique_ptr<Store> store;
};

TEST_F(LoggedWrite, IsAnsweredWithoutTheSyncThatFollows) {
  disk.syncs_fail = true;  // None is waited for, so none can fail it.
  EXPECT_TRUE(create("logged", Durability::logged).ok());
  EXPECT_EQ(count().value(), 2);
}

TEST_F(LoggedWrite, IsSyncedWhenNothingElseIsToDo) {
  const std::int64_t before = disk.sync_count;
  ASSERT_TRUE(create("logged", Durability::logged).ok());
  EXPECT_TRUE(comes_true([&] { return disk.sync_count > before; }));
}

TEST_F(LoggedWrite, IsSyncedAtTheEndOfTheStore) {
  TempFolder after;
  std::filesystem::create_directory(after.path() + "/state");
  disk.keep_synced_in(after.path() + "/state");
  ASSERT_TRUE(create("logged", Durability::logged).ok());
  store.reset();
  auto database = Database::open(after.path() + "/state/OmeniaClaw.sqlite", Database::Access::write).value();
  EXPECT_TRUE(Sessions(*database).find("logged").value().has_value());
}

Task<void> keep_creating(Store* store, std::function<bool(const SessionRow&)> goes_on) {
  for (int i = 0;; ++i) {
    auto pending = store->write<SessionRow>(
        [i](Tables& tables) { return tables.sessions.get_or_create(std::to_string(i), "main", 1); },
        Durability::logged);
    const Result<SessionRow> row = co_await std::move(pending);
    if (!row.ok() || !goes_on(row.value())) co_return;
  }
}

TEST_F(LoggedWrite, IsSyncedAlsoWhenTheWriterIsNeverIdle) {
  const std::int64_t before = disk.sync_count;
  const std::int64_t end_ms = steady_ms() + patience_ms;
  TaskScope scope;
  scope.spawn(keep_creating(store.get(), [&](const SessionRow&) {
    if (disk.sync_count < before + 3 && steady_ms() < end_ms) return true;
    loop.stop();
    return false;
  }));
  loop.run();
  EXPECT_GE(disk.sync_count, before + 3);
}

TEST_F(LoggedWrite, WhoseSyncFailedIsSavedBeforeTheNextWrite) {
  disk.syncs_fail = true;
  ASSERT_TRUE(create("logged", Durability::logged).ok());
  EXPECT_TRUE(comes_true([&] { return !told.empty(); }));
  EXPECT_FALSE(store->health().writable);
  EXPECT_THAT(store->health().cause, testing::HasSubstr("reading or writing failed"));
  EXPECT_THAT(create("refused", Durability::logged), FailsWith(ErrorCode::storage));

  disk.syncs_fail = false;
  EXPECT_TRUE(create("after", Durability::synced).ok());
  EXPECT_EQ(count().value(), 3);
  EXPECT_THAT(told, testing::ElementsAre(false, true));
  store.reset();
  EXPECT_EQ(integrity_of(folder.path() + "/state/OmeniaClaw.sqlite"), "ok");
}

TEST_F(LoggedWrite, TellsThatTheDiskIsWellAgain) {
  disk.full = true;
  EXPECT_THAT(create("refused", Durability::logged), FailsWith(ErrorCode::storage));
  EXPECT_FALSE(store->health().writable);
  disk.full = false;
  EXPECT_TRUE(create("after", Durability::logged).ok());
  EXPECT_TRUE(comes_true([&] { return store->health().writable; })) << "its sync came through";
}

TEST_F(LoggedWrite, OfBeforeIsNoProofForADiskThatFailedSince) {
  ASSERT_TRUE(create("logged", Durability::logged).ok());
  disk.full = true;
  EXPECT_THAT(create("refused", Durability::synced), FailsWith(ErrorCode::storage));
  EXPECT_FALSE(comes_true([&] { return store->health().writable; }, std::int64_t{10} * limits::store_idle_ms));
}

TEST_F(LoggedWrite, ThatFailsLeavesNothingAndTakesNobodyAlong) {
  auto failing = answer_of<Result<bool>>(loop, store->write<bool>(
                                                   [](Tables& tables) -> Result<bool> {
                                                     TRY(tables.sessions.get_or_create("undone", "main", 1));
                                                     return fail(ErrorCode::invalid_request, "no");
                                                   },
                                                   Durability::logged));
  EXPECT_THAT(failing, FailsWith(ErrorCode::invalid_request));
  EXPECT_EQ(count().value(), 1);
  EXPECT_TRUE(create("after", Durability::logged).ok());
  EXPECT_EQ(count().value(), 2);
}

}  // namespace
}  // namespace omenia::state
