#include "state/nodes.h"

#include "shared/base/limits.h"
#include "state/database.h"
#include "state/text_list.h"

namespace omenia::state {

namespace {

// The columns in the order of the fields. A macro, because a statement's text is put together when compiling.
#define NODE_COLUMNS                                                                                               \
  "node_id, label, display_name, platform, device_family, client_id, client_mode, client_version, caps, commands," \
  " created_ms, approved_ms"

NodeRow node_in(const Statement& row) {
  return NodeRow{.node_id = row.text(0),
                 .label = row.text(1),
                 .display_name = row.text(2),
                 .platform = row.text(3),
                 .device_family = row.text(4),
                 .client_id = row.text(5),
                 .client_mode = row.text(6),
                 .client_version = row.text(7),
                 .caps = texts_in(row.text(8)),
                 .commands = texts_in(row.text(9)),
                 .created_ms = row.integer(10),
                 .approved_ms = row.integer(11)};
}

}  // namespace

Result<std::optional<NodeRow>> Nodes::find(const std::string& node_id) {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT " NODE_COLUMNS " FROM nodes WHERE node_id = ?1", node_id));
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return std::optional<NodeRow>();
  return std::optional(node_in(row));
}

Result<std::vector<NodeRow>> Nodes::list() {
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT " NODE_COLUMNS " FROM nodes ORDER BY approved_ms DESC, number DESC LIMIT ?1",
                               limits::devices_max));
  std::vector<NodeRow> rows;
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) return rows;
    rows.push_back(node_in(row));
  }
}

Result<NodeRow> Nodes::approve(const NodeRow& row) {
  TRY_ASSIGN(const std::int64_t paired,
             database_.number("SELECT count(*) FROM devices WHERE device_id = ?1", row.node_id));
  if (paired == 0) return fail(ErrorCode::not_found, "There is no paired device \"" + row.node_id + "\".");
  const std::string caps = to_column(row.caps);
  const std::string commands = to_column(row.commands);
  TRY(database_.run("INSERT INTO nodes (" NODE_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
                    " ON CONFLICT (node_id) DO UPDATE SET display_name = excluded.display_name,"
                    " platform = excluded.platform, device_family = excluded.device_family,"
                    " client_id = excluded.client_id, client_mode = excluded.client_mode,"
                    " client_version = excluded.client_version, caps = excluded.caps, commands = excluded.commands,"
                    " approved_ms = excluded.approved_ms",
                    row.node_id, row.label, row.display_name, row.platform, row.device_family, row.client_id,
                    row.client_mode, row.client_version, caps, commands, row.created_ms, row.approved_ms));
  TRY_ASSIGN(auto kept, find(row.node_id));
  return std::move(*kept);
}

Result<bool> Nodes::rename(const std::string& node_id, const std::string& label) {
  TRY_ASSIGN(const std::int64_t renamed,
             database_.run("UPDATE nodes SET label = ?2 WHERE node_id = ?1", node_id, label));
  return renamed == 1;
}

Result<bool> Nodes::remove(const std::string& node_id) {
  TRY_ASSIGN(const std::int64_t removed, database_.run("DELETE FROM nodes WHERE node_id = ?1", node_id));
  return removed == 1;
}

}  // namespace omenia::state
