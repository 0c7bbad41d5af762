#pragma once
// Connection: a database with its repositories. A store thread has one.

#include <memory>
#include <utility>

#include "state/database.h"
#include "state/store.h"

namespace omenia::state {

struct Connection {
  explicit Connection(std::unique_ptr<Database> opened) : database(std::move(opened)) {}

  std::unique_ptr<Database> database;
  Meta meta{*database};
  Sessions sessions{*database};
  Entries entries{*database};
  Runs runs{*database};
  Idempotency idempotency{*database};
  Devices devices{*database};
  DeviceTokens device_tokens{*database};
  PairingRequests pairing_requests{*database};
  Nodes nodes{*database};
  SetupCodes setup_codes{*database};
  Groups groups{*database};
  Usage usage{*database};
  SystemEvents system_events{*database};
  Search search{*database};
  NodeWork node_work{*database};
  Turns turns{*database, sessions, entries, runs};
  Tables tables{meta,  sessions,    entries, runs,  idempotency,   devices, device_tokens, pairing_requests,
                nodes, setup_codes, groups,  usage, system_events, search,  node_work,     turns};
};

}  // namespace omenia::state
