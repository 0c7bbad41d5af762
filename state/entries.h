#pragma once
// Entries: the append-only transcripts. A body is a message object rendered as JSON once, as clients and prompts read
// it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/limits.h"
#include "shared/base/result.h"

namespace omenia::state {

class Database;

struct EntryRow {
  std::string session_id;
  std::int64_t seq = 0;  // 1, 2, 3 ... in the session, without gaps.
  std::string id;        // UUID.
  std::string kind;      // message, notice (shown, not sent to the model), compaction (worker/agents/transcript.h).
  std::string role;      // user, assistant; empty for notices.
  std::string run_id;    // Empty: not of a run.
  std::int64_t created_ms = 0;
  std::string body;  // JSON object.
};

// A transcript that no session has any more, as one that was reset leaves behind.
struct OrphanRow {
  std::string session_id;
  std::int64_t bytes = 0;  // Of its bodies.
};

class Entries {
 public:
  explicit Entries(Database& database) : database_(database) {}
  // Appends with the session's next number, which is written into the returned row, as is an id when it has none.
  // Error not_found: no such session.
  Result<EntryRow> append(EntryRow row);
  // With the number that it has, of a session that counts on after it. Error internal when there is one with it.
  Result<void> add(const EntryRow& row);
  // The last `limit` entries before `before_seq` (0: the end), in ascending order. Fewer, but at least one, when their
  // bodies are larger than `bytes_max` together.
  Result<std::vector<EntryRow>> window(const std::string& session_id, std::int64_t before_seq, std::int64_t limit,
                                       std::size_t bytes_max = limits::store_window_bytes_max);
  // What a prompt is made of: the last `limit` entries, with the last compaction before them when none is among them.
  Result<std::vector<EntryRow>> prompt_window(const std::string& session_id, std::int64_t limit);
  Result<std::int64_t> count(const std::string& session_id);
  Result<std::optional<EntryRow>> find(const std::string& session_id, const std::string& id);
  Result<std::optional<EntryRow>> first_of(const std::string& session_id, const std::string& role);
  // Copies the entries before `end_seq` into a session that has none, with their ids and numbers. How many there were.
  Result<std::int64_t> copy(const std::string& session_id, const std::string& to_session_id, std::int64_t end_seq);
  Result<std::int64_t> remove_all(const std::string& session_id);  // How many there were.
  // Orphans whose last entry is older than that; the oldest first.
  Result<std::vector<OrphanRow>> orphans(std::int64_t before_ms, std::int64_t limit);

 private:
  Database& database_;
};

}  // namespace omenia::state
