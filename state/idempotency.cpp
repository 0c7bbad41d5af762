#include "state/idempotency.h"

#include "state/database.h"

namespace omenia::state {

Result<std::optional<std::string>> Idempotency::find(const std::string& method, const std::string& key) {
  TRY_ASSIGN(Statement row,
             database_.prepare("SELECT answer FROM idempotency WHERE method = ?1 AND key = ?2", method, key));
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return std::optional<std::string>();
  return std::optional(row.text(0));
}

Result<void> Idempotency::remember(const std::string& method, const std::string& key, const std::string& answer,
                                   std::int64_t now_ms) {
  TRY(
      database_.run("INSERT INTO idempotency (method, key, answer, created_ms) VALUES (?1, ?2, ?3, ?4)"
                    " ON CONFLICT (method, key) DO NOTHING",
                    method, key, answer, now_ms));
  return {};
}

Result<std::int64_t> Idempotency::forget_before(std::int64_t wall_time_ms) {
  return database_.run("DELETE FROM idempotency WHERE created_ms < ?1", wall_time_ms);
}

}  // namespace omenia::state
