#pragma once
// LiveConfig: a running worker and its changing configuration. plan() looks at the file and says what it would take;
// apply() takes over what needs no new worker. Between the two the plan stands: exactly what was planned is applied,
// whatever happens to the file meanwhile.

#include <optional>
#include <string>
#include <vector>

#include "shared/config/reload_decision.h"
#include "shared/log/log.h"
#include "worker/config/effective_changes.h"

namespace omenia::worker {

struct Context;

struct PlannedReload {
  std::vector<ConfigIssue> problems{};  // Not empty: the file cannot be used, and everything stays as it is.
  ReloadPlan plan{};
  std::string hash{};  // Of the file; empty when there are problems.
  std::string mode{};  // gateway.reload.mode of the file.
  ReloadDecision decision{};
  std::vector<std::string> files{};  // All whose content took part: the file, its includes, .env files.
  EffectiveSettings effective{};     // Of the file; nothing when there are problems.
  std::string text{};                // What comes of it, in one line; empty when nothing changed.
  std::string note{};                // What the operator may not expect; may be empty.
};

struct AppliedReload {
  std::string hash;  // LoadedConfig::hash of what runs now.
  std::vector<ConfigChange> changes;
  std::string text;
};

class LiveConfig {
 public:
  explicit LiveConfig(Context& context) : context_(context) {}

  // Reads, checks and compares; logs what was found. Changes no setting.
  const PlannedReload& plan();

  // Error: invalid_request, when the last plan was none to apply.
  Result<AppliedReload> apply();

  // Clients know of the file with this hash.
  void set_told(std::string hash) { told_hash_ = std::move(hash); }

  // What was planned last; nothing before the first time.
  const std::optional<PlannedReload>& planned() const { return planned_; }

 private:
  // What apply() takes over: the file's configuration, less what the mode keeps as it was.
  struct Pending {
    LoadedConfig loaded;
    auth::AuthSettings auth;
    LogOptions log;
  };

  PlannedReload look();
  Result<LoadedConfig> read(const Environment& environment) const;
  Result<void> weigh(LoadedConfig wanted, const Environment& environment, PlannedReload& planned);
  Result<auth::AuthSettings> auth_of(const LoadedConfig& loaded, const Environment& environment) const;
  void tell(const PlannedReload& planned) const;
  void tell_clients(const PlannedReload& planned);
  void keep_accepted() const;
  void take_over(Pending pending);

  Context& context_;
  std::optional<PlannedReload> planned_;
  std::optional<Pending> pending_;
  std::string told_hash_;  // Empty: that of the configuration that this worker started with.
};

}  // namespace omenia::worker
