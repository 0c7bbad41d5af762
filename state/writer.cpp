#include "state/writer.h"

#include <utility>

#include "shared/base/clock.h"

namespace omenia::state {

Result<void> Writer::commit(const std::vector<Job>& group) {
  const std::int64_t before = connection_.database->log_commits();
  Result<void> outcome = run_group(group);
  const std::int64_t reached_disk = connection_.database->log_commits() - before;
  {
    const std::lock_guard lock(health_mutex_);
    health_.units += static_cast<std::int64_t>(group.size());
    health_.commits += reached_disk;
  }
  judge(reached_disk > 0);
  return outcome;
}

Result<void> Writer::run_group(const std::vector<Job>& group) {
  if (must_recover_) TRY(recover());
  TRY(connection_.database->check_place());
  return connection_.database->transaction("BEGIN IMMEDIATE", [&]() -> Result<void> {
    for (const Job& job : group) TRY(run_job(job));
    return {};
  });
}

Result<void> Writer::run_job(const Job& job) {
  Database& database = *connection_.database;
  TRY(database.run("SAVEPOINT job"));
  const bool keep = job.run(connection_.tables);
  // Some failures make SQLite undo the whole transaction; the group is lost then, not this job alone.
  if (!database.in_transaction()) return database.why_undone();
  if (!keep) TRY(database.run("ROLLBACK TO job"));
  TRY(database.run("RELEASE job"));
  return {};
}

Result<void> Writer::recover() {
  TRY(connection_.database->reopen());
  TRY(connection_.database->empty_log());
  must_recover_ = false;
  return {};
}

void Writer::checkpoint() {
  // A failure loses nothing, the log still has everything; it shows in the health.
  if (!connection_.database->checkpoint_when_due().ok()) judge(false);
}

// Writes are taken again only when one has really reached the disk: a group that changed nothing proves nothing.
void Writer::judge(bool reached_disk) {
  const auto failure = connection_.database->take_disk_failure();
  if (failure && failure->aftermath == Aftermath::reopen) must_recover_ = true;
  if (!failure && !reached_disk) return;

  const std::lock_guard lock(health_mutex_);
  const bool writable = !failure;
  if (health_.writable != writable) health_.since_ms = wall_ms();
  health_.writable = writable;
  health_.cause = failure ? failure->error.message : std::string();
}

StoreHealth Writer::health() const {
  const std::lock_guard lock(health_mutex_);
  return health_;
}

}  // namespace omenia::state
