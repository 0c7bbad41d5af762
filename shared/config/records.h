#pragma once
// Records: the providers and agents of a configuration, each read by the rows of its table.

#include "shared/config/fields.h"

namespace omenia {

std::vector<ProviderConfig> read_providers(JsonView document, Reading& reading);

std::vector<HookMapping> read_hook_mappings(JsonView document, Reading& reading);

// In file order; "main" alone when none is named.
std::vector<AgentConfig> read_agents(JsonView document, Reading& reading);

}  // namespace omenia
