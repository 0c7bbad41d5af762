#include "worker/tools/registry.h"

#include <algorithm>
#include <iterator>

#include "shared/base/ascii.h"
#include "worker/tools/handlers.h"

namespace omenia::tools {

namespace {

using namespace tool_profiles;

constexpr ToolRow rows[] = {
#define TOOL(id, name, group, users, profiles, params, doc) \
  {name, ToolGroup::group, ToolUsers::users, profiles, params, handlers::id, doc},
#include "shared/tables/tools.def"
#undef TOOL
};

}  // namespace

std::span<const ToolRow> tool_rows() {
  return rows;
}

const ToolRow* find_tool(std::string_view name) {
  const auto found = std::find_if(std::begin(rows), std::end(rows),
                                  [name](const ToolRow& row) { return same_but_for_case(row.name, name); });
  return found == std::end(rows) ? nullptr : found;
}

bool is_own_tool(std::string_view name) {
  return find_tool(name) != nullptr;
}

std::string_view name_of(ToolGroup group) {
  switch (group) {
    case ToolGroup::agents: return "agents";
    case ToolGroup::sessions: return "sessions";
  }
  return "";
}

}  // namespace omenia::tools
