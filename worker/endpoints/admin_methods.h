#pragma once
// AdminMethods: which methods of the control protocol programs may call by POST /api/v1/admin/rpc. The names are those
// that clients of this endpoint know; what this release does not have is left out of what is offered.

#include <string_view>
#include <vector>

namespace omenia::endpoints {

bool is_admin_method(std::string_view name);         // One that this release serves.
std::vector<std::string_view> admin_method_names();  // The same, in their order.

inline constexpr std::string_view admin_list_method = "commands.list";  // Answered by the endpoint itself.

}  // namespace omenia::endpoints
