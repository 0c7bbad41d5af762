#include "state/pairing_requests.h"

#include "shared/base/ids.h"
#include "shared/base/limits.h"
#include "state/database.h"
#include "state/text_list.h"

namespace omenia::state {

namespace {

// The columns in the order of the fields. A macro, because a statement's text is put together when compiling.
#define REQUEST_COLUMNS                                                                                     \
  "request_id, kind, device_id, public_key, display_name, platform, device_family, client_id, client_mode," \
  " client_version, role, scopes, caps, commands, remote_address, silent, repair, created_ms"

PairingRequestRow request_in(const Statement& row) {
  return PairingRequestRow{.request_id = row.text(0),
                           .kind = row.text(1),
                           .device_id = row.text(2),
                           .public_key = row.text(3),
                           .display_name = row.text(4),
                           .platform = row.text(5),
                           .device_family = row.text(6),
                           .client_id = row.text(7),
                           .client_mode = row.text(8),
                           .client_version = row.text(9),
                           .role = row.text(10),
                           .scopes = texts_in(row.text(11)),
                           .caps = texts_in(row.text(12)),
                           .commands = texts_in(row.text(13)),
                           .remote_address = row.text(14),
                           .silent = row.integer(15) != 0,
                           .repair = row.integer(16) != 0,
                           .created_ms = row.integer(17)};
}

Result<std::optional<PairingRequestRow>> only_row(Statement& row) {
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return std::optional<PairingRequestRow>();
  return std::optional(request_in(row));
}

// Would an operator who read the one have approved the other?
bool asks_the_same(const PairingRequestRow& one, const PairingRequestRow& other) {
  return one.public_key == other.public_key && one.display_name == other.display_name &&
         one.platform == other.platform && one.device_family == other.device_family &&
         one.client_id == other.client_id && one.client_mode == other.client_mode && one.role == other.role &&
         one.scopes == other.scopes && one.caps == other.caps && one.commands == other.commands;
}

}  // namespace

Result<FiledRequest> PairingRequests::file(PairingRequestRow row) {
  TRY_ASSIGN(auto existing, of_device(row.kind, row.device_id));
  FiledRequest filed{std::move(row), true, existing ? existing->request_id : std::string()};
  if (existing && asks_the_same(*existing, filed.row)) {
    TRY(database_.run("UPDATE pairing_requests SET created_ms = ?2 WHERE request_id = ?1", existing->request_id,
                      filed.row.created_ms));
    existing->created_ms = filed.row.created_ms;
    return FiledRequest{std::move(*existing), false, {}};
  }
  TRY(remove_of(filed.row.kind, filed.row.device_id));
  TRY(
      database_.run("DELETE FROM pairing_requests WHERE number IN (SELECT number FROM pairing_requests"
                    " ORDER BY created_ms DESC, number DESC LIMIT -1 OFFSET ?1)",
                    limits::pairing_requests_max - 1));
  filed.row.request_id = random_uuid();
  const PairingRequestRow& put = filed.row;
  const std::string scopes = to_column(put.scopes);
  const std::string caps = to_column(put.caps);
  const std::string commands = to_column(put.commands);
  TRY(database_.run("INSERT INTO pairing_requests (" REQUEST_COLUMNS
                    ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
                    put.request_id, put.kind, put.device_id, put.public_key, put.display_name, put.platform,
                    put.device_family, put.client_id, put.client_mode, put.client_version, put.role, scopes, caps,
                    commands, put.remote_address, static_cast<std::int64_t>(put.silent),
                    static_cast<std::int64_t>(put.repair), put.created_ms));
  return filed;
}

Result<std::optional<PairingRequestRow>> PairingRequests::find(const std::string& kind, const std::string& request_id) {
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT " REQUEST_COLUMNS " FROM pairing_requests WHERE kind = ?1 AND request_id = ?2",
                               kind, request_id));
  return only_row(row);
}

Result<std::optional<PairingRequestRow>> PairingRequests::of_device(const std::string& kind,
                                                                    const std::string& device_id) {
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT " REQUEST_COLUMNS " FROM pairing_requests WHERE kind = ?1 AND device_id = ?2",
                               kind, device_id));
  return only_row(row);
}

Result<std::vector<PairingRequestRow>> PairingRequests::list(const std::string& kind) {
  TRY_ASSIGN(Statement row, database_.prepare("SELECT " REQUEST_COLUMNS " FROM pairing_requests WHERE kind = ?1"
                                              " ORDER BY created_ms DESC, number DESC",
                                              kind));
  std::vector<PairingRequestRow> rows;
  while (true) {
    TRY_ASSIGN(const bool more, row.step());
    if (!more) return rows;
    rows.push_back(request_in(row));
  }
}

Result<bool> PairingRequests::remove(const std::string& request_id) {
  TRY_ASSIGN(const std::int64_t removed,
             database_.run("DELETE FROM pairing_requests WHERE request_id = ?1", request_id));
  return removed == 1;
}

Result<bool> PairingRequests::remove_of(const std::string& kind, const std::string& device_id) {
  TRY_ASSIGN(const std::int64_t removed,
             database_.run("DELETE FROM pairing_requests WHERE kind = ?1 AND device_id = ?2", kind, device_id));
  return removed == 1;
}

Result<std::int64_t> PairingRequests::forget_before(std::int64_t wall_time_ms) {
  return database_.run("DELETE FROM pairing_requests WHERE created_ms < ?1", wall_time_ms);
}

}  // namespace omenia::state
