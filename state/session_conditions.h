#pragma once
// SessionConditions: a SessionFilter as SQL, for statements about sessions in state/ alone.

#include <cstdint>

#include "state/sessions.h"

namespace omenia::state {

// Parameters 1 to 7: updated_since_ms, agent_id, archived_wanted(), pinned_only, label, category, search. A condition
// that is not wanted is true for every row. A macro, because a statement's text is put together when compiling.
#define SESSION_CONDITIONS                                                        \
  "updated_ms >= ?1 AND (?2 = '' OR agent_id = ?2) AND (?3 < 0 OR archived = ?3)" \
  " AND pinned >= ?4 AND (?5 = '' OR label = ?5) AND (?6 = '' OR category = ?6)"  \
  " AND (?7 = '' OR instr(lower(key || ' ' || label), lower(?7)) > 0)"

inline std::int64_t archived_wanted(const SessionFilter& filter) {
  if (filter.archived == SessionFilter::Archived::both) return -1;
  return filter.archived == SessionFilter::Archived::yes ? 1 : 0;
}

}  // namespace omenia::state
