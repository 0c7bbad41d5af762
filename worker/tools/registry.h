#pragma once
// Registry: the agents' own tools, one row each in shared/tables/tools.def.

#include <string_view>

namespace omenia::tools {

// Names of tools are told apart without regard to the case of ASCII letters, and are otherwise exact.
bool is_own_tool(std::string_view name);  // A tool of a client must not have such a name.

}  // namespace omenia::tools
