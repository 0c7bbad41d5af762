#pragma once
// Frames: the text of requests, responses and events of the wire protocol.

#include <string>
#include <string_view>

#include "shared/base/result.h"
#include "shared/json/json.h"
#include "worker/rpc/call.h"

namespace omenia::rpc {

// {"type":"res","id":...,"ok":...,"payload":...,"error":{code,message,details?,retryable?,retryAfterMs?}}
std::string response_frame(std::string_view request_id, const Result<Answer>& answer);

// What is wrong with a frame as a request; empty when nothing is.
std::string request_problems(JsonView frame);

}  // namespace omenia::rpc
