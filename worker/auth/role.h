#pragma once
// Role: what kind of peer a connection is. Granted at connect; a method is for one of them.

#include <string_view>

namespace omenia::auth {

enum class Role { operator_, node };

constexpr std::string_view name_of(Role role) {
  return role == Role::node ? "node" : "operator";
}

}  // namespace omenia::auth
