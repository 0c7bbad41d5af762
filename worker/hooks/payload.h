#pragma once
// Payload: what a sender says, and its members with the type they have to have. A member that is null is absent.

#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.h"
#include "shared/json/json.h"

namespace omenia::hooks {

// An object; of an empty body an empty one. Error: invalid_request.
Result<Json> read_payload(const std::string& body);

// Errors: invalid_request, name the member.
Result<std::string> text_in(JsonView payload, std::string_view name);  // Trimmed; empty when absent.
Result<bool> flag_in(JsonView payload, std::string_view name, bool fallback);
Result<std::int64_t> seconds_in(JsonView payload, std::string_view name);  // -1 when absent.

}  // namespace omenia::hooks
