// A full disk, a disk that does not sync, a file that went away: writes are refused in words, reads go on, and writes
// are taken again when the disk takes them.

#include <sqlite3.h>

#include <filesystem>

#include "state/writer.h"
#include "tests/unit/state/faulty_disk.h"
#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

class FailingDisk : public testing::Test {
 protected:
  FailingDisk() {
    auto opened =
        Store::open({.directory = folder.path(),
                     .post = [this](std::function<void()> work) { loop.post(std::move(work)); },
                     .health_changed = [this](const StoreHealth& health) { told.push_back(health.writable); }});
    store = std::move(opened).value();
    EXPECT_TRUE(create("before").ok());
    EXPECT_EQ(count().value(), 1);
  }
  Result<SessionRow> create(const std::string& key) {
    return answer_of<Result<SessionRow>>(loop, store->write<SessionRow>([key](Tables& tables) {
      return tables.sessions.get_or_create(key, "main", 1);
    }));
  }
  Result<std::int64_t> count() {
    return answer_of<Result<std::int64_t>>(
        loop, store->read<std::int64_t>([](Tables& tables) { return tables.sessions.count(""); }));
  }

  TempFolder folder;
  FaultyDisk disk;
  Loop loop;
  std::vector<bool> told;
  std::unique_ptr<Store> store;
};

TEST_F(FailingDisk, that_is_full_refuses_writes_until_there_is_space) {
  disk.full = true;
  const auto refused = create("during");
  ASSERT_THAT(refused, FailsWith(ErrorCode::storage));
  EXPECT_THAT(refused.error().message,
              testing::AllOf(testing::HasSubstr(store->path()), testing::HasSubstr("disk is full")));
  EXPECT_TRUE(refused.error().retry_after_ms.has_value());
  EXPECT_THAT(create("during"), FailsWith(ErrorCode::storage));
  EXPECT_FALSE(store->health().writable);
  EXPECT_THAT(store->health().cause, testing::HasSubstr("disk is full"));
  EXPECT_EQ(count().value(), 1);

  disk.full = false;
  EXPECT_TRUE(create("after").ok());
  EXPECT_TRUE(store->health().writable);
  EXPECT_EQ(store->health().cause, "");
  EXPECT_EQ(count().value(), 2);
  EXPECT_THAT(told, testing::ElementsAre(false, true));
}

TEST_F(FailingDisk, is_not_believed_well_by_a_group_that_wrote_nothing) {
  disk.full = true;
  ASSERT_FALSE(create("during").ok());
  EXPECT_TRUE(create("before").ok());  // Is there already: nothing to write.
  EXPECT_FALSE(store->health().writable);
}

TEST_F(FailingDisk, that_does_not_sync_refuses_writes_until_it_does) {
  disk.syncs_fail = true;
  for (int i = 0; i < 3; ++i) {
    const auto refused = create("during");
    ASSERT_THAT(refused, FailsWith(ErrorCode::storage));
    EXPECT_THAT(refused.error().message, testing::HasSubstr("reading or writing failed"));
  }
  EXPECT_EQ(count().value(), 1);

  disk.syncs_fail = false;
  EXPECT_TRUE(create("after").ok());
  EXPECT_EQ(count().value(), 2);
  EXPECT_THAT(told, testing::ElementsAre(false, true));
  store.reset();
  EXPECT_EQ(integrity_of(folder.path() + "/state/OmeniaClaw.sqlite"), "ok");
}

// The frames of a refused group stand whole in the log, where the recovery after a crash would find them. The first
// unit that is run after it, even one that writes nothing, has them gone.
TEST_F(FailingDisk, does_not_bring_back_a_refused_group) {
  disk.syncs_fail = true;
  ASSERT_FALSE(create("refused").ok());
  disk.syncs_fail = false;
  ASSERT_TRUE(create("before").ok());

  TempFolder crashed;  // What a process that dies now leaves behind.
  std::filesystem::copy(folder.path() + "/state", crashed.path() + "/state");
  std::filesystem::remove(crashed.path() + "/state/OmeniaClaw.sqlite-shm");
  auto recovered = Database::open(crashed.path() + "/state/OmeniaClaw.sqlite", Database::Access::write).value();
  EXPECT_FALSE(Sessions(*recovered).find("refused").value().has_value());
  EXPECT_TRUE(Sessions(*recovered).find("before").value().has_value());
}

