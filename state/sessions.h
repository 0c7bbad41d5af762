#pragma once
// Sessions: the index. A row is all that an idle session is; its transcript is in Entries.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace omenia::state {

class Database;

struct SessionRow {
  std::string key;         // "agent:main:main", lower case, unique.
  std::string session_id;  // Names the transcript.
  std::string agent_id;
  std::string label;  // Empty: none.
  std::int64_t created_ms = 0;
  std::int64_t updated_ms = 0;           // Last change of row or transcript.
  std::int64_t last_interaction_ms = 0;  // Last inbound message.
  std::int64_t next_seq = 1;             // Number of the next entry.
  std::int64_t input_tokens = 0;         // Sums over the session.
  std::int64_t output_tokens = 0;
  std::int64_t context_tokens = 0;  // Prompt tokens of the last model call.
  std::string last_run_id;          // Of the run that ended last.
  std::string last_run_status;      // done, failed, aborted, interrupted; empty: none yet.
  std::int64_t last_run_started_ms = 0;
  std::int64_t last_run_ended_ms = 0;
  std::string last_provider;
  std::string last_model;
  // What clients set.
  std::int64_t started_ms = 0;  // Of this session id: the last reset, or the creation.
  bool archived = false;
  bool pinned = false;
  bool unread = false;         // Something was answered since it was last marked as read.
  std::string category;        // The group it is shown in; empty: none.
  std::string model_override;  // "provider/model" for its runs; empty: the agent's.
  std::string thinking_level;  // Empty: the model's own.
  std::string look = "{}";     // JSON object: how it is shown, as far as that is for clients alone.
};

// Which sessions a list shows.
struct SessionFilter {
  enum class Archived { no, yes, both };
  std::string agent_id;               // Empty: all agents.
  std::int64_t updated_since_ms = 0;  // 0: all.
  Archived archived = Archived::both;
  bool pinned_only = false;
  std::string label;            // Exactly; empty: all.
  std::string category;         // The same.
  std::string search;           // Within key and label, whatever the case; empty: all.
  bool by_interaction = false;  // Sorted by the last inbound message rather than the last change.
};

struct SessionPage {
  std::vector<SessionRow> rows;  // Most recently updated first.
  std::int64_t total = 0;        // Rows that match, on all pages.
};

class Sessions {
 public:
  explicit Sessions(Database& database) : database_(database) {}
  // The row, made when there is none, with this session id or a new one.
  Result<SessionRow> get_or_create(const std::string& key, const std::string& agent_id, std::int64_t now_ms,
                                   const std::string& session_id = {});
  // A row with all that a first turn leaves in it. False: the key is taken, nothing was changed.
  Result<bool> add(const SessionRow& row);
  Result<std::optional<SessionRow>> find(const std::string& key);
  // `agent_id` empty: all agents; `updated_since_ms` 0: all. At most limits::store_rows_max rows.
  Result<SessionPage> list(const std::string& agent_id, std::int64_t updated_since_ms, std::int64_t limit,
                           std::int64_t offset);
  Result<SessionPage> page(const SessionFilter& filter, std::int64_t limit, std::int64_t offset);
  Result<std::optional<SessionRow>> find_by_id(const std::string& session_id);
  Result<std::int64_t> count(const std::string& agent_id);
  // Sessions without any entry that nothing has changed since then, of one agent or all; the longest unchanged first.
  Result<std::vector<SessionRow>> without_entries(const std::string& agent_id, std::int64_t before_ms,
                                                  std::int64_t limit);
  // Writes label and everything that clients set, and updated_ms. Error not_found.
  Result<void> write_settings(const SessionRow& row);
  // A fresh transcript under the same key: a new session id and nothing counted. The entries of the old id stay.
  // Error not_found.
  Result<SessionRow> restart(const std::string& key, std::int64_t now_ms);
  Result<bool> remove(const std::string& key);  // The row alone. False: there was none.
  // Error not_found: no such session.
  Result<void> touch(const std::string& key, std::int64_t now_ms, bool interaction);
  // Writes what a run's end changes: tokens are added, the last_* fields replaced, context_tokens replaced unless 0,
  // and it is unread. Error not_found: no such session.
  Result<void> record_run_end(const SessionRow& row);

 private:
  Database& database_;
};

}  // namespace omenia::state
