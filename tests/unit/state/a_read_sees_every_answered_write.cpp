// The reader: sees what was answered, nothing half done, and cannot write.

#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

using Reading = StoreTest;

TEST_F(Reading, sees_each_write_that_was_answered) {
  const Unit<SessionRow> create = [](Tables& tables) { return tables.sessions.get_or_create("k", "main", 1); };
  const std::string id = written<SessionRow>(create).session_id;
  for (std::int64_t i = 1; i <= 200; ++i) {
    written<EntryRow>([&](Tables& tables) { return tables.entries.append(entry_of(id, "{}")); });
    ASSERT_EQ(read<std::int64_t>([&](Tables& tables) { return tables.entries.count(id); }).value(), i);
  }
}

TEST_F(Reading, cannot_write) {
  const auto refused = read<SessionRow>([](Tables& tables) { return tables.sessions.get_or_create("k", "main", 1); });
  EXPECT_THAT(refused, FailsWith(ErrorCode::storage));
  EXPECT_FALSE(read<std::optional<SessionRow>>([](Tables& tables) { return tables.sessions.find("k"); }).value());
  EXPECT_TRUE(store->health().writable);
}

TEST_F(Reading, is_one_snapshot_for_a_unit) {
  written<SessionRow>([](Tables& tables) { return tables.sessions.get_or_create("a", "main", 1); });
  const Unit<bool> unit = [this](Tables& tables) -> Result<bool> {
    TRY_ASSIGN(const std::int64_t before, tables.sessions.count(""));
    // Another writer commits between the two looks.
    auto other = Database::open(database_path(), Database::Access::write).value();
    TRY(Sessions(*other).get_or_create("b", "main", 1));
    TRY_ASSIGN(const std::int64_t after, tables.sessions.count(""));
    return before == after;
  };
  EXPECT_TRUE(read<bool>(unit).value());
  EXPECT_EQ(read<std::int64_t>([](Tables& tables) { return tables.sessions.count(""); }).value(), 2);
}

TEST_F(Reading, passes_on_the_error_of_its_unit) {
  const auto failed = read<bool>([](Tables&) -> Result<bool> { return fail(ErrorCode::not_found, "Not here."); });
  EXPECT_THAT(failed, FailsWith(ErrorCode::not_found));
}

}  // namespace
}  // namespace omenia::state
