#pragma once
// Registry: the agents' own tools, one row each in shared/tables/tools.def.

#include <span>
#include <string_view>

namespace omenia::tools {

struct ToolRow;

std::span<const ToolRow> tool_rows();

// Names of tools are told apart without regard to the case of ASCII letters, and are otherwise exact.
const ToolRow* find_tool(std::string_view name);  // Null: there is none.
bool is_own_tool(std::string_view name);          // A tool of a client must not have such a name.

}  // namespace omenia::tools
