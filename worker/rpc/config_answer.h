#pragma once
// Parts of the answers of the config methods.

#include "shared/config/load.h"
#include "shared/json/writer.h"
#include "worker/config/live_config.h"

namespace omenia::rpc {

// A configuration with its defaults written out, as it counts; secrets hidden.
Json shown_config(const LoadedConfig& loaded);

void write_issues(JsonWriter& writer, std::string_view name, const std::vector<ConfigIssue>& issues);

// The member "reload": {action, class, mode, text, note?, changes[{path, class}], problems[]}.
void write_reload(JsonWriter& writer, const worker::PlannedReload& planned);

}  // namespace omenia::rpc
