#include "worker/agents/prompt.h"

#include "shared/base/clock.h"

namespace omenia::agents {

std::string system_prompt(const AgentConfig& agent, const RunRequest& request, std::int64_t now_ms) {
  constexpr std::size_t date_chars = 10;  // "2026-11-23"
  std::string text = "You are " + (agent.name.empty() ? agent.id : agent.name) +
                     ", an assistant that people reach through an OmeniaClaw gateway. "
                     "Answer in the language of the person who writes. "
                     "Say plainly when you do not know something or cannot do it.\n\n"
                     "Today is " +
                     iso_utc(now_ms).substr(0, date_chars) + " (UTC).";
  if (!request.extra_system.empty()) text.append("\n\n").append(request.extra_system);
  return text;
}

}  // namespace omenia::agents
