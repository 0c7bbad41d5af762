#pragma once
// The handlers and shapes of the tools, as their rows name them. A row without its handler or shape does not link.

#include <string>

#include "worker/tools/tool.h"

namespace omenia::tools {

#define TOOL(id, name, group, users, profiles, params, doc) extern const Shape params;
#include "shared/tables/tools.def"
#undef TOOL

namespace handlers {
#define TOOL(id, name, group, users, profiles, params, doc) ToolTask id(ToolCallPointer call);
#include "shared/tables/tools.def"
#undef TOOL
}  // namespace handlers

// A result whose text is its details, for people; or one with a text of its own. `details` is the text of a JSON
// object.
Json result_of(std::string_view details);
Json result_of(std::string_view text, std::string_view details);

// The session that a call names, or its own. Error not_found, in the same words whether there is no such session or it
// is not for this call to see; invalid_request for what is no key.
Result<sessions::SessionKey> named_session(const ToolCall& call, std::string_view name);
Error no_such_session(std::string_view name);

}  // namespace omenia::tools
