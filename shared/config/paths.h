#pragma once
// Paths: which instance this is. Profile, state directory, config file, log file and workspace from flags and
// environment, resolved once by one function and printed by `status`.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace omenia {

// Reads an environment variable; tests pass their own. Empty values count as unset.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

Environment process_environment();

// OmeniaClaw_<name>, or the same in capitals (OMENIACLAW_<NAME>).
std::optional<std::string> product_variable(const Environment& environment, std::string_view name);

// "~" and "~/x" with the home directory (OmeniaClaw_HOME, HOME, else the account's), other texts unchanged.
std::string expand_home(std::string_view text, const Environment& environment);

// The folder of log files that no key names: `shared_folder` when nobody else owns or can write it, else
// $TMPDIR/OmeniaClaw-<uid>. Whoever creates it makes it 0700.
std::string log_folder(const std::string& shared_folder, const Environment& environment);

struct Paths {
  std::string profile;            // Empty: the default profile.
  std::string state_dir;          // ~/.OmeniaClaw, ~/.OmeniaClaw-<profile>, or OmeniaClaw_STATE_DIR.
  std::string config_path;        // <state dir>/OmeniaClaw.json, or OmeniaClaw_CONFIG_PATH.
  std::string default_log_file;   // <tmp>/OmeniaClaw/OmeniaClaw[-<profile>]-YYYY-MM-DD.log
  std::string default_workspace;  // OmeniaClaw_WORKSPACE_DIR, or <state dir>/workspace
  bool dev = false;               // The profile is "dev": its port is 19001.

  // `profile_flag` is --profile (empty: not given), `dev` is --dev, which is short for --profile dev. A flag wins over
  // OmeniaClaw_PROFILE and over state and config paths that were only derived from another profile.
  // Error: bad_profile, for a name with other characters than letters, digits, "_" and "-"; usage, for two profiles.
  static Result<Paths> resolve(const Environment& environment, std::string_view profile_flag, bool dev);

  // A command as it has to be typed for this instance: command("gateway status").
  std::string command(std::string_view arguments) const;
};

}  // namespace omenia
