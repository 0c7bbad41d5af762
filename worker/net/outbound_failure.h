#pragma once
// What can go wrong on the way to a server, in words that name it, whoever carries the bytes. An endpoint is given as
// its text, "127.0.0.1:9".

#include <cstddef>
#include <string>

#include "shared/base/result.h"

namespace omenia::net {

Error aborted();
Error shutting_down();
Error not_connected(const std::string& endpoint, int system_error);  // An errno.
Error closed_too_early(const std::string& endpoint, bool head_complete, std::size_t body_bytes);
Error no_http_server(const std::string& endpoint, const std::string& words);
Error head_too_large(const std::string& endpoint);
Error unsendable_header(const std::string& name);

// Whether a header can be sent as it is: a line break in it would be the start of another.
bool is_sendable(const std::string& name, const std::string& value);

}  // namespace omenia::net
