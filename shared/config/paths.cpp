#include "shared/config/paths.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <vector>

#include "shared/base/clock.h"

namespace omenia {

namespace {

constexpr std::string_view product = "OmeniaClaw";
constexpr std::string_view dev_profile = "dev";
constexpr std::size_t profile_chars_max = 64;

std::string upper(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(), [](unsigned char c) { return std::toupper(c); });
  return copy;
}

std::optional<std::string> variable(const Environment& environment, std::string_view name) {
  auto value = environment(name);
  return value && value->empty() ? std::nullopt : value;
}

std::string account_home() {
  std::vector<char> buffer(16'384);
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
  return found && found->pw_dir ? found->pw_dir : "/";
}

std::string home_of(const Environment& environment) {
  if (auto home = product_variable(environment, "HOME")) return *home;
  return variable(environment, "HOME").value_or(account_home());
}

std::string absolute(std::string_view text, const Environment& environment) {
  std::error_code problem;
  const std::filesystem::path path = std::filesystem::absolute(expand_home(text, environment), problem);
  std::string normal = path.lexically_normal().string();
  while (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

bool is_profile_name(std::string_view name) {
  const auto is_alphanumeric = [](unsigned char c) { return c < 0x80 && std::isalnum(c); };
  return name.size() <= profile_chars_max && is_alphanumeric(static_cast<unsigned char>(name[0])) &&
         std::all_of(name.begin(), name.end(),
                     [&](unsigned char c) { return is_alphanumeric(c) || c == '_' || c == '-'; });
}

// The profile `name` selects; "default" in any case is none.
Result<std::string> selected_profile(std::string_view name, std::string_view origin) {
  if (name.empty() || upper(name) == "DEFAULT") return std::string();
  if (is_profile_name(name)) return std::string(name);
  return fail(ErrorCode::bad_profile,
              "[OmeniaClaw] Invalid " + std::string(origin) + " (use letters, numbers, \"_\", \"-\" only)");
}

std::string derived_state_dir(const std::string& home, const std::string& profile) {
  return home + "/." + std::string(product) + (profile.empty() ? "" : "-" + profile);
}

std::string dated_log_name(const std::string& profile) {
  const std::time_t now = static_cast<std::time_t>(wall_ms() / 1000);
  std::tm local{};
  ::localtime_r(&now, &local);
  char date[16];
  std::strftime(date, sizeof date, "%Y-%m-%d", &local);
  return std::string(product) + (profile.empty() ? "" : "-" + profile) + "-" + date + ".log";
}

// An explicit path from the environment. One that a parent process derived for `inherited`, another profile than the
// flag selects, is no explicit choice.
std::optional<std::string> explicit_path(const Environment& environment, std::string_view name,
                                         const std::string& derived_for_inherited, bool flag_selects_other) {
  const auto value = product_variable(environment, name);
  if (!value) return std::nullopt;
  std::string path = absolute(*value, environment);
  if (flag_selects_other && path == derived_for_inherited) return std::nullopt;
  return path;
}

}  // namespace

Environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    if (!value || !*value) return std::nullopt;
    return std::string(value);
  };
}

std::optional<std::string> product_variable(const Environment& environment, std::string_view name) {
  if (auto value = variable(environment, std::string(product) + "_" + std::string(name))) return value;
  return variable(environment, upper(product) + "_" + std::string(name));
}

std::string expand_home(std::string_view text, const Environment& environment) {
  if (text != "~" && !text.starts_with("~/")) return std::string(text);
  return home_of(environment) + std::string(text.substr(1));
}

std::string log_folder(const std::string& shared_folder, const Environment& environment) {
  struct stat status {};
  const bool exists = ::lstat(shared_folder.c_str(), &status) == 0;
  const bool ours = S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() && (status.st_mode & 022) == 0;
  if (!exists || ours) return shared_folder;
  const std::string temporary = variable(environment, "TMPDIR").value_or("/tmp");
  return absolute(temporary, environment) + "/" + std::string(product) + "-" + std::to_string(::geteuid());
}

Result<Paths> Paths::resolve(const Environment& environment, std::string_view profile_flag, bool dev) {
  const bool flagged = dev || !profile_flag.empty();
  TRY_ASSIGN(const std::string from_flag, selected_profile(dev ? dev_profile : profile_flag, "--profile"));
  if (dev && !profile_flag.empty() && profile_flag != dev_profile)
    return fail(ErrorCode::usage, "Use either --dev or --profile: --dev is short for --profile dev.");
  // A flag that selects a profile also overrides an inherited name that could not be used.
  auto inherited = selected_profile(product_variable(environment, "PROFILE").value_or(""), "OmeniaClaw_PROFILE");
  if (!inherited.ok() && !flagged) return std::move(inherited).error();
  const std::string from_environment = inherited.ok() ? inherited.value() : "";

  Paths paths;
  paths.profile = flagged ? from_flag : from_environment;
  paths.dev = paths.profile == dev_profile;
  const std::string home = absolute(home_of(environment), environment);
  const std::string inherited_dir = derived_state_dir(home, from_environment);
  const bool other = flagged && paths.profile != from_environment;
  paths.state_dir =
      explicit_path(environment, "STATE_DIR", inherited_dir, other).value_or(derived_state_dir(home, paths.profile));
  paths.config_path = explicit_path(environment, "CONFIG_PATH", inherited_dir + "/OmeniaClaw.json", other)
                          .value_or(paths.state_dir + "/OmeniaClaw.json");
  paths.default_workspace =
      absolute(product_variable(environment, "WORKSPACE_DIR").value_or(paths.state_dir + "/workspace"), environment);
  paths.default_log_file =
      log_folder("/tmp/" + std::string(product), environment) + "/" + dated_log_name(paths.profile);
  return paths;
}

std::string Paths::command(std::string_view arguments) const {
  return std::string(product) + (profile.empty() ? "" : " --profile " + profile) + " " + std::string(arguments);
}

}  // namespace omenia