TEST_F(FailingDisk, fails_the_whole_group) {
  disk.full = true;
  std::vector<std::string> outcomes;
  TaskScope scope;
  for (int i = 0; i < 50; ++i) {
    scope.spawn(deliver<Result<SessionRow>>(store->write<SessionRow>([i](Tables& tables) {
      return tables.sessions.get_or_create("s" + std::to_string(i), "main", 1);
    }),
                                            [&](Result<SessionRow> result) {
                                              outcomes.push_back(result.ok() ? "ok" : "refused");
                                              if (outcomes.size() == 50) loop.stop();
                                            }));
  }
  loop.run();
  EXPECT_THAT(outcomes, testing::Each("refused"));
  EXPECT_EQ(count().value(), 1);
}

TEST_F(FailingDisk, whose_file_was_deleted_refuses_writes) {
  std::filesystem::remove_all(folder.path() + "/state");
  const auto refused = create("lost");
  ASSERT_THAT(refused, FailsWith(ErrorCode::storage));
  EXPECT_THAT(refused.error().message, testing::HasSubstr("moved or deleted"));
  EXPECT_FALSE(store->health().writable);
}

// SQLite undoes the whole transaction when one statement finds the disk full.
TEST(FullInTheMiddle, of_a_group_fails_the_group) {
  TempFolder folder;
  auto database = migrated_database(folder.path() + "/test.sqlite");
  ASSERT_TRUE(database->run("PRAGMA max_page_count = 80").ok());
  Writer writer(std::move(database));
  int run_count = 0;
  const Job job{[&run_count](Tables& tables) {
                  const std::string key = std::to_string(++run_count);
                  return tables.idempotency.remember("m", key, std::string(20'000, 'x'), 1).ok();
                },
                nullptr};
  const Result<void> outcome = writer.commit(std::vector<Job>(30, job));
  ASSERT_THAT(outcome, FailsWith(ErrorCode::storage));
  EXPECT_THAT(outcome.error().message, testing::HasSubstr("disk is full"));
  EXPECT_FALSE(writer.health().writable);
  EXPECT_GT(run_count, 1);
  EXPECT_LT(run_count, 30);
  auto reading = Database::open(folder.path() + "/test.sqlite", Database::Access::read).value();
  EXPECT_EQ(reading->number("SELECT count(*) FROM idempotency").value(), 0);
}

TEST(ALock, that_another_process_keeps_is_told_and_is_not_the_disks_fault) {
  TempFolder folder;
  const std::string path = folder.path() + "/test.sqlite";
  auto other = migrated_database(path);
  Writer writer(Database::open(path, Database::Access::write, 20).value());
  ASSERT_TRUE(other->run("BEGIN IMMEDIATE").ok());
  const Result<void> outcome = writer.commit({Job{[](Tables&) { return true; }, nullptr}});
  ASSERT_THAT(outcome, FailsWith(ErrorCode::storage));
  EXPECT_THAT(outcome.error().message, testing::HasSubstr("locked"));
  EXPECT_TRUE(writer.health().writable);
}

TEST(ADamagedFile, is_named_with_what_to_do) {
  const DatabaseFailure failure = database_failure("/x/y.sqlite", SQLITE_CORRUPT, "malformed", 0);
  EXPECT_EQ(failure.error.code, ErrorCode::storage);
  EXPECT_THAT(failure.error.message, testing::AllOf(testing::HasSubstr("/x/y.sqlite"), testing::HasSubstr("damaged"),
                                                    testing::HasSubstr("backup")));
}

}  // namespace
}  // namespace omenia::state
