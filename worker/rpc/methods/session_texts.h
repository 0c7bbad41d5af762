#pragma once
// SessionTexts: which sessions a list is about, and what it shows of a session's transcript.

#include <string>

#include "shared/json/json.h"
#include "state/store.h"
#include "worker/sessions/roster.h"

namespace omenia::rpc::methods {

// At most so many characters, cut between two and marked where it was cut.
std::string shortened(std::string text, std::size_t chars_max);

// The text of an entry's message.
std::string text_in(const state::EntryRow& entry);

// Which sessions the members of sessions.list and of the scope of sessions.search mean.
state::SessionFilter filter_of(JsonView params, std::int64_t now_ms);

struct WantedTexts {
  bool titles = false;
  bool last_messages = false;
  static WantedTexts read(JsonView params);
};
Result<sessions::RowTexts> read_texts(state::Tables& tables, const state::SessionRow& row, WantedTexts wanted);

}  // namespace omenia::rpc::methods
