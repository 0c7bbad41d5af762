#pragma once
// Invoke: one call of a tool, with its arguments checked, its time bounded and its end when nobody waits any more.

#include <cstdint>

#include "shared/base/limits.h"
#include "worker/tools/tool.h"

namespace omenia::tools {

// What a caller wants done. Its arguments may be anything.
struct ToolRequest {
  const ToolRow* tool;
  sessions::SessionKey session;
  bool sees_all_sessions = false;
  Json args;
  std::stop_token stop;
  std::int64_t time_ms_max = limits::tool_ms_max;
};

// The tool's result. Errors: those of the tool; invalid_request for arguments that do not fit, says which;
// run_aborted when `stop` was requested, run_timeout when the time is over: the tool is ended then.
ToolTask invoke(const ToolHost* host, ToolRequest request);

}  // namespace omenia::tools
