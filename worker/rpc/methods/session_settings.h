#pragma once
// SessionSettings: what a client wants to set on a session, and what it thinks the session is. Read and checked on the
// loop, applied in the unit of work that changes the row.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/json/json.h"
#include "state/sessions.h"
#include "worker/context.h"

namespace omenia::rpc::methods {

struct SessionSettings {
  // Parameters that say which session is meant are passed over. Error invalid_request for what this release cannot do,
  // and for a model that is not configured.
  static Result<SessionSettings> read(JsonView settings, const worker::Context& context);
  Result<void> apply_to(state::SessionRow& row) const;

  std::optional<std::string> label;
  std::optional<std::string> category;
  std::optional<std::string> model;
  std::optional<std::string> thinking_level;
  std::optional<bool> archived;
  std::optional<bool> pinned;
  std::optional<bool> unread;
  std::vector<std::pair<std::string, std::string>> look;  // Name and JSON text; "null" takes it away.
};

// The expected* parameters.
struct SessionExpectations {
  static SessionExpectations read(JsonView params);
  Result<void> check(const state::SessionRow& row) const;  // Error invalid_request: it is something else by now.

  std::string session_id;
  std::string revision;
  std::int64_t updated_ms = -1;
};

}  // namespace omenia::rpc::methods
