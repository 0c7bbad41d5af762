#include "shared/config/changed_paths.h"

namespace omenia {

namespace {

void compare(JsonView before, JsonView after, JsonPath& path, std::vector<JsonPath>& changed) {
  if (!before || !after || !before.is_object() || !after.is_object()) {
    if (!before || !after || !(before == after)) changed.push_back(path);
    return;
  }
  const auto compare_member = [&](JsonView old, JsonView now, std::string_view name) {
    path.emplace_back(name);
    compare(old, now, path, changed);
    path.pop_back();
  };
  for (JsonView member = after.first(); member; member = member.next())
    compare_member(before[member.name()], member, member.name());
  for (JsonView member = before.first(); member; member = member.next())
    if (!after[member.name()]) compare_member(member, JsonView(), member.name());
}

}  // namespace

std::vector<JsonPath> changed_paths(JsonView before, JsonView after) {
  std::vector<JsonPath> changed;
  JsonPath path;
  compare(before, after, path, changed);
  return changed;
}

}  // namespace omenia
