#include "shared/config/merge.h"

#include <cjson/cJSON.h>

#include <string>
#include <utility>

#include "shared/config/compose.h"

namespace omenia {

namespace {

cJSON* take_first(cJSON* parent) {
  return cJSON_DetachItemViaPointer(parent, parent->child);
}

void join(cJSON* target, cJSON* source) {
  while (source->child) cJSON_AddItemToArray(target, take_first(source));
}

}  // namespace

void swap_values(cJSON* a, cJSON* b, Origins& origins) {
  std::swap(a->type, b->type);
  std::swap(a->child, b->child);
  std::swap(a->valuestring, b->valuestring);
  std::swap(a->valueint, b->valueint);
  std::swap(a->valuedouble, b->valuedouble);
  std::swap(origins[a], origins[b]);
}

void merge_into(cJSON* target, cJSON* source, Origins& origins) {
  while (source->child) {
    cJSON* const member = take_first(source);
    const std::string name = member->string;
    cJSON* const present = cJSON_GetObjectItemCaseSensitive(target, name.c_str());
    if (!present) {
      cJSON_AddItemToObject(target, name.c_str(), member);
      continue;
    }
    merge_value(present, member, origins);
    cJSON_Delete(member);
  }
}

void merge_value(cJSON* target, cJSON* source, Origins& origins) {
  const bool are_objects = cJSON_IsObject(target) && cJSON_IsObject(source);
  const bool are_lists = cJSON_IsArray(target) && cJSON_IsArray(source);
  if (!are_objects && !are_lists) return swap_values(target, source, origins);
  are_objects ? merge_into(target, source, origins) : join(target, source);
  origins[target] = origins[source];
}

void remove_member(cJSON* object, std::string_view name) {
  cJSON_DeleteItemFromObjectCaseSensitive(object, std::string(name).c_str());
}

}  // namespace omenia
