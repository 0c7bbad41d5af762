#pragma once
// Context: everything that the worker owns, in the order it is made. Passed by reference; there is nothing beside it.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/config/load.h"
#include "shared/log/log.h"
#include "shared/loop/aside.h"
#include "shared/loop/loop.h"
#include "shared/protocol/control.h"
#include "shared/protocol/launch.h"
#include "state/store.h"
#include "worker/agents/lanes.h"
#include "worker/agents/runs.h"
#include "worker/auth/attempts.h"
#include "worker/auth/authenticator.h"
#include "worker/config/live_config.h"
#include "worker/devices/connected_nodes.h"
#include "worker/devices/identity.h"
#include "worker/devices/scope_upgrades.h"
#include "worker/endpoints/session_followers.h"
#include "worker/events/run_feed.h"
#include "worker/health.h"
#include "worker/http/server.h"
#include "worker/loop_monitor.h"
#include "worker/metrics.h"
#include "worker/net/outbound.h"
#include "worker/net/public_address.h"
#include "worker/net/web_socket.h"
#include "worker/presence.h"
#include "worker/providers/catalog.h"
#include "worker/relay.h"
#include "worker/rpc/write_rate.h"
#include "worker/stability.h"
#include "worker/tools/tool.h"
#include "worker/ws/hub.h"

namespace omenia::worker {

class Pipeline;

// What is there before anything runs: read and checked by startup.cpp.
struct Beginnings {
  Launch launch;
  LoadedConfig loaded;
  auth::AuthSettings auth;
  Log log;
};

struct Context {
  explicit Context(Beginnings beginnings);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  Launch launch;
  Log log;
  Loop loop;
  std::string boot_id;
  std::string instance_id;  // Of the state directory; set with the generation, before anything is accepted.
  std::int64_t generation = 0;
  std::int64_t started_ms = 0;
  std::int64_t handshake_ms_max = limits::handshake_ms_max;
  bool draining = false;     // Leaves for good: requests are refused.
  bool leaving = false;      // Leaves, or is replaced: no new connections.
  std::string swap_problem;  // Why the last worker that should have taken this one's place did not; empty: none failed.
  int exit_code = 0;         // What the process ends with.

  std::shared_ptr<const LoadedConfig> loaded;
  LiveConfig live_config{*this};
  auth::Authenticator authenticator;
  auth::Attempts attempts;
  auth::Attempts hook_attempts;  // Of senders of webhooks.
  rpc::WriteRate write_rate;
  agents::Lanes keyed_calls{loop, limits::keyed_calls_max};  // Calls with the same idempotency key, one at a time.
  net::Outbound outbound;
  net::AddressRule may_fetch_from = net::is_public_address;  // What strangers name.
  std::shared_ptr<const providers::Catalog> catalog;
  std::shared_ptr<const devices::Identity> identity;  // Set when the store is open.
  Aside aside{loop};                                  // Writes the configuration's files.
  std::unique_ptr<state::Store> store;
  std::unique_ptr<ControlChannel> control;
  Metrics metrics;
  Stability stability;
  LoopMonitor monitor;
  ws::Hub hub;
  Presence presence;
  devices::ConnectedNodes nodes;
  devices::ScopeUpgrades scope_upgrades;
  Health health;
  RunFeed run_feed;
  Relay relay;
  Timer tick;
  Timer goodbye;    // While leaving: looks whether the connections are closed.
  Timer last_call;  // While leaving: the grace that they have for it.
  std::unique_ptr<agents::Runs> runs;
  std::unique_ptr<tools::ToolHost> tools;
  endpoints::SessionFollowers followers;
  std::unique_ptr<Pipeline> pipeline;
  TaskScope requests;                      // HTTP requests that wait for something.
  std::shared_ptr<http::TlsAcceptor> tls;  // Null: the port is plain.
  std::unique_ptr<http::Server> server;
  std::unique_ptr<net::WebSocketEngine> web_sockets;  // Last: closes the connections, which use what stands above.

  std::shared_ptr<const Config> config() const { return {loaded, &loaded->config}; }
  // "http://127.0.0.1:18789", or with https, ws and wss: the first address that is listened on.
  std::string address(std::string_view plain_scheme, std::string_view tls_scheme) const;
  std::string default_agent() const;                 // agents.defaults.systemAgent.agentId, else the first of the list.
  std::vector<std::string> allowed_origins() const;  // Configured, and the local ones for a bind beyond this machine.
  bool is_origin_allowed(const http::Request& head) const;  // Of a browser's request.
  std::string state_version() const;                        // ",\"stateVersion\":{...}" for presence and health events.
};

}  // namespace omenia::worker
