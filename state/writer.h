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

#include <mutex>
#include <vector>

#include "state/connection.h"
#include "state/health.h"
#include "state/job.h"

namespace omenia::state {

class Writer {
 public:
  explicit Writer(std::unique_ptr<Database> database) : connection_(std::move(database)) {}

  // Runs the group in one transaction, each job in a savepoint that is undone when the job says false. When the answer
  // is an error, nothing of the group is kept. Error: storage.
  Result<void> commit(const std::vector<Job>& group);

  // Housekeeping of the log, for when the answers are on their way.
  void checkpoint();

  StoreHealth health() const;  // From any thread.

 private:
  Result<void> run_group(const std::vector<Job>& group);
  Result<void> run_job(const Job& job);
  Result<void> recover();
  void judge(bool reached_disk);

  Connection connection_;
  bool must_recover_ = false;
  mutable std::mutex health_mutex_;
  StoreHealth health_;
};

}  // namespace omenia::state
