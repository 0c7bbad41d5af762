#pragma once
// Mapping: what the configuration makes of a request below hooks.path that has no meaning of its own.

#include "worker/hooks/actions.h"
#include "worker/hooks/templates.h"

namespace omenia::hooks {

// The first that fits; null: none.
const HookMapping* find_mapping(const Config& config, std::string_view path, JsonView payload);

// Nothing to do: the list that it goes through is empty. Errors: invalid_request; internal for a mapping that needs a
// module.
Result<Actions> actions_of(const worker::Context& context, const HookMapping& mapping, const TemplateValues& asked);

}  // namespace omenia::hooks
