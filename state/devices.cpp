#include "state/devices.h"

#include "shared/base/limits.h"
#include "state/database.h"
#include "state/text_list.h"

namespace omenia::state {

namespace {

// The columns in the order of the fields. A macro, because a statement's text is put together when compiling.
#define DEVICE_COLUMNS                                                                                          \
  "device_id, public_key, label, display_name, platform, device_family, client_id, client_mode, roles, scopes," \
  " approved_via, created_ms, approved_ms, seen_ms, seen_reason, revision"

DeviceRow device_in(const Statement& row) {
  return DeviceRow{.device_id = row.text(0),
                   .public_key = row.text(1),
                   .label = row.text(2),
                   .display_name = row.text(3),
                   .platform = row.text(4),
                   .device_family = row.text(5),
                   .client_id = row.text(6),
                   .client_mode = row.text(7),
                   .roles = texts_in(row.text(8)),
                   .scopes = texts_in(row.text(9)),
                   .approved_via = row.text(10),
                   .created_ms = row.integer(11),
                   .approved_ms = row.integer(12),
                   .seen_ms = row.integer(13),
                   .seen_reason = row.text(14),
                   .revision = row.integer(15)};
}

}  // namespace

Result<std::optional<DeviceRow>> Devices::find(const std::string& device_id) {
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT " DEVICE_COLUMNS " FROM devices WHERE device_id = ?1", device_id));
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return std::optional<DeviceRow>();
  return std::optional(device_in(row));
}

Result<std::vector<DeviceRow>> Devices::list() {
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT " DEVICE_COLUMNS " FROM devices ORDER BY approved_ms DESC, number DESC LIMIT ?1",
                               limits::devices_max));
  std::vector<DeviceRow> rows;
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) return rows;
    rows.push_back(device_in(row));
  }
}

Result<DeviceRow> Devices::approve(DeviceRow row) {
  TRY_ASSIGN(const auto existing, find(row.device_id));
  TRY_ASSIGN(const std::int64_t known, database_.number("SELECT count(*) FROM devices"));
  if (!existing && known >= limits::devices_max)
    return fail(ErrorCode::unavailable, "There are " + std::to_string(known) +
                                            " paired devices, as many as there may be. Remove some with: OmeniaClaw "
                                            "devices remove <id>");
  // Counted over all devices: one that was removed and comes back never has a revision that it had before.
  TRY_ASSIGN(row.revision, database_.number("SELECT coalesce(max(revision), 0) + 1 FROM devices"));
  const std::string roles = to_column(row.roles);
  const std::string scopes = to_column(row.scopes);
  TRY(database_.run("INSERT INTO devices (" DEVICE_COLUMNS
                    ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
                    " ON CONFLICT (device_id) DO UPDATE SET display_name = excluded.display_name,"
                    " platform = excluded.platform, device_family = excluded.device_family,"
                    " client_id = excluded.client_id, client_mode = excluded.client_mode, roles = excluded.roles,"
                    " scopes = excluded.scopes, approved_via = excluded.approved_via,"
                    " approved_ms = excluded.approved_ms, revision = excluded.revision",
                    row.device_id, row.public_key, row.label, row.display_name, row.platform, row.device_family,
                    row.client_id, row.client_mode, roles, scopes, row.approved_via, row.created_ms, row.approved_ms,
                    row.seen_ms, row.seen_reason, row.revision));
  TRY_ASSIGN(auto kept, find(row.device_id));
  return std::move(*kept);
}

Result<void> Devices::revise(const std::string& device_id) {
  TRY_ASSIGN(const std::int64_t revised,
             database_.run("UPDATE devices SET revision = (SELECT max(revision) + 1 FROM devices) WHERE device_id = ?1",
                           device_id));
  if (revised == 0) return fail(ErrorCode::not_found, "There is no paired device \"" + device_id + "\".");
  return {};
}

Result<void> Devices::seen(const std::string& device_id, std::int64_t now_ms, const std::string& reason) {
  TRY(database_.run("UPDATE devices SET seen_ms = ?2, seen_reason = ?3 WHERE device_id = ?1", device_id, now_ms,
                    reason));
  return {};
}

Result<bool> Devices::rename(const std::string& device_id, const std::string& label) {
  TRY_ASSIGN(const std::int64_t renamed,
             database_.run("UPDATE devices SET label = ?2 WHERE device_id = ?1", device_id, label));
  return renamed == 1;
}

// Tokens and the node's commands refer to the row and go with it.
Result<bool> Devices::remove(const std::string& device_id) {
  TRY(database_.run("DELETE FROM pairing_requests WHERE device_id = ?1", device_id));
  TRY_ASSIGN(const std::int64_t removed, database_.run("DELETE FROM devices WHERE device_id = ?1", device_id));
  return removed == 1;
}

}  // namespace omenia::state
