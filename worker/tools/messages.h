#pragma once
// Messages: what tools show of a transcript: the text of people and agents, shortened, without the secrets of the
// configuration.

#include <vector>

#include "shared/json/writer.h"
#include "state/entries.h"
#include "worker/tools/tool.h"

namespace omenia::tools {

// Newest first until they are `bytes_max` together, written in order as an array. Whether any was left out.
bool write_messages(JsonWriter& writer, const ToolHost& host, const std::vector<state::EntryRow>& entries,
                    std::size_t bytes_max);

}  // namespace omenia::tools
