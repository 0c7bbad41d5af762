#pragma once
// Admission: what letting a device in changes in the store, as one unit of work. The decision was made on a look at the
// store; when the device has changed since, nothing is written and the decision is made again.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "state/store.h"
#include "worker/auth/pairing.h"
#include "worker/devices/identity.h"

namespace omenia::devices {

struct Lookup {
  std::string device_id;
  std::string role;
  std::string setup_code;  // That it shows; empty: none.
  std::int64_t now_ms = 0;
};

Result<auth::KnownDevice> look_up(state::Tables& tables, const Lookup& lookup);

struct Admission {
  std::string device_id;
  std::string role;
  std::int64_t now_ms = 0;
  std::int64_t revision = 0;  // Of the KnownDevice that was decided on.
  // What is approved with it; empty approved_via: nothing that was not approved before.
  state::PairingRequestRow wish;  // Key, names, platform; role and scopes are added to what the device had.
  std::string approved_via;
  std::string setup_id;  // The setup code that it uses up.
  std::string setup_access;
  auth::KnownDevice::Match shown = auth::KnownDevice::Match::none;  // It has shown its token.
};

struct IssuedToken {
  std::string token;
  std::string role;
  std::vector<std::string> scopes;
  std::int64_t issued_ms = 0;
};

struct Admitted {
  IssuedToken token;
  std::vector<IssuedToken> other_tokens;  // For the other roles that a setup code gives.
  std::string resolved_request;           // Of a request that this settles; made up for a silent approval.
  // Of a node: what it offers and the operator has approved; the request for the rest.
  bool approved = false;
  std::vector<std::string> caps;
  std::vector<std::string> commands;
  std::optional<state::FiledRequest> node_request;
};

// Nothing when the device is not any more what was decided on.
Result<std::optional<Admitted>> admit(state::Tables& tables, const Admission& admission, const Identity& identity);

// What a request of this kind approves, merged into the device's record. Existing tokens of an operator get the wider
// scopes, so that a device which has nothing but its token can use what was approved.
Result<state::DeviceRow> approve_wish(state::Tables& tables, const state::PairingRequestRow& wish,
                                      const std::string& approved_via, std::int64_t now_ms);

// The device's token for this role, made when it has none.
Result<IssuedToken> issue_token(state::Tables& tables, const state::DeviceRow& device, const std::string& role,
                                const Identity& identity, std::int64_t now_ms);

}  // namespace omenia::devices
