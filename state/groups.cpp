#include "state/groups.h"

#include "state/database.h"

namespace omenia::state {

namespace {

Error no_group(const std::string& name) {
  return fail(ErrorCode::not_found, "There is no session group \"" + name + "\".");
}

}  // namespace

Result<std::vector<GroupRow>> Groups::list() {
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT name, cwd, worktree FROM session_groups ORDER BY position, name"));
  std::vector<GroupRow> groups;
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) return groups;
    groups.push_back({row.text(0), row.text(1), row.integer(2) != 0});
  }
}

Result<void> Groups::replace(const std::vector<std::string>& names) {
  TRY(database_.run("UPDATE session_groups SET position = -1"));
  std::int64_t position = 0;
  for (const std::string& name : names) {
    TRY(
        database_.run("INSERT INTO session_groups (name, position) VALUES (?1, ?2)"
                      " ON CONFLICT (name) DO UPDATE SET position = excluded.position",
                      name, position++));
  }
  TRY(
      database_.run("UPDATE sessions SET category = '' WHERE category IN"
                    " (SELECT name FROM session_groups WHERE position < 0)"));
  TRY(database_.run("DELETE FROM session_groups WHERE position < 0"));
  return {};
}

Result<void> Groups::rename(const std::string& name, const std::string& to) {
  TRY_ASSIGN(const std::int64_t taken,
             database_.number("SELECT count(*) FROM session_groups WHERE name = ?1 AND name <> ?2", to, name));
  if (taken > 0) return fail(ErrorCode::invalid_request, "There is a session group \"" + to + "\" already.");
  TRY_ASSIGN(const std::int64_t renamed,
             database_.run("UPDATE session_groups SET name = ?2 WHERE name = ?1", name, to));
  if (renamed == 0) return no_group(name);
  TRY(database_.run("UPDATE sessions SET category = ?2 WHERE category = ?1", name, to));
  return {};
}

Result<void> Groups::update(const GroupRow& row) {
  TRY_ASSIGN(const std::int64_t updated,
             database_.run("UPDATE session_groups SET cwd = ?2, worktree = ?3 WHERE name = ?1", row.name, row.cwd,
                           std::int64_t{row.worktree}));
  if (updated == 0) return no_group(row.name);
  return {};
}

Result<void> Groups::remove(const std::string& name) {
  TRY_ASSIGN(const std::int64_t removed, database_.run("DELETE FROM session_groups WHERE name = ?1", name));
  if (removed == 0) return no_group(name);
  TRY(database_.run("UPDATE sessions SET category = '' WHERE category = ?1", name));
  return {};
}

Result<std::string> Groups::section_order() {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT section_order FROM meta"));
  TRY(row.step());
  return row.text(0);
}

Result<void> Groups::put_section_order(const std::string& json) {
  TRY(database_.run("UPDATE meta SET section_order = ?1", json));
  return {};
}

}  // namespace omenia::state
