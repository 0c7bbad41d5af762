#include "state/setup_codes.h"

#include "shared/base/limits.h"
#include "state/database.h"

namespace omenia::state {

namespace {

constexpr std::int64_t kept_ms = 86'400'000;

// The columns in the order of the fields. A macro, because a statement's text is put together when compiling.
#define SETUP_COLUMNS "setup_id, hash, access, created_ms, expires_ms, used_ms, device_id, device_name"

Result<std::optional<SetupCodeRow>> only_row(Statement& row) {
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return std::optional<SetupCodeRow>();
  return std::optional(SetupCodeRow{.setup_id = row.text(0),
                                    .hash = row.text(1),
                                    .access = row.text(2),
                                    .created_ms = row.integer(3),
                                    .expires_ms = row.integer(4),
                                    .used_ms = row.integer(5),
                                    .device_id = row.text(6),
                                    .device_name = row.text(7)});
}

}  // namespace

Result<void> SetupCodes::add(const SetupCodeRow& row) {
  TRY(database_.run("DELETE FROM setup_codes WHERE expires_ms < ?1", row.created_ms - kept_ms));
  TRY_ASSIGN(
      const std::int64_t open,
      database_.number("SELECT count(*) FROM setup_codes WHERE used_ms = 0 AND expires_ms > ?1", row.created_ms));
  if (open >= limits::setup_codes_max)
    return fail(ErrorCode::unavailable,
                "There are " + std::to_string(open) + " setup codes that nobody has used yet; wait until they end");
  TRY(database_.run("INSERT INTO setup_codes (" SETUP_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", row.setup_id,
                    row.hash, row.access, row.created_ms, row.expires_ms, row.used_ms, row.device_id, row.device_name));
  return {};
}

Result<std::optional<SetupCodeRow>> SetupCodes::find(const std::string& setup_id) {
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT " SETUP_COLUMNS " FROM setup_codes WHERE setup_id = ?1", setup_id));
  return only_row(row);
}

Result<std::optional<SetupCodeRow>> SetupCodes::open_code(const std::string& hash, std::int64_t now_ms) {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT " SETUP_COLUMNS
                                              " FROM setup_codes WHERE hash = ?1 AND used_ms = 0 AND expires_ms > ?2",
                                              hash, now_ms));
  return only_row(row);
}

Result<bool> SetupCodes::use(const std::string& setup_id, std::int64_t now_ms, const std::string& device_id,
                             const std::string& device_name) {
  TRY_ASSIGN(const std::int64_t used, database_.run("UPDATE setup_codes SET used_ms = ?2, device_id = ?3,"
                                                    " device_name = ?4 WHERE setup_id = ?1 AND used_ms = 0",
                                                    setup_id, now_ms, device_id, device_name));
  return used == 1;
}

}  // namespace omenia::state
