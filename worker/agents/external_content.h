#pragma once
// External content: a message that comes from outside, as an agent is told it: between marks that nobody outside can
// know before, with a word that it is no request of the person the agent works for.

#include <string>
#include <string_view>

namespace omenia::agents {

// `source` says how it came, "webhook"; `sender` who speaks, as far as it says itself; both in one short line.
std::string as_external(std::string_view source, std::string_view sender, std::string_view text);

}  // namespace omenia::agents
