#pragma once
// RunCall: a run that an HTTP client waits for, from the request to its end.

#include <stop_token>

#include "worker/context.h"

namespace omenia::openai {

// The end, however it came; a client that leaves stops the run. An error means that nothing was begun.
Task<Result<agents::SharedOutcome>> run_to_end(worker::Context* context, agents::RunRequest request,
                                               std::stop_token client_gone);

// Why a run was not answered, in words for the client; nothing when it was.
std::optional<Error> failure_in(const agents::RunOutcome& outcome);

// What the gateway would rather tell its log than a client is left out.
Error told_error(const Error& error);

// Once something was begun, trying again begins it a second time: clients that do so by themselves are told not to.
http::Response without_retry(http::Response response);

}  // namespace omenia::openai
