#pragma once
// OpenAiToolCalls: puts tool calls together from the pieces in which servers send them: by index, by id, by neither;
// the arguments in fragments, whole, or as an object.

#include <cstdint>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/json/json.h"
#include "worker/providers/tool.h"

namespace omenia::providers {

class OpenAiToolCalls {
 public:
  // The `tool_calls` of a delta or of a whole message; anything else is left out. Error provider_broken: they are too
  // many or too large.
  Result<void> add(JsonView tool_calls);

  // Those that have a name. An answer that was `cut_off` may end inside a call, which is left out then.
  std::vector<ToolCall> take(bool cut_off);

 private:
  struct Open {
    std::int64_t index = -1;  // -1: not told.
    ToolCall call;
  };
  Open& place_of(JsonView piece);

  std::vector<Open> calls_;
  std::size_t bytes_ = 0;
};

}  // namespace omenia::providers
