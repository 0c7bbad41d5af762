#include "state/migrations.h"

#include <string>

#include "shared/base/ids.h"
#include "state/database.h"
#include "state/files.h"

namespace omenia::state {

namespace {

// 0: nothing is in it. In one look: somebody else may be making the tables just now.
Result<std::int64_t> schema_version(Database& database) {
  constexpr std::int64_t nothing = 0;
  constexpr std::int64_t ours = 1;
  TRY_ASSIGN(const auto content,
             database.number("SELECT iif(count(*) = 0, 0, iif(sum(name = 'meta') = 1, 1, 2)) FROM sqlite_schema"));
  if (content == nothing) return 0;
  if (content == ours) return database.number("SELECT schema_version FROM meta");
  return fail(ErrorCode::storage,
              "The state database " + database.path() + " belongs to another program. Choose another state directory.");
}

Error too_new(const Database& database, std::int64_t found, std::int64_t known) {
  return fail(ErrorCode::schema_too_new, "The state database " + database.path() + " has schema " +
                                             std::to_string(found) + "; this release knows schemas up to " +
                                             std::to_string(known) + ".");
}

// A connection of its own reads what is committed while the caller's holds the write lock, so nothing can come between
// the copy and the migration. A copy that was cut short never gets the final name.
Result<void> copy(const Database& database, std::int64_t schema_to_be) {
  const std::string final_path = database.path() + ".before-" + std::to_string(schema_to_be);
  const std::string part_path = final_path + ".part";
  TRY(remove_file(part_path));
  TRY(make_private_file(part_path));
  TRY_ASSIGN(const auto source, Database::open(database.path(), Database::Access::read));
  TRY(source->run("VACUUM INTO ?1", part_path));
  return put_in_place(part_path, final_path);
}

// Called with the write lock: another process may have migrated while this one waited for it.
Result<void> migrate_locked(Database& database, std::span<const char* const> scripts) {
  TRY_ASSIGN(const std::int64_t found, schema_version(database));
  const auto known = static_cast<std::int64_t>(scripts.size());
  if (found > known) return too_new(database, found, known);
  if (found > 0 && found < known) TRY(copy(database, known));
  for (const char* script : scripts.subspan(static_cast<std::size_t>(found))) TRY(database.run_script(script));
  TRY(database.run("UPDATE meta SET schema_version = ?1, instance_id = iif(instance_id = '', ?2, instance_id)", known,
                   random_uuid()));
  return {};
}

}  // namespace

std::span<const char* const> release_scripts() {
  static constexpr const char* scripts[] = {
#include "state/migrations/0001_initial.sql"
      ,
#include "state/migrations/0002_devices.sql"
      ,
#include "state/migrations/0003_session_settings.sql"
      ,
#include "state/migrations/0004_system_events.sql"
      ,
#include "state/migrations/0005_search_and_node_work.sql"
      ,
#include "state/migrations/0006_found_at_once.sql"
      ,
#include "state/migrations/0007_lighter_turns.sql"
      ,
#include "state/migrations/0008_a_lighter_check.sql"
  };
  return scripts;
}

Result<void> migrate(Database& database, std::span<const char* const> scripts) {
  TRY_ASSIGN(const std::int64_t found, schema_version(database));
  const auto known = static_cast<std::int64_t>(scripts.size());
  if (found == known) return {};
  if (found > known) return too_new(database, found, known);
  TRY_ASSIGN(const auto rebuilding, Database::open(database.path(), Database::Access::rebuild));
  return rebuilding->transaction("BEGIN IMMEDIATE", [&] { return migrate_locked(*rebuilding, scripts); });
}

}  // namespace omenia::state
