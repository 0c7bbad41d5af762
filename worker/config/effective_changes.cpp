#include "worker/config/effective_changes.h"

#include "shared/config/rules.h"

namespace omenia::worker {

namespace {

const JsonPath port_path{"gateway", "port"};
const JsonPath auth_mode_path{"gateway", "auth", "mode"};

bool is_credential_path(const JsonPath& path) {
  return path.size() == 3 && path[0] == "gateway" && path[1] == "auth" &&
         (path[2] == "mode" || path[2] == "token" || path[2] == "password");
}

std::string told(const EffectiveSettings& settings) {
  std::string text;
  for (const ListenAddress& address : settings.listen)
    text += (text.empty() ? "" : ", ") + address.host + ":" + std::to_string(address.port);
  return Json::of(text).dump();
}

std::string told(auth::AuthMode mode) {
  return Json::of(auth::name_of(mode)).dump();
}

void weigh_listening(const EffectiveSettings& running, const EffectiveSettings& wanted, ReloadPlan& plan) {
  const bool alike = running.listen == wanted.listen;  // Whatever the mode is called that they come from.
  bool told_already = false;
  for (ConfigChange& change : plan.changes) {
    if (change.reload != Reload::Service) continue;
    told_already = true;
    if (alike) change.reload = std::nullopt;
  }
  if (!alike && !told_already) plan.changes.push_back({port_path, told(running), told(wanted), Reload::Service});
}

// What every connection has proven changes its meaning with the mode, so that takes a new worker; another secret of
// the same mode does not.
void weigh_credentials(const auth::AuthSettings& running, const auth::AuthSettings& wanted, ReloadPlan& plan) {
  const bool other_mode = running.mode != wanted.mode;
  const bool other_secret = running.secret.reveal() != wanted.secret.reveal();
  bool told_already = false;
  for (ConfigChange& change : plan.changes) {
    if (!change.reload || !is_credential_path(change.path)) continue;
    told_already = true;
    change.reload = other_mode ? Reload::Worker : Reload::Live;
  }
  if (told_already) return;
  if (other_mode) {
    plan.changes.push_back({auth_mode_path, told(running.mode), told(wanted.mode), Reload::Worker});
  } else if (other_secret) {
    const std::string hidden = Json::of(redaction).dump();
    plan.changes.push_back(
        {{"gateway", "auth", std::string(auth::name_of(wanted.mode))}, hidden, hidden, Reload::Live});
  }
}

}  // namespace

void weigh_effects(const EffectiveSettings& running, const EffectiveSettings& wanted, ReloadPlan& plan) {
  weigh_listening(running, wanted, plan);
  weigh_credentials(running.auth, wanted.auth, plan);
}

}  // namespace omenia::worker
