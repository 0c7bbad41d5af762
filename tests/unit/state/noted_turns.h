#pragma once
// What the tests of noted turns share.

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/state/support.h"

namespace omenia::state {

inline std::vector<std::string> journals_in(const std::string& state_folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(state_folder))
    if (entry.path().filename().string().starts_with("journal-")) paths.push_back(entry.path().string());
  return paths;
}

inline bool note_in(Store& store, TurnRow turn) {
  return store.note(std::make_shared<const TurnRow>(std::move(turn)));
}

inline Result<bool> is_there(Tables& tables, const std::string& name) {
  TRY_ASSIGN(const auto run, tables.runs.find(name));
  if (!run) return false;
  TRY_ASSIGN(const std::int64_t entries, tables.entries.count(run->session_id));
  EXPECT_EQ(run->status, "done") << name;
  EXPECT_EQ(entries, 2) << name;
  return true;
}

// All that is in the tables is whole turns.
inline void expect_whole_turns(const std::string& path) {
  auto database = Database::open(path, Database::Access::write).value();
  const std::int64_t runs = database->number("SELECT count(*) FROM runs WHERE status = 'done'").value();
  EXPECT_EQ(database->number("SELECT count(*) FROM runs").value(), runs);
  EXPECT_EQ(database->number("SELECT count(*) FROM sessions WHERE next_seq = 3").value(), runs);
  EXPECT_EQ(database->number("SELECT count(*) FROM sessions").value(), runs);
  EXPECT_EQ(database->number("SELECT count(*) FROM entries").value(), 2 * runs);
  EXPECT_EQ(database->number("SELECT count(DISTINCT run_id || seq) FROM entries").value(), 2 * runs);
  EXPECT_EQ(integrity_of(path), "ok");
}

}  // namespace omenia::state
