#pragma once
// Frames: the text of requests, responses and events of the wire protocol.

#include <string>
#include <string_view>

#include "shared/base/result.h"
#include "shared/json/json.h"
#include "shared/json/writer.h"
#include "worker/rpc/call.h"

namespace omenia::rpc {

// {"type":"res","id":...,"ok":...,"payload":...,"error":{code,message,details?,retryable?,retryAfterMs?}}
std::string response_frame(std::string_view request_id, const Result<Answer>& answer);

// The member "error" of a response, or of an answer that tells several outcomes.
void write_error(JsonWriter& writer, const Error& error, std::string_view name = "error");

// What is wrong with a frame as a request; empty when nothing is.
std::string request_problems(JsonView frame);

}  // namespace omenia::rpc
