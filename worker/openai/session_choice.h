#pragma once
// SessionChoice: which conversation a request goes into: the one that its header names, that of its user, or one of its
// own.

#include <string>
#include <string_view>

#include "worker/context.h"
#include "worker/sessions/key.h"

namespace omenia::openai {

struct SessionChoice {
  sessions::SessionKey key;
  bool named = false;  // By a header or a user; otherwise it was made for this request.
};

// Users' conversations are "agent:<id>:<prefix>-user:<user>", those of one request "agent:<id>:<prefix>:<uuid>".
// Error invalid_request: the name is none, or is reserved.
Result<SessionChoice> choose_session(const http::Request& request, const std::string& agent_id, std::string_view user,
                                     std::string_view prefix);

}  // namespace omenia::openai
