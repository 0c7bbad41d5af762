#pragma once
// CORS: which web pages of elsewhere may read what the HTTP endpoints answer. None by default. Pages that the operator
// has listed bring the token or password with them, so nothing that a browser adds by itself is ever allowed.

#include <string>
#include <vector>

#include "worker/context.h"

namespace omenia::worker {

// For an answer to this request; empty for a page that may not read it.
std::vector<http::Header> cors_headers(const Context& context, const http::Request& head);

// Does a browser ask whether its page may send a request?
bool is_preflight(const http::Request& head);

// The answer to such a page, for a path with these methods. Only for one that has cors_headers().
http::Response preflight_response(const http::Request& head, const std::string& methods);

}  // namespace omenia::worker
