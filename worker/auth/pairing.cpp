#include "worker/auth/pairing.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <iterator>

#include "shared/base/ids.h"

namespace omenia::auth {

namespace {

struct ReasonRow {
  PairingReason reason;
  std::string_view name;
  std::string_view message;
};

constexpr ReasonRow reason_rows[] = {
    {PairingReason::none, "", ""},
    {PairingReason::not_paired, "not-paired", "pairing required: device is not approved yet"},
    {PairingReason::role_upgrade, "role-upgrade",
     "pairing required: device is asking for a higher role than currently approved"},
    {PairingReason::scope_upgrade, "scope-upgrade",
     "pairing required: device is asking for more scopes than currently approved"},
    {PairingReason::metadata_upgrade, "metadata-upgrade",
     "pairing required: device identity changed and must be re-approved"},
};

constexpr std::string_view native_apps[] = {"openclaw-macos", "openclaw-linux", "openclaw-ios", "openclaw-watchos",
                                            "openclaw-android"};

bool same_hash(const std::string& one, const std::string& other) {
  return one.size() == other.size() && !one.empty() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

// "iOS 18.1" -> "ios": another version of the same system is no other machine.
std::string kind_of(std::string_view text) {
  std::string kind;
  for (const char c : text.substr(std::min(text.find_first_not_of(" \t"), text.size()))) {
    if (c == ' ' || c == '\t' || (c >= '0' && c <= '9')) break;
    kind.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
  }
  return kind;
}

bool is_another_machine(const KnownDevice& known, const PairingQuestion& question) {
  return kind_of(known.platform) != kind_of(question.platform) ||
         kind_of(known.device_family) != kind_of(question.device_family);
}

bool by_shared_secret(std::string_view method) {
  return method == "none" || method == "token" || method == "password";
}

bool approves_here(const PairingQuestion& question) {
  return question.approve_local && question.locality != Locality::remote;
}

bool approves_new_device(const PairingQuestion& question) {
  return approves_here(question) && (!question.from_page || question.is_control_page);
}

bool approves_other_machine(const PairingQuestion& question) {
  if (!approves_here(question)) return false;
  if (question.locality == Locality::with_secret) return true;
  return std::find(std::begin(native_apps), std::end(native_apps), question.client_id) != std::end(native_apps);
}

std::string_view via_setup(const PairingQuestion& question) {
  const SetupAccess access = access_of(question.setup_access);
  const bool has_role = std::find(access.roles.begin(), access.roles.end(), question.role) != access.roles.end();
  return has_role && access.scopes.covers(question.scopes) ? "setup-code" : "";
}

std::string_view via_vouched(const PairingQuestion& question) {
  const bool allowed = question.approve_vouched && question.method == "trusted-proxy" && question.role == "operator" &&
                       question.vouched_scopes.covers(question.scopes);
  return allowed ? "trusted-proxy" : "";
}

std::string_view via_network(const PairingQuestion& question) {
  const bool allowed =
      question.in_approved_network && question.role == "node" && question.scopes.empty() && !question.from_page;
  return allowed ? "cidr" : "";
}

PairingVerdict judge_new(const PairingQuestion& question) {
  std::string_view via = via_setup(question);
  if (via.empty() && approves_new_device(question)) via = "silent";
  if (via.empty()) via = via_vouched(question);
  if (via.empty()) via = via_network(question);
  return {PairingReason::not_paired, via};
}

// What is wrong with the machine is looked at first: a wider scope approved in passing must not approve it too.
PairingVerdict judge_known(const KnownDevice& known, const PairingQuestion& question) {
  PairingReason reason = PairingReason::none;
  bool silent = true;
  if (is_another_machine(known, question)) {
    reason = PairingReason::metadata_upgrade;
    silent = approves_other_machine(question);
  }
  if (silent && !known.has_role(question.role)) {
    reason = PairingReason::role_upgrade;
    silent = approves_here(question) && question.role == "operator";
  }
  if (silent && !known.scopes.covers(question.scopes)) {
    reason = PairingReason::scope_upgrade;
    silent = approves_here(question) && by_shared_secret(question.method);
  }
  if (reason == PairingReason::none) return {};
  if (const std::string_view via = via_setup(question); !via.empty()) return {reason, via};
  return {reason, silent ? "silent" : ""};
}

}  // namespace

bool KnownDevice::has_role(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

KnownDevice::Match KnownDevice::match(std::string_view token) const {
  if (token.empty()) return Match::none;
  const std::string hash = sha256_hex(token);
  const bool is_current = same_hash(hash, token_hash);
  const bool is_previous = same_hash(hash, previous_hash);
  if (is_current) return Match::current;
  return is_previous ? Match::previous : Match::none;
}

std::string_view name_of(PairingReason reason) {
  return reason_rows[static_cast<int>(reason)].name;
}

std::string_view message_of(PairingReason reason) {
  return reason_rows[static_cast<int>(reason)].message;
}

PairingVerdict judge_pairing(const KnownDevice& known, const PairingQuestion& question) {
  return known.paired ? judge_known(known, question) : judge_new(question);
}

SetupAccess access_of(std::string_view name) {
  if (name == "full") return {{"operator", "node"}, ScopeSet::all()};
  if (name == "limited")
    return {{"operator", "node"}, {Scope::read, Scope::write, Scope::approvals, Scope::questions, Scope::talk}};
  if (name == "node") return {{"node"}, {}};
  return {};
}

}  // namespace omenia::auth
