#pragma once
// Failures as the operator sees them: a few lines on standard error, or one JSON envelope on standard output.
// Each function tells the failure and answers the exit code.

#include <string>
#include <string_view>

#include "cli/context.h"
#include "cli/target.h"
#include "shared/base/result.h"
#include "shared/json/json.h"

namespace omenia::cli {

// Anything that is neither about reaching a gateway nor answered by one. `prefix` names the command, as in
// "Gateway call failed: ".
int complain(Context& context, const Error& error, std::string_view prefix = {});

// The gateway could not be reached.
int complain_unreachable(Context& context, const Target& target, const Error& error);

// It was reached, and the connection ended or its deadline passed before the answer.
int complain_lost(Context& context, const Target& target, const Error& error);

// The gateway answered with an error: {code, message, details?, retryable?, retryAfterMs?}.
int complain_refused(Context& context, JsonView error, std::string_view prefix = {});

// The word for the cause in "Gateway not reachable at … (ECONNREFUSED)".
std::string cause_of(std::string_view message);

}  // namespace omenia::cli
