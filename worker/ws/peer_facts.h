#pragma once
// PeerFacts: what is known of a WebSocket's other end from its connection and upgrade request, before it says anything.

#include <string>

#include "worker/auth/attempts.h"

namespace omenia::ws {

struct PeerFacts {
  std::string address;
  bool loopback = false;
  bool forwarded = false;  // A proxy stands between.
  std::string origin;      // Of a browser; empty otherwise.
  std::string host;

  bool is_local() const { return loopback && !forwarded; }
  auth::Caller caller() const { return {address, origin, is_local()}; }
};

}  // namespace omenia::ws
