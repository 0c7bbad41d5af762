#pragma once
// Runs: one row a run from acceptance to its one terminal state. `accepted` is told to a client only after this row is
// committed, so no accepted run is ever forgotten.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace omenia::state {

class Database;

// accepted -> running -> done | failed | aborted | interrupted; accepted may also end at once.
struct RunRow {
  std::string run_id;  // Is the idempotency key of who asked.
  std::string session_key;
  std::string session_id;
  std::string agent_id;
  std::string origin;           // agent, chat, openai, hook, wake.
  std::string status;           // accepted, running, done, failed, aborted, interrupted.
  std::string request;          // JSON object: what is needed to run it again.
  std::string result;           // JSON object: the final answer's payload; empty until the end.
  std::int64_t generation = 0;  // Worker that owns it.
  std::int64_t accepted_ms = 0;
  std::int64_t started_ms = 0;
  std::int64_t ended_ms = 0;
  std::int64_t number = 0;  // In the order of acceptance; given by accept().
};

// Which runs a list shows.
struct RunFilter {
  std::string statuses;  // "|done|failed|"; empty: all.
  std::string agent_id;  // Empty: all.
  std::string session_key;
  std::int64_t before_number = 0;  // 0: from the newest.
};

class Runs {
 public:
  explicit Runs(Database& database) : database_(database) {}
  // Error invalid_request when the id exists (callers look with `find` first, in the same unit of work).
  Result<std::int64_t> accept(const RunRow& row);  // Its number.
  // A run that is at its end already. Error internal when the id exists.
  Result<void> add(const RunRow& row);
  Result<std::optional<RunRow>> find(const std::string& run_id);
  // Error invalid_request when it is not accepted any more, not_found when there is no such run.
  Result<void> start(const std::string& run_id, std::int64_t now_ms);
  // `status` is terminal. A run that is terminal already keeps its first end and answers false. Error not_found.
  Result<bool> finish(const std::string& run_id, const std::string& status, const std::string& result,
                      std::int64_t now_ms);
  // The newest first. At most limits::store_rows_max rows.
  Result<std::vector<RunRow>> page(const RunFilter& filter, std::int64_t limit);
  Result<std::optional<RunRow>> last_ended_wake();                     // Of those of origin "wake".
  Result<std::int64_t> unfinished_in(const std::string& session_key);  // Accepted or running ones.
  // An accepted run becomes a run of this generation. Error not_found, invalid_request: it is not merely accepted.
  Result<void> adopt(const std::string& run_id, std::int64_t generation);
  // The newest unfinished run of the same session that was accepted earlier and belongs to another generation: it has
  // the session's lane. Empty: none.
  Result<std::string> ahead_elsewhere(const std::string& run_id);
  // Accepted or running rows of generations before `generation`, in the order of acceptance: what dead workers left
  // behind. Not by generation: a row that was adopted once and never begun would be the last each time.
  Result<std::vector<RunRow>> unfinished_before(std::int64_t generation);

 private:
  Database& database_;
};

}  // namespace omenia::state
