// The log: a commit's frames reach the system together, and nothing is lost or mixed up on the way: in transactions of
// many pages, in those that are undone, beside another writer, and when the log has grown long.
#include <filesystem>

#include "shared/base/limits.h"
#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

class TheLog : public StoreTest {
 protected:
  // A page each; from some hundred on more than a connection that may spill would keep in memory.
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

TEST_F(TheLog, TakesATransactionOfManyPages) {
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

Result<void> add_entries(Database& database, const std::string& key, int count) {
  TRY_ASSIGN(const SessionRow session, Sessions(database).get_or_create(key, "main", 1));
  for (int i = 0; i < count; ++i)
    TRY(Entries(database).append(entry_of(session.session_id, "\"" + std::string(4'000, 'x') + "\"")));
  return {};
}

// Two workers of a swap: what one has undone never comes to stand over what the other has committed since.
TEST(TheLogOfTwo, HasWhatBothHaveCommitted) {
  constexpr int commits = 30;
  for (const int undone_pages : {100, 130, 150, 160, 175}) {
    TempFolder folder;
    const std::string path = folder.path() + "/test.sqlite";
    auto one = migrated_database(path);
    auto other = Database::open(path, Database::Access::write).value();
    ASSERT_TRUE(one->empty_log().ok());
    const auto undone = one->transaction("BEGIN IMMEDIATE", [&]() -> Result<void> {
      TRY(add_entries(*one, "undone", undone_pages));
      return fail(ErrorCode::invalid_request, "no");
    });
    EXPECT_FALSE(undone.ok());
    for (int i = 0; i < commits; ++i)
      ASSERT_TRUE(
          other->transaction("BEGIN IMMEDIATE", [&] { return add_entries(*other, std::to_string(i), 1); }).ok());
    EXPECT_EQ(one->number("SELECT count(*) FROM entries").value(), commits);
    ASSERT_TRUE(one->transaction("BEGIN IMMEDIATE", [&] { return add_entries(*one, "mine", 1); }).ok());
    one.reset();
    EXPECT_EQ(other->number("SELECT count(*) FROM entries").value(), commits + 1) << undone_pages;
    other.reset();
    EXPECT_EQ(integrity_of(path), "ok") << undone_pages;
  }
}

}  // namespace
}  // namespace omenia::state
