#pragma once
// Answers: the form in which tools and sessions tell errors: {"ok":false,"error":{"type":...,"message":...}}.

#include <string_view>

#include "shared/base/result.h"
#include "worker/http/message.h"

namespace omenia::endpoints {

http::Response refusal(int status, std::string_view type, std::string_view message);

// 503 for what can be tried again: {"error":{"message":...,"type":"unavailable"}} with Retry-After.
http::Response unavailable(std::string_view message);
bool is_unavailable(const Error& error);

}  // namespace omenia::endpoints
