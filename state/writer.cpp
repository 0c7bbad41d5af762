#include "state/writer.h"

#include <algorithm>
#include <utility>

#include "shared/base/clock.h"
#include "shared/base/limits.h"

namespace omenia::state {

namespace {
bool waits_for_the_disk(const Job& job) {
  return job.durability == Durability::synced;
}
}  // namespace

Writer::~Writer() {
  sync();
}

Result<void> Writer::commit(const std::vector<Job>& group) {
  const bool synced = std::any_of(group.begin(), group.end(), waits_for_the_disk);
  const std::int64_t before = connection_.database->log_commits();
  Result<void> outcome = run_group(group, synced);
  const std::int64_t commits = connection_.database->log_commits() - before;
  if (commits > 0) {
    ++commits_;
    has_words_ = true;
    unsynced_since_ms_ = synced ? 0 : unsynced_since_ms_ > 0 ? unsynced_since_ms_ : steady_ms();
  }
  {
    const std::lock_guard lock(health_mutex_);
    health_.units += static_cast<std::int64_t>(group.size());
    health_.commits += commits;
  }
  judge(synced && commits > 0);
  return outcome;
}

Result<void> Writer::run_group(const std::vector<Job>& group, bool synced) {
  if (must_recover_) TRY(recover());
  Database& database = *connection_.database;
  TRY(database.check_place());
  TRY(database.sync_commits(synced));
  return database.transaction("BEGIN IMMEDIATE", [&] { return run_jobs(group); });
}

// A job that is alone needs no savepoint: what it is not to keep is all there is.
Result<void> Writer::run_jobs(const std::vector<Job>& group) {
  Database& database = *connection_.database;
  if (group.size() == 1) {
    TRY_ASSIGN(const bool keep, run_job(group.front()));
    if (!keep) TRY(database.run("ROLLBACK"));
    return {};
  }
  for (const Job& job : group) {
    TRY(database.run("SAVEPOINT job"));
    TRY_ASSIGN(const bool keep, run_job(job));
    if (!keep) TRY(database.run("ROLLBACK TO job"));
    TRY(database.run("RELEASE job"));
  }
  return {};
}

// Some failures make SQLite undo the whole transaction; the group is lost then, not this job alone.
Result<bool> Writer::run_job(const Job& job) {
  const bool keep = job.run(connection_.tables);
  if (!connection_.database->in_transaction()) return connection_.database->why_undone();
  return keep;
}

Result<void> Writer::recover() {
  keeper_.wait_until_free();
  TRY(connection_.database->reopen());
  TRY(connection_.database->empty_log());
  [[maybe_unused]] const auto of_before = keeper_.take_outcome();
  must_recover_ = false;
  unsynced_since_ms_ = 0;
  return {};
}

void Writer::look_after_what_is_due() {
  if (!keeper_.is_free()) return;
  hear_keeper();
  if (must_recover_) return;
  const int pages = connection_.database->log_pages();
  if (pages >= full_pages_) return begin_log_anew();
  if (pages < kept_pages_) kept_pages_ = 0;  // It has begun anew.
  const bool has_grown = pages >= kept_pages_ + limits::store_checkpoint_pages;
  const bool has_waited = unsynced_since_ms_ > 0 && steady_ms() - unsynced_since_ms_ >= limits::store_unsynced_ms;
  if (!has_grown && !has_waited) return;
  if (has_grown) kept_pages_ = pages;
  unsynced_since_ms_ = 0;
  keeper_.look_after(has_grown);
}

// A failed checkpoint loses nothing, the log still has everything; it shows in the health.
bool Writer::look_after() {
  hear_keeper();
  sync();
  if (has_words_ && !must_recover_) index_words();
  const bool is_long = connection_.database->log_pages() >= limits::store_checkpoint_pages;
  if (is_long && !must_recover_ && keeper_.is_free() && !connection_.database->checkpoint().ok()) judge(false);
  return has_words_ && !must_recover_;
}

// The keeper has moved most of it. A reader that is at work just now is waited for once the log is much too long, and
// one that goes on for ever seldom.
void Writer::begin_log_anew() {
  Database& database = *connection_.database;
  const int pages = database.log_pages();
  full_pages_ = pages + limits::store_checkpoint_pages;
  const auto moved = database.checkpoint();
  bool all = moved.ok() && moved.value();
  if (moved.ok() && !all && pages >= 2 * limits::store_log_pages_max) {
    full_pages_ = pages + limits::store_log_pages_max;
    all = database.empty_log().ok();
  }
  if (!all) return judge(false);
  full_pages_ = limits::store_log_pages_max;
  unsynced_since_ms_ = 0;
}

void Writer::sync() {
  if (unsynced_since_ms_ == 0 || must_recover_) return;
  unsynced_since_ms_ = 0;
  const bool synced = connection_.database->sync_log().ok();
  judge(synced && commits_ > commits_at_failure_);
}

void Writer::hear_keeper() {
  auto outcome = keeper_.take_outcome();
  if (!outcome) return;
  if (!outcome->synced && unsynced_since_ms_ == 0) unsynced_since_ms_ = steady_ms();
  if (outcome->failure) judge(std::move(outcome->failure), false);
}

// The words follow from the entries, so their commit waits for nobody's sync. Should it fail, the next search tells.
void Writer::index_words() {
  has_words_ = false;
  Database& database = *connection_.database;
  if (!database.sync_commits(false).ok()) return;
  const auto indexed = database.transaction("BEGIN IMMEDIATE", [&]() -> Result<void> {
    TRY_ASSIGN(has_words_, connection_.search.index(limits::store_words_max));
    return {};
  });
  if (!indexed.ok()) judge(false);
}

// Writes are taken again only when one has really reached the disk: a group that changed nothing proves nothing.
void Writer::judge(bool reached_disk) {
  judge(connection_.database->take_disk_failure(), reached_disk);
}

void Writer::judge(std::optional<DatabaseFailure> failure, bool reached_disk) {
  if (failure) commits_at_failure_ = commits_;
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
