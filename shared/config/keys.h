#pragma once
// The configuration's keys as constant tables: every row of keys.def and records.def with the field it fills.
// Validation, defaults, redaction, reload planning and the documentation read these rows.

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/config/config.h"
#include "shared/json/json_path.h"

namespace omenia {

enum class KeyType { Text, TextOrFalse, Path, Flag, Integer, Number, List, Hidden, Headers };

// What a change of the key takes, from least to most.
enum class Reload { Live, Rewire, Worker, Service };

struct KeyRule {
  enum class Kind {
    any,
    name,
    one_of,
    within,
    url,
    ipv4,
    networks,
    origins,
    exact_origins,
    fingerprint,
    dialect,
    route
  };
  Kind kind = Kind::any;
  std::string_view allowed{};  // one_of: the values; url: the schemes; separated by '|'.
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

// The words of the column "rule".
namespace key_rules {
inline constexpr KeyRule any{};
inline constexpr KeyRule name{.kind = KeyRule::Kind::name};                    // Not blank.
inline constexpr KeyRule ipv4{.kind = KeyRule::Kind::ipv4};                    // Four numbers.
inline constexpr KeyRule networks{.kind = KeyRule::Kind::networks};            // Addresses or address/bits.
inline constexpr KeyRule origins{.kind = KeyRule::Kind::origins};              // scheme://host[:port], or *.
inline constexpr KeyRule exact_origins{.kind = KeyRule::Kind::exact_origins};  // No *.
inline constexpr KeyRule fingerprint{.kind = KeyRule::Kind::fingerprint};      // SHA-256, hexadecimal.
inline constexpr KeyRule dialect{.kind = KeyRule::Kind::dialect};  // A provider API that this release speaks.
inline constexpr KeyRule route{.kind = KeyRule::Kind::route};      // A path of requests, not the root.
constexpr KeyRule one_of(std::string_view values) {
  return {.kind = KeyRule::Kind::one_of, .allowed = values};
}
constexpr KeyRule within(std::int64_t min, std::int64_t max) {
  return {.kind = KeyRule::Kind::within, .min = min, .max = max};
}
constexpr KeyRule url(std::string_view schemes) {
  return {.kind = KeyRule::Kind::url, .allowed = schemes};
}
}  // namespace key_rules

struct KeyRow {
  std::string_view path;  // Pattern: `*` stands for a record's id, `[]` after a name for an element.
  KeyType type;
  KeyRule rule;
  Reload reload;
  std::string_view doc;

  constexpr bool hidden() const { return type == KeyType::Hidden || type == KeyType::Headers; }
};

template <typename Owner>
using KeyField =
    std::variant<std::string Owner::*, bool Owner::*, std::int64_t Owner::*, double Owner::*,
                 std::vector<std::string> Owner::*, Secret Owner::*, std::map<std::string, std::string> Owner::*>;

template <typename Owner>
struct KeyBinding {
  KeyRow row;
  KeyField<Owner> field;
};

#define OMENIA_BINDING(owner, path, field, type, rule, reload, doc) \
  {{path, KeyType::type, key_rules::rule, Reload::reload, doc}, &owner::field},

inline constexpr KeyBinding<Config> config_keys[] = {
#define KEY(path, field, type, initial, rule, reload, doc) OMENIA_BINDING(Config, path, field, type, rule, reload, doc)
#include "shared/config/keys.def"
#undef KEY
};
inline constexpr KeyBinding<ProviderConfig> provider_keys[] = {
#define PROVIDER(path, field, type, rule, reload, doc) \
  OMENIA_BINDING(ProviderConfig, path, field, type, rule, reload, doc)
#include "shared/config/records.def"
};
inline constexpr KeyBinding<ModelConfig> model_keys[] = {
#define MODEL(path, field, type, rule, reload, doc) OMENIA_BINDING(ModelConfig, path, field, type, rule, reload, doc)
#include "shared/config/records.def"
};
inline constexpr KeyBinding<AgentConfig> agent_keys[] = {
#define AGENT(path, field, type, rule, reload, doc) OMENIA_BINDING(AgentConfig, path, field, type, rule, reload, doc)
#include "shared/config/records.def"
};
inline constexpr KeyBinding<HookMapping> hook_mapping_keys[] = {
#define MAPPING(path, field, type, rule, reload, doc) OMENIA_BINDING(HookMapping, path, field, type, rule, reload, doc)
#include "shared/config/records.def"
};
#undef OMENIA_BINDING

// A key of compatible gateways that is accepted and not used; it covers all below it.
struct IgnoredKey {
  std::string_view path;
  std::string_view consequence;  // What ignoring it means; may be empty.
};

inline constexpr IgnoredKey ignored_keys[] = {
#define IGNORED(path, consequence) {path, consequence},
#include "shared/config/reference_keys.def"
#undef IGNORED
};

std::span<const KeyRow* const> key_rows();  // All, in the order of the tables.

// The row of a concrete path such as models.providers.openai.apiKey; `model` alone means `model.primary`, where that
// is a row. Null: no such key.
const KeyRow* find_key(const JsonPath& path);
// Also for what lies below one, unless that is a key or holds one.
const IgnoredKey* find_ignored_key(const JsonPath& path);

// What a change at `path` takes: the most of its row and of all rows below it. Nothing: no used key is concerned.
std::optional<Reload> reload_of(const JsonPath& path);

// The default of a row as JSON text; "" for keys of records and for empty texts, lists and secrets.
std::string default_text(const KeyRow& row);

std::string_view to_text(Reload reload);
std::string type_text(const KeyRow& row);  // "integer 1 to 65535", "one of off, hot", "list of text"

}  // namespace omenia
