#include "shared/config/include_path.h"

#include <algorithm>
#include <filesystem>

#include "shared/base/limits.h"
#include "shared/config/file.h"
#include "shared/config/report.h"

namespace omenia {

namespace {

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

std::string absolute(const std::string& path, const std::string& folder) {
  return (std::filesystem::path(folder) / path).lexically_normal().string();
}

std::optional<std::string> text_problem(std::string_view text) {
  if (text.empty()) return "the path is empty";
  if (text.size() > limits::config_include_path_chars_max) return "the path is longer than 4095 characters";
  if (text.find('\0') != std::string_view::npos) return "the path holds a NUL character";
  return std::nullopt;
}

}  // namespace

IncludeRoots::IncludeRoots(const std::string& config_path, const Environment& environment) : environment_(environment) {
  roots_.push_back(real_path(folder_of(real_path(config_path))));
  roots_.push_back(absolute(folder_of(config_path), "/"));
  if (!environment) return;
  const std::string list = product_variable(environment, "INCLUDE_ROOTS").value_or("");
  for (std::size_t start = 0; start < list.size();) {
    const std::size_t end = std::min(list.find(':', start), list.size());
    const std::string root = expand_home(list.substr(start, end - start), environment);
    if (root.starts_with('/')) roots_.push_back(real_path(root));
    start = end + 1;
  }
}

bool IncludeRoots::holds(const std::string& path) const {
  return std::any_of(roots_.begin(), roots_.end(), [&](const std::string& root) {
    const std::string folder = root.ends_with('/') ? root : root + "/";
    return path == root || path.starts_with(folder);
  });
}

Result<IncludePath> IncludeRoots::resolve(std::string_view text, const std::string& including) const {
  const std::string shown = "$include " + quoted(text);
  if (const auto problem = text_problem(text)) return fail(ErrorCode::config_invalid, "$include: " + *problem);
  const std::string expanded = environment_ ? expand_home(text, environment_) : std::string(text);
  const std::string named = absolute(expanded, folder_of(including));
  const bool found = exists(named);
  const std::string real = found ? real_path(named) : "";
  if (!holds(found ? real : named))
    return fail(ErrorCode::config_invalid, shown + " leads out of the configuration's folder (" + roots_.front() +
                                               "); allow other folders in OmeniaClaw_INCLUDE_ROOTS");
  return IncludePath{named, real};
}

}  // namespace omenia
