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

struct Paths {
  std::string profile;            // Empty: the default profile.
  std::string state_dir;          // ~/.OmeniaClaw, ~/.OmeniaClaw-<profile>, or OmeniaClaw_STATE_DIR.
  std::string config_path;        // <state dir>/OmeniaClaw.json, or OmeniaClaw_CONFIG_PATH.
  std::string default_log_file;   // <tmp>/OmeniaClaw/OmeniaClaw[-<profile>]-YYYY-MM-DD.log
  std::string default_workspace;  // OmeniaClaw_WORKSPACE_DIR, or <state dir>/workspace
  bool dev = false;

  // `profile_flag` is --profile (empty: not given), `dev` is --dev (profile "dev", port 19001).
  // Error: usage, for a profile name with other characters than letters, digits, "_" and "-".
  static Result<Paths> resolve(const Environment& environment, std::string_view profile_flag, bool dev);
};

}  // namespace omenia
