#include "shared/config/patch.h"

#include <algorithm>

namespace omenia {

namespace {

bool have_ids(JsonView list) {
  for (JsonView element = list.first(); element; element = element.next())
    if (!element["id"].is_string()) return false;
  return list.is_array() && list.first();
}

JsonView find_id(JsonView list, JsonView id) {
  for (JsonView element = list.first(); element; element = element.next())
    if (element["id"] == id) return element;
  return {};
}

bool holds(JsonView list, JsonView value) {
  for (JsonView element = list.first(); element; element = element.next())
    if (element == value) return true;
  return false;
}

class Patcher {
 public:
  explicit Patcher(const std::vector<JsonPath>& replaceable) : replaceable_(replaceable) {}

  Result<Json> apply(JsonView value, JsonView patch) {
    if (patch.is_object()) return merge(value, patch);
    if (patch.is_array() && value.is_array() && !is_replaceable()) return join(value, patch);
    return Json::copy(patch);
  }

 private:
  bool is_replaceable() const {
    return std::find(replaceable_.begin(), replaceable_.end(), path_) != replaceable_.end();
  }

  Result<Json> merge(JsonView value, JsonView patch) {
    Json merged = value.is_object() ? Json::copy(value) : Json::object();
    for (JsonView member = patch.first(); member; member = member.next()) {
      if (member.is_null()) {
        merged.remove(member.name());
        continue;
      }
      path_.emplace_back(member.name());
      TRY_ASSIGN(Json changed, apply(value[member.name()], member));
      path_.pop_back();
      merged.set(member.name(), std::move(changed));
    }
    return merged;
  }

  Result<Json> join(JsonView list, JsonView patch) {
    if (have_ids(list) && have_ids(patch)) return join_by_id(list, patch);
    for (JsonView element = list.first(); element; element = element.next())
      if (!holds(patch, element))
        return fail(ErrorCode::invalid_request, "the patch would take elements out of " + to_text(path_) +
                                                    "; name it in replacePaths (--replace-path) if that is meant");
    return Json::copy(patch);
  }

  Result<Json> join_by_id(JsonView list, JsonView patch) {
    Json joined = Json::array();
    for (JsonView element = list.first(); element; element = element.next()) {
      const JsonView change = find_id(patch, element["id"]);
      if (!change) {
        joined.push(Json::copy(element));
        continue;
      }
      TRY_ASSIGN(Json changed, merge(element, change));
      joined.push(std::move(changed));
    }
    for (JsonView element = patch.first(); element; element = element.next()) {
      if (find_id(list, element["id"])) continue;
      TRY_ASSIGN(Json added, merge(JsonView(), element));
      joined.push(std::move(added));
    }
    return joined;
  }

  const std::vector<JsonPath>& replaceable_;
  JsonPath path_;
};

}  // namespace

Result<Json> patched(JsonView document, JsonView patch, const std::vector<JsonPath>& replaceable) {
  if (!patch.is_object()) return fail(ErrorCode::invalid_request, "a patch of the configuration has to be an object");
  return Patcher(replaceable).apply(document, patch);
}

}  // namespace omenia
