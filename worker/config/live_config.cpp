#include "worker/config/live_config.h"

#include <utility>

#include "shared/base/clock.h"
#include "shared/config/backups.h"
#include "shared/json/writer.h"
#include "worker/attribution.h"
#include "worker/config/consumers.h"
#include "worker/config/launch_settings.h"
#include "worker/context.h"
#include "worker/ws/session.h"

namespace omenia::worker {

namespace {

constexpr const char* subsystem = "gateway/reload";
constexpr const char* kept_token_text =
    "no gateway token is configured any more: the last one stays valid until the gateway is started again";

ConfigIssue issue_of(const Error& error) {
  return {.path = "<root>", .message = error.message};
}

std::string skipped_text(const std::vector<ConfigIssue>& problems) {
  std::string text;
  for (const ConfigIssue& problem : problems) {
    const std::string place = problem.path == "<root>" ? "" : problem.path + ": ";
    const std::string file = problem.file.empty() ? "" : problem.file + " ";
    const std::string line = problem.line > 0 ? " (" + file + "line " + std::to_string(problem.line) + ")" : "";
    text += (text.empty() ? "" : "; ") + place + problem.message + line;
  }
  return "config reload skipped (invalid config): " + text;
}

// Whose word is believed about users, and what it opens for them.
bool is_same_proxy_policy(const Config& one, const Config& other) {
  return proxy_rules(one) == proxy_rules(other) && one.trusted_proxy_scopes == other.trusted_proxy_scopes &&
         one.trusted_proxy_approves_devices == other.trusted_proxy_approves_devices;
}

std::string outcome_text(const ReloadDecision& decision) {
  return decision.outcome.empty() ? decision.warning : decision.outcome;
}

}  // namespace

const PlannedReload& LiveConfig::plan() {
  pending_.reset();
  if (told_hash_.empty()) told_hash_ = context_.loaded->hash;
  planned_ = look();
  tell(*planned_);
  tell_clients(*planned_);
  if (planned_->problems.empty() && planned_->plan.changes.empty()) keep_accepted();
  return *planned_;
}

PlannedReload LiveConfig::look() {
  PlannedReload planned;
  planned.files = watched_files(context_.launch, *context_.loaded);
  const Environment environment = environment_of(context_.launch);
  auto loaded = load_config(context_.launch.config_path, environment);
  if (loaded.ok()) planned.files = watched_files(context_.launch, loaded.value());
  if (!loaded.ok()) {
    planned.problems = {issue_of(loaded.error())};
  } else if (!loaded.value().exists && context_.loaded->exists) {
    planned.problems = {{.path = "<root>", .message = "config file not found"}};
    planned.text = "config reload skipped (config file not found)";
  } else if (!loaded.value().valid()) {
    planned.problems = loaded.value().errors;
  } else if (const auto weighed = weigh(std::move(loaded).value(), environment, planned); !weighed.ok()) {
    planned.problems = {issue_of(weighed.error())};
  }
  if (!planned.problems.empty() && planned.text.empty()) planned.text = skipped_text(planned.problems);
  return planned;
}

// Fails, before anything is planned, where a gateway would not start with this configuration.
Result<void> LiveConfig::weigh(LoadedConfig wanted, const Environment& environment, PlannedReload& planned) {
  const Launch& launch = context_.launch;
  TRY_ASSIGN(const GatewaySettings settings,
             effective_settings(flags_of(launch), environment, paths_of(launch), wanted, tailnet_address()));
  TRY_ASSIGN(auth::AuthSettings auth, auth_of(wanted, environment));
  planned.effective = {settings.listen, settings.bind.value, auth};
  if (settings.auth.secret().empty() && !auth.secret.empty() && !launch.token_is_made) planned.note = kept_token_text;
  planned.hash = wanted.hash;
  planned.plan = plan_reload(*context_.loaded, wanted);
  weigh_effects({launch.listen, launch.bind_mode, context_.authenticator.settings()}, planned.effective, planned.plan);
  planned.mode = wanted.config.reload_mode;
  planned.decision = decide(planned.mode, planned.plan);
  planned.text = outcome_text(planned.decision);
  if (planned.plan.changes.empty()) {
    context_.loaded = std::make_shared<const LoadedConfig>(std::move(wanted));  // Other text, the same settings.
  } else if (planned.decision.action == ReloadAction::apply) {
    LoadedConfig loaded = with_kept(*context_.loaded, std::move(wanted), planned.decision.kept);
    if (!planned.decision.kept.empty()) {
      TRY_ASSIGN(auth, auth_of(loaded, environment));
    }
    TRY_ASSIGN(LogOptions log, log_options(launch, loaded.config, environment));
    pending_ = Pending{std::move(loaded), std::move(auth), std::move(log)};
  }
  return {};
}

// A token that is taken out of the file goes on until the next start: without it nobody could connect any more.
Result<auth::AuthSettings> LiveConfig::auth_of(const LoadedConfig& loaded, const Environment& environment) const {
  TRY_ASSIGN(const GatewayAuth given, effective_auth(flags_of(context_.launch), environment, loaded));
  auth::AuthSettings settings = auth_settings(context_.launch, given);
  const auth::AuthSettings& running = context_.authenticator.settings();
  const bool lacks_token = settings.mode == auth::AuthMode::token && settings.secret.empty();
  if (lacks_token && running.mode == settings.mode) settings.secret = running.secret;
  return settings;
}

void LiveConfig::tell(const PlannedReload& planned) const {
  const Logger log = context_.log.logger(subsystem);
  if (!planned.problems.empty()) return log.warn(planned.text);
  if (planned.plan.changes.empty()) return;
  log.info(detection_text(planned.plan));
  if (planned.decision.action == ReloadAction::swap) log.info(planned.decision.outcome);
  if (!planned.decision.warning.empty()) log.warn(planned.decision.warning);
  if (!planned.note.empty()) log.warn(planned.note);
}

// Whoever edits it may have read another file, wherever this one was written.
void LiveConfig::tell_clients(const PlannedReload& planned) {
  if (planned.hash.empty()) return;
  if (planned.hash == std::exchange(told_hash_, planned.hash)) return;
  JsonWriter event;
  event.begin_object().member("path", context_.launch.config_path).member("hash", planned.hash);
  event.key("changedPaths").begin_array();
  for (const ConfigChange& change : planned.plan.changes) event.value(to_text(change.path));
  event.end_array().member("ts", wall_ms());
  context_.hub.broadcast(Event::config_changed, event.end_object().text());
}

// What runs and what the file says are the same: should a later file be unusable, this one is known to work.
void LiveConfig::keep_accepted() const {
  const auto kept = keep_last_good(*context_.loaded);
  if (!kept.ok())
    context_.log.logger(subsystem).warn("the last good configuration is not kept: " + kept.error().message);
}

Result<AppliedReload> LiveConfig::apply() {
  if (!pending_)
    return fail(ErrorCode::invalid_request, "no change of the configuration is planned that can be applied");
  take_over(std::move(*pending_));
  pending_.reset();
  context_.log.logger(subsystem).info(planned_->decision.outcome);
  return AppliedReload{context_.loaded->hash, planned_->plan.changes, planned_->decision.outcome};
}

// Nothing here can fail: everything was checked when it was planned. Runs under way keep the provider they have.
void LiveConfig::take_over(Pending pending) {
  const bool other_secret = context_.authenticator.settings().secret.reveal() != pending.auth.secret.reveal();
  const bool other_proxies = !is_same_proxy_policy(context_.loaded->config, pending.loaded.config);
  mask_secrets(context_.log, pending.loaded.config, pending.auth);
  context_.loaded = std::make_shared<const LoadedConfig>(std::move(pending.loaded));
  context_.log.change(pending.log);
  context_.attempts.set_limits(attempt_limits(context_.loaded->config));
  context_.catalog = catalog_of(context_);
  if (other_secret || other_proxies) context_.authenticator.change(std::move(pending.auth));
  context_.launch.bind_mode = planned_->effective.bind_mode;  // Of the same addresses.
  context_.runs->configuration_changed();
  context_.hub.broadcast(Event::chat_metadata_changed, "{}");
  if (other_secret) context_.hub.close_all(4001, "gateway auth changed");
  if (other_proxies)
    context_.hub.close_where([](const ws::Session& session) { return session.grant().method == "trusted-proxy"; }, 4001,
                             "client invalidated: trusted proxy policy changed");
  keep_accepted();
}

}  // namespace omenia::worker
