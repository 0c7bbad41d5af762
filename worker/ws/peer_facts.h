#pragma once
// PeerFacts: what is known of a WebSocket's other end from its connection and upgrade request, before it says anything.

#include <string>
#include <string_view>

#include "worker/auth/attempts.h"
#include "worker/auth/hosts.h"

namespace omenia::ws {

struct PeerFacts {
  std::string address;     // Of the client: the peer's, or what a trusted proxy says.
  bool loopback = false;   // The peer's address is this machine's.
  bool forwarded = false;  // A proxy stands between.
  std::string origin{};    // Of a browser; empty otherwise.
  std::string host{};
  std::string user{};                 // Whom a trusted proxy vouches for; empty: nobody.
  std::string_view no_user_reason{};  // Then why.

  bool is_on_this_machine() const { return loopback && !forwarded; }
  // The same, and it calls this machine by a name of its own: no page that has made its name point here.
  bool is_local() const { return is_on_this_machine() && auth::is_loopback_host(auth::host_name_of(host)); }
  bool is_local_by_private_name() const {
    return is_on_this_machine() && auth::is_private_host(auth::host_name_of(host));
  }
  auth::Caller caller() const { return {address, !origin.empty(), is_on_this_machine()}; }
};

}  // namespace omenia::ws
