// The log: a commit's frames reach the system together, and nothing is lost or mixed up on the way: in transactions
// that do not fit into memory, that are undone, that write a page twice, and when the log has grown long.
#include <filesystem>

#include "shared/base/limits.h"
#include "state/writer.h"
#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

class TheLog : public StoreTest {
 protected:
  // More than fits into the connection's memory: frames are written, read again and written anew before the commit.
  static Result<bool> add_many(Tables& tables, const std::string& key, int count) {
    TRY_ASSIGN(const SessionRow session, tables.sessions.get_or_create(key, "main", 1));
    for (int i = 0; i < count; ++i)
      TRY(tables.entries.append(entry_of(session.session_id, "\"" + std::string(4'000, 'x') + "\"")));
    return true;
  }
  std::int64_t entries_of(const std::string& key) {
    return read<std::int64_t>([key](Tables& tables) -> Result<std::int64_t> {
             TRY_ASSIGN(const auto session, tables.sessions.find(key));
             return session ? tables.entries.count(session->session_id) : Result<std::int64_t>(0);
           })
        .value();
  }
  std::uintmax_t log_bytes() const { return std::filesystem::file_size(database_path() + "-wal"); }
};

TEST_F(TheLog, TakesATransactionThatDoesNotFitIntoMemory) {
  EXPECT_TRUE(written<bool>([](Tables& tables) { return add_many(tables, "a", 1'000); }));
  EXPECT_EQ(entries_of("a"), 1'000);
  EXPECT_TRUE(written<bool>([](Tables& tables) { return add_many(tables, "b", 300); }));
  store.reset();
  EXPECT_EQ(integrity_of(database_path()), "ok");
}

TEST_F(TheLog, ForgetsOneThatIsUndone) {
  const auto undone = write<bool>([](Tables& tables) -> Result<bool> {
    TRY(add_many(tables, "a", 1'000));
    return fail(ErrorCode::invalid_request, "no");
  });
  EXPECT_THAT(undone, FailsWith(ErrorCode::invalid_request));
  EXPECT_EQ(entries_of("a"), 0);
  EXPECT_TRUE(written<bool>([](Tables& tables) { return add_many(tables, "b", 3); }));
  EXPECT_EQ(entries_of("b"), 3);
  store.reset();
  EXPECT_EQ(integrity_of(database_path()), "ok");
}

// Two workers of a swap: what one has undone never comes to stand over what the other has committed since.
TEST_F(TheLog, OfTwoWritersHasWhatBothHaveCommitted) {
  reopen();  // Begins the log anew.
  auto other = open_store();
  const auto undone = write<bool>([](Tables& tables) -> Result<bool> {
    TRY(add_many(tables, "undone", 150));
    return fail(ErrorCode::invalid_request, "no");
  });
  EXPECT_FALSE(undone.ok());
  for (int i = 0; i < 30; ++i) {
    const std::string key = "other-" + std::to_string(i);
    ASSERT_TRUE(answer_of<Result<bool>>(loop, other->write<bool>([key](Tables& tables) {
                  return add_many(tables, key, 1);
                })).ok());
  }
  EXPECT_TRUE(written<bool>([](Tables& tables) { return add_many(tables, "mine", 1); }));
  for (int i = 0; i < 30; ++i) EXPECT_EQ(entries_of("other-" + std::to_string(i)), 1) << i;
  EXPECT_EQ(entries_of("undone"), 0);
  EXPECT_EQ(entries_of("mine"), 1);
  store.reset();
  other.reset();
  EXPECT_EQ(integrity_of(database_path()), "ok");
}

// What another process finds at any moment, and after a crash, is what was committed.
TEST_F(TheLog, IsWholeForOthersAfterEachCommit) {
  for (int i = 0; i < 20; ++i) {
    const int count = i % 5 == 4 ? 400 : 1;
    const std::string key = std::to_string(i);
    ASSERT_TRUE(answer_of<Result<bool>>(
                    loop, store->write<bool>([key, count](Tables& tables) { return add_many(tables, key, count); },
                                             i % 2 == 0 ? Durability::logged : Durability::synced))
                    .ok());
    TempFolder crashed;  // The log first: what is moved out of it meanwhile is in it still.
    std::filesystem::create_directory(crashed.path() + "/state");
    for (const char* file : {"/state/OmeniaClaw.sqlite-wal", "/state/OmeniaClaw.sqlite"})
      std::filesystem::copy(folder.path() + file, crashed.path() + file);
    auto recovered = Database::open(crashed.path() + "/state/OmeniaClaw.sqlite", Database::Access::write).value();
    const auto session = Sessions(*recovered).find(key).value();
    ASSERT_TRUE(session.has_value()) << key;
    EXPECT_EQ(Entries(*recovered).count(session->session_id).value(), count);
  }
}

TEST_F(TheLog, StaysBoundedWhenThereIsNoPause) {
  std::uintmax_t longest = 0;
  for (int i = 0; i < 150; ++i) {
    ASSERT_TRUE(
        answer_of<Result<bool>>(
            loop, store->write<bool>([](Tables& tables) { return add_many(tables, "a", 300); }, Durability::logged))
            .ok());
    longest = std::max(longest, log_bytes());
  }
  constexpr std::uintmax_t frame_bytes = 4'096 + 24;
  EXPECT_LT(longest, (2 * limits::store_log_pages_max + 4'000) * frame_bytes);
  EXPECT_EQ(entries_of("a"), 45'000);
  store.reset();
  EXPECT_EQ(integrity_of(database_path()), "ok");
}

}  // namespace
}  // namespace omenia::state
