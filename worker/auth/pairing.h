#pragma once
// Pairing: may this device do what it asks for, with what was approved before, or may that be approved without asking
// the operator? A pure decision over what the store knows and what the connection has proven.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "worker/auth/scopes.h"

namespace omenia::auth {

// What the store knows about a device and about the credentials that it shows, copied out of it.
struct KnownDevice {
  bool paired = false;
  std::int64_t revision = 0;  // Of what is said here; 0: not paired.
  std::vector<std::string> roles;
  ScopeSet scopes;  // Approved.
  std::string platform;
  std::string device_family;
  // Its token for the role that it asks for.
  std::string token_hash;     // Empty: it has none.
  std::string previous_hash;  // Empty: none.
  ScopeSet token_scopes;
  // The setup code that it shows, when that is good.
  std::string setup_id;
  std::string setup_access;

  bool has_role(std::string_view role) const;
  enum class Match { none, current, previous };
  Match match(std::string_view token) const;  // In constant time.
};

// How near the client is.
enum class Locality {
  direct,       // A program of this machine that calls it by a name of this machine.
  with_secret,  // The same, by another private name; it has shown the shared secret.
  remote,
};

enum class PairingReason { none, not_paired, role_upgrade, scope_upgrade, metadata_upgrade };
std::string_view name_of(PairingReason reason);     // "not-paired"
std::string_view message_of(PairingReason reason);  // "pairing required: ..."

struct PairingQuestion {
  std::string_view role;
  ScopeSet scopes;
  std::string_view platform;
  std::string_view device_family;
  std::string_view client_id;
  std::string_view method;        // How it was authenticated.
  std::string_view setup_access;  // Of its setup code; empty: it showed none.
  Locality locality = Locality::remote;
  bool from_page = false;        // A browser's page.
  bool is_control_page = false;  // Ours, or the web chat.
  // What the operator has said in advance.
  bool approve_local = true;
  bool in_approved_network = false;
  bool approve_vouched = false;  // Devices of users whom a trusted proxy names.
  ScopeSet vouched_scopes;
};

struct PairingVerdict {
  PairingReason reason = PairingReason::none;  // none: nothing is missing.
  std::string_view approved_via{};             // Who approves it now; empty: nobody, the operator is to be asked.
};

PairingVerdict judge_pairing(const KnownDevice& known, const PairingQuestion& question);

// The most that a setup code lets in.
struct SetupAccess {
  std::vector<std::string> roles;
  ScopeSet scopes;
};
SetupAccess access_of(std::string_view name);  // full, limited, node; nothing for another word.

}  // namespace omenia::auth
