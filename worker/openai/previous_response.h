#pragma once
// PreviousResponse: which conversation a response belonged to, for the request that goes on from it. A response is a
// run; the store keeps runs, so a conversation goes on whichever worker answers.

#include <optional>
#include <string>

#include "worker/context.h"

namespace omenia::openai {

inline constexpr std::string_view response_origin = "openresponses";  // Of runs, and in their session keys.

// Who asks, as far as that was proven: whom a proxy vouches for, or who knows a secret.
std::string subject_of(const worker::Context& context, const http::Request& request);

// The session of that response, if it was made by the same subject with the same agent and was not named by its
// request; nothing for every other id.
Task<std::optional<sessions::SessionKey>> session_of_response(worker::Context* context, std::string response_id,
                                                              std::string agent_id, std::string subject);

}  // namespace omenia::openai
