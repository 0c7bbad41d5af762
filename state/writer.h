#pragma once
// Writer: the one place where the store is changed. A group of jobs becomes one transaction and one sync.
//
// What a failed commit leaves behind. A commit is frames appended to the log and a sync of the log; only then do other
// connections see it. When the sync fails, the frames may or may not be on the disk: no connection sees them, but a
// recovery after a crash could find them whole and bring back a group whose callers were told that it failed. The
// kernel may also have marked pages clean that never reached the disk, so a second sync of the same file proves
// nothing. So before the next write the connection is opened afresh, with nothing remembered, and everything that was
// acknowledged is moved from the log into the database file, which is written and synced anew, and the log is cut to
// nothing. When that works, what is on the disk is known again; until it works, writes are refused. If the process dies
// before that, a refused group may come back whole, never in part: run ids and idempotency keys make this harmless.
//
// A group in which nobody waits for the disk is committed without a sync. The next one that syncs carries it along;
// when none comes the log is synced by itself, within limits::store_unsynced_ms. That, and moving the log into the
// file, is done here when there is nothing else to do, and by the keeper when there is.

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "state/connection.h"
#include "state/health.h"
#include "state/job.h"
#include "state/keeper.h"

namespace omenia::state {

class Writer {
 public:
  explicit Writer(std::unique_ptr<Database> database)
      : connection_(std::move(database)), keeper_(connection_.database->path()) {}
  ~Writer();

  // Runs the group in one transaction; what a job did is undone when it says false. When the answer is an error,
  // nothing of the group is kept. Error: storage.
  Result<void> commit(const std::vector<Job>& group);

  // For when the answers are on their way: a sync that has waited long enough, a log that has grown.
  void look_after_what_is_due();
  // For when there is nothing else to do. True: there is more of it.
  bool look_after();

  StoreHealth health() const;  // From any thread.

 private:
  Result<void> run_group(const std::vector<Job>& group, bool synced);
  Result<void> run_jobs(const std::vector<Job>& group);
  Result<bool> run_job(const Job& job);
  Result<void> recover();
  void sync();
  void begin_log_anew();
  void index_words();
  void hear_keeper();
  void judge(bool reached_disk);
  void judge(std::optional<DatabaseFailure> failure, bool reached_disk);

  Connection connection_;
  Keeper keeper_;
  int kept_pages_ = 0;                            // Of the log, when the keeper last moved it.
  int full_pages_ = limits::store_log_pages_max;  // Of the log, when it is emptied; grows when a reader keeps it.
  bool must_recover_ = false;
  std::int64_t commits_ = 0;
  std::int64_t commits_at_failure_ = -1;  // What was committed until then proves nothing of the disk.
  std::int64_t unsynced_since_ms_ = 0;    // 0: all that was committed is on the disk.
  bool has_words_ = true;                 // There may be entries whose words are not in the index.
  mutable std::mutex health_mutex_;
  StoreHealth health_;
};

}  // namespace omenia::state
