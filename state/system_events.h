#pragma once
// SystemEvents: what happened outside a conversation and waits to be told to its agent, a short queue for each session.
// A run takes what waits when its turn opens; its end removes that, or puts it back when the run was not answered. So
// nothing that was acknowledged is lost with a process or a failing model, and nothing is answered twice.

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace omenia::state {

class Database;

struct SystemEventRow {
  std::string session_key;
  std::string source;  // Where the text is from; empty: from the gateway itself or an operator.
  std::string text;
  bool wakes = false;  // It asks for a turn of its own.
  std::int64_t created_ms = 0;
};

class SystemEvents {
 public:
  explicit SystemEvents(Database& database) : database_(database) {}
  // False: the same text of the same source is the last that waits already; only its wish for a turn is added. When
  // more than limits::system_events_max wait, the oldest goes.
  Result<bool> queue(const SystemEventRow& row);
  // What waits in the session becomes the run's, oldest first.
  Result<std::vector<SystemEventRow>> take(const std::string& session_key, const std::string& run_id);
  Result<void> forget_taken(const std::string& run_id);  // The run has told them.
  Result<void> put_back(const std::string& run_id);      // It has not. They ask for no turn of their own any more.
  Result<std::int64_t> discard(const std::string& session_key);
  // Sessions in which an event waits that asks for a turn.
  Result<std::vector<std::string>> sessions_to_wake();

 private:
  Database& database_;
};

}  // namespace omenia::state
