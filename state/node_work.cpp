#include "state/node_work.h"

#include "shared/base/ids.h"
#include "state/database.h"

namespace omenia::state {

namespace {

// A macro, because a statement's text is put together when compiling.
#define WORK_COLUMNS "id, node_id, type, priority, created_ms, expires_ms"

NodeWorkRow work_in(const Statement& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), row.integer(4), row.integer(5)};
}

}  // namespace

Result<NodeWorkRow> NodeWork::enqueue(NodeWorkRow row) {
  if (row.id.empty()) row.id = random_uuid();
  TRY(database_.run("INSERT INTO node_work (" WORK_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                    " ON CONFLICT (node_id, type) DO UPDATE SET priority = excluded.priority,"
                    " expires_ms = excluded.expires_ms",
                    row.id, row.node_id, row.type, row.priority, row.created_ms, row.expires_ms));
  TRY(revise(row.node_id));
  TRY_ASSIGN(Statement waiting,
             database_.prepare("SELECT " WORK_COLUMNS " FROM node_work WHERE node_id = ?1 AND type = ?2", row.node_id,
                               row.type));
  TRY(waiting.step());
  return work_in(waiting);
}

Result<std::vector<NodeWorkRow>> NodeWork::take(const std::string& node_id, std::int64_t limit, std::int64_t now_ms) {
  TRY_ASSIGN(const std::int64_t expired,
             database_.run("DELETE FROM node_work WHERE node_id = ?1 AND expires_ms > 0 AND expires_ms <= ?2", node_id,
                           now_ms));
  std::vector<NodeWorkRow> taken;
  {
    TRY_ASSIGN(Statement row, database_.prepare("SELECT " WORK_COLUMNS " FROM node_work WHERE node_id = ?1"
                                                " ORDER BY priority = 'normal', number LIMIT ?2",
                                                node_id, limit));
    while (true) {
      TRY_ASSIGN(const bool more, row.step());
      if (!more) break;
      taken.push_back(work_in(row));
    }
  }
  for (const NodeWorkRow& row : taken) TRY(database_.run("DELETE FROM node_work WHERE id = ?1", row.id));
  if (expired > 0 || !taken.empty()) TRY(revise(node_id));
  return taken;
}

Result<std::int64_t> NodeWork::waiting(const std::string& node_id) {
  return database_.number("SELECT count(*) FROM node_work WHERE node_id = ?1", node_id);
}

Result<std::int64_t> NodeWork::revision(const std::string& node_id) {
  return database_.number("SELECT coalesce(max(work_revision), 0) FROM devices WHERE device_id = ?1", node_id);
}

Result<void> NodeWork::revise(const std::string& node_id) {
  TRY(database_.run("UPDATE devices SET work_revision = work_revision + 1 WHERE device_id = ?1", node_id));
  return {};
}

}  // namespace omenia::state
