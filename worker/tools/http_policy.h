#pragma once
// HttpPolicy: what of an agent's tools POST /tools/invoke reaches. That surface is wider than a conversation: whoever
// has the gateway's secret calls tools there by name, so what acts on machine, files and other sessions is closed by
// itself.

#include "shared/config/config.h"
#include "worker/tools/tool.h"

namespace omenia::tools {

// gateway.tools.deny closes more, gateway.tools.allow opens again, for the owner alone.
bool is_open_over_http(const Config& config, const ToolRow& tool, bool is_owner);

}  // namespace omenia::tools
