#include "shared/config/edit.h"

#include <cjson/cJSON.h>

#include <algorithm>

#include "shared/base/ensure.h"
#include "shared/config/key_pattern.h"
#include "shared/config/keys.h"
#include "shared/json/json5.h"

namespace omenia {

namespace {

bool takes_text(const KeyRow* row) {
  return row && (row->type == KeyType::Text || row->type == KeyType::Path || row->type == KeyType::Hidden);
}

// True when the tables have a list at `path`.
bool is_list(const JsonPath& path) {
  const auto rows = key_rows();
  return std::any_of(rows.begin(), rows.end(), [&](const KeyRow* row) {
    if (row->type == KeyType::List) return pattern_matches(row->path, path);
    return pattern_reaches_below(row->path, path) && pattern_segments(row->path)[path.size()] == "[]";
  });
}

bool has_short_form(const JsonPath& path) {
  const KeyRow* row = find_key(path);
  return row && !pattern_matches(row->path, path);
}

cJSON* child_of(cJSON* parent, const std::string& name) {
  return const_cast<cJSON*>(find(JsonView(parent), {name}).node());
}

Result<void> put(cJSON* parent, const JsonPath& place, const std::string& name, cJSON* item) {
  bool placed = false;
  if (cJSON_IsObject(parent)) {
    placed = child_of(parent, name) ? cJSON_ReplaceItemInObjectCaseSensitive(parent, name.c_str(), item)
                                    : cJSON_AddItemToObject(parent, name.c_str(), item);
  } else if (const auto index = array_index(name); index && cJSON_IsArray(parent)) {
    const std::size_t size = JsonView(parent).size();
    if (*index < size) placed = cJSON_ReplaceItemInArray(parent, static_cast<int>(*index), item);
    if (*index == size) placed = cJSON_AddItemToArray(parent, item);
  }
  if (placed) return {};
  cJSON_Delete(item);
  return fail(ErrorCode::usage, "Cannot set " + to_text(place / name) + ": " + to_text(place) +
                                    (cJSON_IsArray(parent) ? " has no such index" : " is not an object"));
}

// What is at `place`/`name`, ready to take members: made when missing, and "x" becomes {primary: "x"} where that is
// the long form.
Result<cJSON*> enter(cJSON* parent, const JsonPath& place, const std::string& name) {
  cJSON* child = child_of(parent, name);
  const JsonPath path = place / name;
  if (!child) {
    TRY(put(parent, place, name, is_list(path) ? cJSON_CreateArray() : cJSON_CreateObject()));
  } else if (cJSON_IsString(child) && has_short_form(path)) {
    cJSON* long_form = cJSON_CreateObject();
    cJSON_AddItemToObject(long_form, "primary", cJSON_Duplicate(child, true));
    TRY(put(parent, place, name, long_form));
  }
  return child_of(parent, name);
}

}  // namespace

Json value_from_text(std::string_view text, const JsonPath& path) {
  auto document = parse_json5(text);
  if (!document.ok()) return Json::of(text);
  const JsonView value = document.value().value;
  const bool plain = value.is_number() || value.is_bool();
  const KeyRow* row = find_key(path);
  if (plain && takes_text(row) && pattern_matches(row->path, path)) return Json::of(text);
  return std::move(document.value().value);
}

JsonView value_at(JsonView document, const JsonPath& path) {
  if (const JsonView value = find(document, path); value || path.empty() || path.back() != "primary") return value;
  const JsonPath parent(path.begin(), path.end() - 1);
  const JsonView value = find(document, parent);
  return value.is_string() && has_short_form(parent) ? value : JsonView();
}

Result<void> set_value(Json& document, const JsonPath& path, const Json& value) {
  ensure(document.view().is_object(), "a configuration is an object");
  ensure(!path.empty() && bool(value), "a value is set at a path");
  JsonPath place;
  cJSON* parent = document.mutable_node();
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    TRY_ASSIGN(parent, enter(parent, place, path[i]));
    place.push_back(path[i]);
  }
  return put(parent, place, path.back(), cJSON_Duplicate(value.view().node(), true));
}

bool unset_value(Json& document, const JsonPath& path) {
  if (path.empty()) return false;
  const JsonView parent = find(document, {path.begin(), path.end() - 1});
  const JsonView value = find(parent, {path.back()});
  if (!value) return false;
  cJSON_Delete(cJSON_DetachItemViaPointer(const_cast<cJSON*>(parent.node()), const_cast<cJSON*>(value.node())));
  return true;
}

}  // namespace omenia
