#pragma once
// ConfigChange: what follows when a method has written the configuration: who is told, and what the running gateway
// makes of it.

#include <functional>
#include <vector>

#include "shared/config/write.h"
#include "shared/json/writer.h"
#include "worker/context.h"
#include "worker/rpc/call.h"

namespace omenia::rpc::methods {

void write_paths(JsonWriter& writer, const std::vector<JsonPath>& paths);  // The member `changedPaths`.

// config.changed, to everybody.
void tell_change(worker::Context& context, const ConfigWrite& written);

// What the change comes to, as the members `reload`, `reloadError` and `restart`. What can be applied is, at once; a
// swap follows when the supervisor has seen the file.
void take_over(worker::Context& context, JsonWriter& writer);

// One edit of the configuration as its files stand, written, told and taken over; nothing of that when it changes
// nothing. `edit` is called beside the loop. Errors: its own, config_invalid, storage.
using ConfigEdit = std::function<Result<void>(Json& document)>;
Task<Result<void>> edit_config(CallPointer call, ConfigEdit edit);

}  // namespace omenia::rpc::methods
