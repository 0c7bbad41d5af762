#include "shared/config/keys.h"

#include <algorithm>
#include <array>

#include "shared/config/key_pattern.h"

namespace omenia {

namespace {

constexpr auto all_rows = [] {
  std::array<const KeyRow*, std::size(config_keys) + std::size(provider_keys) + std::size(model_keys) +
                                std::size(agent_keys) + std::size(hook_mapping_keys)>
      rows{};
  std::size_t count = 0;
  for (const auto& key : config_keys) rows[count++] = &key.row;
  for (const auto& key : provider_keys) rows[count++] = &key.row;
  for (const auto& key : model_keys) rows[count++] = &key.row;
  for (const auto& key : agent_keys) rows[count++] = &key.row;
  for (const auto& key : hook_mapping_keys) rows[count++] = &key.row;
  return rows;
}();

// A row's value in a Config that nobody changed.
struct DefaultText {
  const Config& config;

  std::string operator()(std::string Config::*field) const {
    return (config.*field).empty() ? "" : Json::of(config.*field).dump();
  }
  std::string operator()(bool Config::*field) const { return config.*field ? "true" : "false"; }
  std::string operator()(std::int64_t Config::*field) const { return std::to_string(config.*field); }
  std::string operator()(double Config::*field) const { return Json::of(config.*field).dump(); }
  template <typename Other>
  std::string operator()(Other Config::*) const {
    return "";
  }
};

std::string rule_text(const KeyRule& rule) {
  std::string values(rule.allowed);
  for (std::size_t at = 0; (at = values.find('|', at)) != std::string::npos; at += 2) values.replace(at, 1, ", ");
  switch (rule.kind) {
    case KeyRule::Kind::one_of: return "one of " + values;
    case KeyRule::Kind::within: return "integer " + std::to_string(rule.min) + " to " + std::to_string(rule.max);
    case KeyRule::Kind::url: return "address (" + values + ")";
    case KeyRule::Kind::ipv4: return "IPv4 address";
    case KeyRule::Kind::networks: return "list of addresses or ranges";
    case KeyRule::Kind::origins:
    case KeyRule::Kind::exact_origins: return "list of origins";
    case KeyRule::Kind::fingerprint: return "SHA-256, hexadecimal";
    default: return "";
  }
}

}  // namespace

std::span<const KeyRow* const> key_rows() {
  return all_rows;
}

const KeyRow* find_key(const JsonPath& path) {
  const JsonPath primary = path / "primary";
  for (const KeyRow* row : all_rows) {
    if (pattern_matches(row->path, path) || pattern_matches(row->path, primary)) return row;
  }
  return nullptr;
}

const IgnoredKey* find_ignored_key(const JsonPath& path) {
  const auto is_or_holds_key = [&](const KeyRow* row) {
    return pattern_matches(row->path, path) || pattern_reaches_below(row->path, path);
  };
  if (std::any_of(all_rows.begin(), all_rows.end(), is_or_holds_key)) return nullptr;
  const auto found = std::find_if(std::begin(ignored_keys), std::end(ignored_keys),
                                  [&](const IgnoredKey& key) { return pattern_covers(key.path, path); });
  return found == std::end(ignored_keys) ? nullptr : &*found;
}

std::optional<Reload> reload_of(const JsonPath& path) {
  std::optional<Reload> most;
  for (const KeyRow* row : all_rows) {
    if (!pattern_covers(row->path, path) && !pattern_reaches_below(row->path, path)) continue;
    most = std::max(most.value_or(Reload::Live), row->reload);
  }
  return most;
}

std::string default_text(const KeyRow& row) {
  const Config untouched{};
  for (const auto& key : config_keys)
    if (&key.row == &row) return std::visit(DefaultText{untouched}, key.field);
  return "";
}

std::string_view to_text(Reload reload) {
  switch (reload) {
    case Reload::Live: return "live";
    case Reload::Rewire: return "rewire";
    case Reload::Worker: return "worker";
    case Reload::Service: return "service";
  }
  return "";
}

std::string type_text(const KeyRow& row) {
  if (std::string text = rule_text(row.rule); !text.empty()) return text;
  switch (row.type) {
    case KeyType::Text: return "text";
    case KeyType::TextOrFalse: return "text or false";
    case KeyType::Path: return "path";
    case KeyType::Flag: return "true or false";
    case KeyType::Integer: return "integer";
    case KeyType::Number: return "number";
    case KeyType::List: return "list of text";
    case KeyType::Hidden: return "secret";
    case KeyType::Headers: return "name to text, hidden";
  }
  return "";
}

}  // namespace omenia
