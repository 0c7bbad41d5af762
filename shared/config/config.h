#pragma once
// Config: the operator's configuration, typed. A value object: loaded whole, checked whole, never changed in place.
// What cannot be expressed as a fixed key (agents, providers) has a record each.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "shared/base/limits.h"
#include "shared/base/secret.h"

namespace omenia {

namespace config_types {
using Text = std::string;
using TextOrFalse = std::string;  // `false` in the file is the empty text.
using Path = std::string;         // Absolute after loading.
using Flag = bool;
using Integer = std::int64_t;
using Number = double;
using List = std::vector<std::string>;
using Hidden = Secret;
}  // namespace config_types

// models.providers.<id>.models[]
struct ModelConfig {
  std::string id;
  std::string name;                 // Empty in the file: the id.
  std::int64_t context_window = 0;  // Tokens; 0: unknown.
  std::int64_t max_tokens = 0;      // Longest answer in tokens; 0: the provider's default.
  bool reasoning = false;
};

// models.providers.<id>
struct ProviderConfig {
  std::string id;
  std::string base_url;  // With "/v1" when the server wants it; without a trailing slash.
  Secret api_key;
  std::string api = "openai-completions";
  std::map<std::string, std::string> headers;  // Extra request headers.
  std::int64_t timeout_seconds = 0;            // Whole request; 0: only the idle deadlines.
  std::vector<ModelConfig> models;
};

// agents.entries.<id>
struct AgentConfig {
  std::string id;
  std::string name;
  std::string workspace;  // Empty: derived from agents.defaults.workspace.
  std::string model;      // `provider/model`; empty: agents.defaults.model.primary.
  std::string tools_profile{};
  std::vector<std::string> tools_allow{};
  std::vector<std::string> tools_also_allow{};
  std::vector<std::string> tools_deny{};
};

// hooks.mappings[]. Texts that are empty were not given.
struct HookMapping {
  std::string id;
  std::string match_path;    // Below hooks.path.
  std::string match_source;  // The payload's member `source`.
  std::string action = "agent";
  std::string wake_mode;
  std::string name;
  std::string agent_id;
  std::string session_key;
  std::string session_mode;
  std::string message_template;
  std::string text_template;
  std::string model;
  std::string thinking;
  std::int64_t timeout_seconds = -1;  // -1: not given.
  std::string for_each;               // A member of the payload: one action for each element.
  std::string transform_module;
  bool trusts_content = false;
};

struct Config {
#define KEY(path, field, type, initial, rule, reload, doc) config_types::type field{initial};
#include "shared/config/keys.def"
#undef KEY
  std::vector<ProviderConfig> providers;
  std::vector<HookMapping> hook_mappings;  // In file order: the first that matches counts.
  std::vector<AgentConfig> agents;  // In file order; never empty after loading: "main" is there when none is named.
};

}  // namespace omenia
