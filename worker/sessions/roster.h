#pragma once
// Roster: sessions as rows that clients show.

#include "shared/json/writer.h"
#include "state/sessions.h"

namespace omenia::agents {
class Runs;
}

namespace omenia::sessions {

// One row of sessions.list and chat.history's `sessionInfo`, as an object. `runs` tells which runs are under way.
void write_row(JsonWriter& writer, const state::SessionRow& row, const agents::Runs* runs);

}  // namespace omenia::sessions
