#pragma once
// An environment made of a few variables, for tests.

#include <map>
#include <string>

#include "shared/config/paths.h"

namespace omenia::test {

using Variables = std::map<std::string, std::string, std::less<>>;

inline Environment environment_of(Variables variables) {
  return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end() || found->second.empty()) return std::nullopt;
    return found->second;
  };
}

}  // namespace omenia::test
