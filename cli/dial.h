#pragma once
// Dialing: from options and configuration to a connection that has said hello, with every failure told to the operator.

#include <cstdint>
#include <optional>
#include <string_view>

#include "cli/arguments.h"
#include "cli/client.h"
#include "cli/context.h"
#include "cli/target.h"

namespace omenia::cli {

struct Connection {
  Target target;
  GatewayClient client;
  Json hello;
  std::int64_t call_ms = 0;  // --timeout, or the default: how long one answer may take.
};

// Identities that the gateway knows and what they are for.
Identity command_identity(std::string_view scope);                              // Ordinary commands.
Identity backend_identity(std::string_view scope, std::string_view for_method);  // Reads on behalf of a tool.
Identity probe_identity();                                                       // "Is there a gateway?", nothing more.

// The gateway of these options. What is wrong in the configuration file is told once, as a note; its credentials are
// not used then.
Result<Target> target_of(Context& context, const Arguments& arguments);

// Connects. Nothing when that failed: the failure was told and the exit code is 1. `method` is what the connection is
// for.
std::optional<Connection> dial(Context& context, const Arguments& arguments, std::string_view method,
                               const Identity& identity, int interrupt_descriptor = -1);

// Calls and tells failures; nothing when it failed.
std::optional<Json> ask(Context& context, Connection& connection, std::string_view method, std::string_view params,
                        std::string_view failure_prefix = {});

// The port of this profile's own gateway: environment over configuration over default.
int local_port(const Context& context);

}  // namespace omenia::cli
