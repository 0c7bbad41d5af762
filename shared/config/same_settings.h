#pragma once
// Same settings: do two configurations mean the same? Compared field by field through the key tables, so that a new key
// takes part by having a row.

#include <algorithm>
#include <span>

#include "shared/config/keys.h"

namespace omenia {

template <typename T>
bool is_same_value(const T& a, const T& b) {
  return a == b;
}
inline bool is_same_value(const Secret& a, const Secret& b) {
  return a.reveal() == b.reveal();
}

template <typename Owner>
bool has_same_value(const KeyBinding<Owner>& key, const Owner& a, const Owner& b) {
  return std::visit([&](auto field) { return is_same_value(a.*field, b.*field); }, key.field);
}

template <typename Owner>
bool has_same_values(std::span<const KeyBinding<Owner>> keys, const Owner& a, const Owner& b) {
  return std::all_of(keys.begin(), keys.end(), [&](const auto& key) { return has_same_value(key, a, b); });
}

inline bool is_same_record(const ModelConfig& a, const ModelConfig& b) {
  return has_same_values<ModelConfig>(model_keys, a, b);
}
inline bool is_same_record(const AgentConfig& a, const AgentConfig& b) {
  return a.id == b.id && has_same_values<AgentConfig>(agent_keys, a, b);
}
inline bool is_same_record(const HookMapping& a, const HookMapping& b) {
  return has_same_values<HookMapping>(hook_mapping_keys, a, b);
}
inline bool is_same_record(const ProviderConfig& a, const ProviderConfig& b) {
  return a.id == b.id && has_same_values<ProviderConfig>(provider_keys, a, b) &&
         std::equal(a.models.begin(), a.models.end(), b.models.begin(), b.models.end(),
                    [](const ModelConfig& one, const ModelConfig& other) { return is_same_record(one, other); });
}

}  // namespace omenia
