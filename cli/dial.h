#pragma once
// Dialing: from options and configuration to a connection that has said hello.

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "cli/arguments.h"
#include "cli/client.h"
#include "cli/context.h"
#include "cli/target.h"

namespace omenia::cli {

// Identities that the gateway knows and what they are for.
Identity command_identity(std::string_view scope);                               // Ordinary commands.
Identity backend_identity(std::string_view scope, std::string_view for_method);  // Reads on behalf of a tool.
Identity probe_identity();                                                       // "Is there a gateway?", nothing more.

struct Purpose {
  std::string_view method;  // What the connection is for, in messages.
  Identity identity;
  std::int64_t call_ms = 0;       // How long one answer may take; 0: --timeout in milliseconds, or its default.
  int interrupt_descriptor = -1;  // As in WebSocket::Request.
};

struct Connection {
  Target target;
  GatewayClient client;
  Json hello;
  std::int64_t call_ms = 0;
};

struct DialFailure {
  Error error;                   // With a refusal: its message.
  std::optional<Target> target;  // Missing when not even that could be decided.
  Json refusal;                  // What the gateway answered to connect, when it did.
};

using Dialed = std::variant<Connection, DialFailure>;

Dialed try_dial(Context& context, const Arguments& arguments, const Purpose& purpose);
Dialed try_dial_target(const Context& context, const Arguments& arguments, const Purpose& purpose, Target target);
int complain(Context& context, const DialFailure& failure);

// try_dial and complain: nothing when it failed, and the exit code is 1.
std::optional<Connection> dial(Context& context, const Arguments& arguments, const Purpose& purpose);

// Calls and tells failures; nothing when it failed.
std::optional<Json> ask(Context& context, Connection& connection, std::string_view method, std::string_view params);

// The gateway of these options. What is wrong in the configuration file is told as a note, and its values are not used.
Result<Target> target_of(Context& context, const Arguments& arguments);

}  // namespace omenia::cli
