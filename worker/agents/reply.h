#pragma once
// Reply: what a run has said, as a whole.

#include "worker/agents/run.h"

namespace omenia::agents {

enum class Reply {
  empty,
  silent,  // NO_REPLY: what an agent answers that has nothing to say.
  visible,
};
Reply reply_of(const RunOutcome& outcome);

}  // namespace omenia::agents
