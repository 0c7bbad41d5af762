#include "worker/agents/reply.h"

namespace omenia::agents {

Reply reply_of(const RunOutcome& outcome) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t start = outcome.text.find_first_not_of(blanks);
  if (start == std::string::npos) return Reply::empty;
  const std::size_t end = outcome.text.find_last_not_of(blanks) + 1;
  return std::string_view(outcome.text).substr(start, end - start) == "NO_REPLY" ? Reply::silent : Reply::visible;
}

}  // namespace omenia::agents
