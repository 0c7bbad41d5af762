#pragma once
// Roster: sessions as rows that clients show.

#include <string>

#include "shared/json/writer.h"
#include "state/sessions.h"

namespace omenia::agents {
class Runs;
}

namespace omenia::sessions {

// What a row shows of its transcript, when that was asked for. Empty: not shown.
struct RowTexts {
  std::string title;         // Made of the first message of a person.
  std::string last_message;  // Its beginning.
};

// One row of sessions.list and chat.history's `sessionInfo`, as an object. `runs` tells which runs are under way.
void write_row(JsonWriter& writer, const state::SessionRow& row, const agents::Runs* runs, const RowTexts& texts = {});

// The members `modelProvider` and `model`: what the session asks for, else what answered last.
void write_model(JsonWriter& writer, const state::SessionRow& row);

// The members of a row's `look`, in the object that is open.
void write_look(JsonWriter& writer, const state::SessionRow& row);

}  // namespace omenia::sessions
