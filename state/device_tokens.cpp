#include "state/device_tokens.h"

#include "shared/base/limits.h"
#include "state/database.h"
#include "state/text_list.h"

namespace omenia::state {

namespace {

// The columns in the order of the fields. A macro, because a statement's text is put together when compiling.
#define TOKEN_COLUMNS "device_id, role, hash, previous_hash, nonce, scopes, created_ms, rotated_ms, used_ms"

DeviceTokenRow token_in(const Statement& row) {
  return DeviceTokenRow{.device_id = row.text(0),
                        .role = row.text(1),
                        .hash = row.text(2),
                        .previous_hash = row.text(3),
                        .nonce = row.text(4),
                        .scopes = texts_in(row.text(5)),
                        .created_ms = row.integer(6),
                        .rotated_ms = row.integer(7),
                        .used_ms = row.integer(8)};
}

}  // namespace

Result<std::optional<DeviceTokenRow>> DeviceTokens::find(const std::string& device_id, const std::string& role) {
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT " TOKEN_COLUMNS " FROM device_tokens WHERE device_id = ?1 AND role = ?2",
                               device_id, role));
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return std::optional<DeviceTokenRow>();
  return std::optional(token_in(row));
}

Result<std::vector<DeviceTokenRow>> DeviceTokens::list(const std::string& device_id) {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT " TOKEN_COLUMNS
                                              " FROM device_tokens WHERE device_id = ?1 ORDER BY role LIMIT ?2",
                                              device_id, limits::store_rows_max));
  std::vector<DeviceTokenRow> rows;
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) return rows;
    rows.push_back(token_in(row));
  }
}

Result<void> DeviceTokens::put(const DeviceTokenRow& row) {
  const std::string scopes = to_column(row.scopes);
  TRY(database_.run("INSERT INTO device_tokens (" TOKEN_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                    " ON CONFLICT (device_id, role) DO UPDATE SET hash = excluded.hash,"
                    " previous_hash = excluded.previous_hash, nonce = excluded.nonce, scopes = excluded.scopes,"
                    " created_ms = excluded.created_ms, rotated_ms = excluded.rotated_ms, used_ms = excluded.used_ms",
                    row.device_id, row.role, row.hash, row.previous_hash, row.nonce, scopes, row.created_ms,
                    row.rotated_ms, row.used_ms));
  return {};
}

Result<void> DeviceTokens::used(const std::string& device_id, const std::string& role, std::int64_t now_ms,
                                bool was_previous) {
  TRY(
      database_.run("UPDATE device_tokens SET used_ms = ?3, previous_hash = iif(?4, previous_hash, '')"
                    " WHERE device_id = ?1 AND role = ?2",
                    device_id, role, now_ms, static_cast<std::int64_t>(was_previous)));
  return {};
}

Result<bool> DeviceTokens::remove(const std::string& device_id, const std::string& role) {
  TRY_ASSIGN(const std::int64_t removed,
             database_.run("DELETE FROM device_tokens WHERE device_id = ?1 AND role = ?2", device_id, role));
  return removed == 1;
}

}  // namespace omenia::state
