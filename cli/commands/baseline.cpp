// See baseline.h.

#include "cli/commands/baseline.h"

#include "shared/base/clock.h"
#include "shared/base/ids.h"
#include "shared/base/version.h"
#include "shared/config/edit.h"

namespace omenia::cli {

namespace {

const JsonPath mode_path = {"gateway", "mode"};
const JsonPath port_path = {"gateway", "port"};
const JsonPath bind_path = {"gateway", "bind"};
const JsonPath auth_mode_path = {"gateway", "auth", "mode"};
const JsonPath token_path = {"gateway", "auth", "token"};
const JsonPath password_path = {"gateway", "auth", "password"};
const JsonPath workspace_path = {"agents", "defaults", "workspace"};
const JsonPath model_path = {"agents", "defaults", "model", "primary"};

// Sets what is missing; another value that is there is kept and noted.
Result<void> wish(Baseline& baseline, const JsonPath& path, const Json& value) {
  const JsonView present = value_at(baseline.document, path);
  if (!present) return set_value(baseline.document, path, value);
  if (!(present == value.view())) baseline.kept.push_back(to_text(path));
  return {};
}

Result<void> wish_credential(Baseline& baseline, const BaselineWishes& wishes) {
  const bool by_password = wishes.auth_mode == "password";
  const JsonPath& path = by_password ? password_path : token_path;
  const bool has_one = value_at(baseline.document, token_path) || value_at(baseline.document, password_path);
  const bool open = value_at(baseline.document, auth_mode_path).text() == "none";
  if (!wishes.credential.empty()) TRY(wish(baseline, path, Json::of(wishes.credential.reveal())));
  if (!wishes.credential.empty() || has_one || open || !wishes.needs_credential) return {};
  TRY(wish(baseline, auth_mode_path, Json::of(by_password ? "password" : "token")));
  TRY(wish(baseline, path, Json::of(random_token())));
  baseline.made_credential = true;
  return {};
}

}  // namespace

Result<Baseline> baseline_of(JsonView existing, const BaselineWishes& wishes) {
  Baseline baseline;
  baseline.document = existing.is_object() ? Json::copy(existing) : Json::object();
  if (!value_at(baseline.document, mode_path)) TRY(set_value(baseline.document, mode_path, Json::of("local")));
  if (wishes.port) TRY(wish(baseline, port_path, Json::of(*wishes.port)));
  if (!wishes.bind.empty()) TRY(wish(baseline, bind_path, Json::of(wishes.bind)));
  if (!wishes.auth_mode.empty()) TRY(wish(baseline, auth_mode_path, Json::of(wishes.auth_mode)));
  if (!wishes.workspace.empty()) TRY(wish(baseline, workspace_path, Json::of(wishes.workspace)));
  TRY(wish_credential(baseline, wishes));
  return baseline;
}

Result<void> take_offer(Json& document, const ModelOffer& offer) {
  TRY(set_value(document, {"models", "providers", offer.provider}, offer.settings));
  if (value_at(document, model_path)) return {};
  return set_value(document, model_path, Json::of(offer.model));
}

Result<void> stamp(Json& document) {
  TRY(set_value(document, {"meta", "lastTouchedVersion"}, Json::of(version)));
  return set_value(document, {"meta", "lastTouchedAt"}, Json::of(iso_utc(wall_ms())));
}

}  // namespace omenia::cli
