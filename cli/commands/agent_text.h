#pragma once
// AgentText: the text of one answer, put together from events that carry it piece by piece (`delta`) or whole again and
// again (`text`), and from the final result, which fills what events have left out.

#include <string>
#include <string_view>

#include "cli/client.h"
#include "shared/json/json.h"

namespace omenia::cli {

class AgentText {
 public:
  // What an `agent` event adds to the text that was shown; "" when nothing.
  std::string add(JsonView payload);

  // What is still to be shown after the run's end, with the newline that ends the answer. `payloads` is the result's.
  std::string finish(JsonView payloads);

 private:
  std::string shown_;
};

// The document of `agent --json`: {payloads, meta, …}, or {ok:false, error, runId} for a run that failed.
std::string agent_document(const Answer& answer, std::string_view run_id);

}  // namespace omenia::cli
