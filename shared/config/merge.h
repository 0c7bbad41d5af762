#pragma once
// Merges of configuration documents, in place: nodes are moved, so that what is known of them stays true.

#include <string_view>
#include <unordered_map>

struct cJSON;

namespace omenia {

struct Origin;
using Origins = std::unordered_map<const cJSON*, Origin>;

// Exchanges what two nodes hold, with their origins; names and places in their parents stay.
void swap_values(cJSON* a, cJSON* b, Origins& origins);

// Moves the members of `source` into `target`, both objects: objects are merged, lists joined, of other values that of
// `source` counts. `source` is empty afterwards.
void merge_into(cJSON* target, cJSON* source, Origins& origins);

// The same for two values of any kind.
void merge_value(cJSON* target, cJSON* source, Origins& origins);

void remove_member(cJSON* object, std::string_view name);

}  // namespace omenia
