#pragma once
// Tool: what an agent may do besides answering, as a row, and one call of it.

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "shared/base/result.h"
#include "shared/base/task.h"
#include "shared/config/config.h"
#include "shared/json/json.h"
#include "shared/json/shape.h"
#include "shared/loop/loop.h"
#include "worker/sessions/key.h"

namespace omenia::state {
class Store;
}
namespace omenia::agents {
class Runs;
}
namespace omenia::providers {
class Catalog;
}

namespace omenia::tools {

// What tools may use of the worker. Outlives every call; the functions answer what is configured now.
struct ToolHost {
  Loop& loop;
  state::Store& store;
  agents::Runs& runs;
  std::function<std::shared_ptr<const Config>()> config;
  std::function<std::shared_ptr<const providers::Catalog>()> catalog;
  std::function<std::string(std::string_view)> without_secrets;  // The text with the configuration's secrets masked.
};

struct ToolCall {
  const ToolHost& host;
  sessions::SessionKey session;    // Whose tool it is: the session that the call belongs to.
  bool sees_all_sessions = false;  // An operator asks, not a model: any session may be named.
  Json args;                       // An object that fits the tool's shape.
  std::stop_token stop;            // Requested when nobody waits for the result any more.
};

using ToolCallPointer = std::shared_ptr<const ToolCall>;

// {"content":[{"type":"text","text":...}],"details":{...}}. Errors: invalid_request and not_found for what was asked,
// forbidden for what may not be; any other is a failure of the tool.
using ToolTask = Task<Result<Json>>;

enum class ToolGroup { agents, sessions };  // What a policy can name: "group:sessions".
enum class ToolUsers { everyone, owner };

std::string_view name_of(ToolGroup group);  // "sessions"

// The profiles that a row belongs to, as bits; every tool belongs to the profile `full`.
namespace tool_profiles {
inline constexpr std::uint8_t only_full = 0;
inline constexpr std::uint8_t minimal = 1;
inline constexpr std::uint8_t coding = 2;
inline constexpr std::uint8_t messaging = 4;
}  // namespace tool_profiles

struct ToolRow {
  std::string_view name;
  ToolGroup group;
  ToolUsers users;
  std::uint8_t profiles;
  const Shape& params;
  ToolTask (*handler)(ToolCallPointer call);
  std::string_view doc;
};

}  // namespace omenia::tools
