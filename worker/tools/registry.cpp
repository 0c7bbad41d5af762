#include "worker/tools/registry.h"

#include <algorithm>
#include <iterator>

#include "shared/base/ascii.h"

namespace omenia::tools {

namespace {

constexpr std::string_view names[] = {
#define TOOL(id, name, group, who, profiles, params, doc) name,
#include "shared/tables/tools.def"
#undef TOOL
};

}  // namespace

bool is_own_tool(std::string_view name) {
  return std::any_of(std::begin(names), std::end(names), [name](std::string_view own) {
    return own.size() == name.size() && same_but_for_case(own, name);
  });
}

}  // namespace omenia::tools
