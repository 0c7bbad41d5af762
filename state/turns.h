#pragma once
// Turns: a whole turn of a session that was made for it, from the session's row to the answer. As a value it can be put
// into the journal when it ends and into the tables later, more than once: what the tables have already stays.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shared/base/result.h"
#include "state/entries.h"
#include "state/runs.h"
#include "state/sessions.h"

namespace omenia::state {

class Database;

struct TurnRow {
  SessionRow session;  // As after this turn, its first: what the turn used is what the session has used.
  RunRow run;          // At its end.
  EntryRow question;
  std::optional<EntryRow> answer;
};

// Fills in what follows from the rest: ids, numbers and times that stand in more than one row.
void complete(TurnRow& turn);

// The form in the journal, of a turn that is complete. Error of reading, storage: no such record, or one of a later
// version.
std::string record_of(const TurnRow& turn);
Result<TurnRow> turn_in(std::string_view record);

class Turns {
 public:
  Turns(Database& database, Sessions& sessions, Entries& entries, Runs& runs)
      : database_(database), sessions_(sessions), entries_(entries), runs_(runs) {}

  // Stores what is missing of it: all, or what comes after the question when that was stored as it began, or nothing.
  // When that fails nothing of it is changed.
  Result<void> store(const TurnRow& turn);
  // The same of many in one go: when one of them fails nothing of any is changed.
  Result<void> store(std::span<const TurnRow* const> turns);

 private:
  Result<void> store_missing(const TurnRow& turn);
  Result<void> store_whole(const TurnRow& turn);
  Result<std::string> begin(const TurnRow& turn);  // Answers the session's id.
  Result<void> end(const TurnRow& turn, const std::string& session_id);

  Database& database_;
  Sessions& sessions_;
  Entries& entries_;
  Runs& runs_;
};

}  // namespace omenia::state
