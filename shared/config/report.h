#pragma once
// Report: collects what is wrong or odd in one configuration, with files and lines, up to a maximum.

#include <string>
#include <string_view>
#include <vector>

#include "shared/config/compose.h"
#include "shared/config/load.h"

namespace omenia {

class Report {
 public:
  explicit Report(const Composition& composed) : composed_(composed) {}

  void error(const JsonPath& path, std::string message);
  void warn(const JsonPath& path, std::string message);
  // For what is said about `path` and stands in the line of its member `name`.
  void error_at_member(const JsonPath& path, std::string_view name, std::string message);

  bool full() const { return errors_.size() >= limits::config_issues_max; }

  // Moves the issues to `loaded`, in the order of the files.
  void finish(LoadedConfig& loaded);

 private:
  ConfigIssue issue_at(const JsonPath& place, const JsonPath& told, std::string message) const;

  const Composition& composed_;
  std::vector<ConfigIssue> errors_;
  std::vector<ConfigIssue> warnings_;
  std::size_t untold_errors_ = 0;
};

// Words that several checks use.
std::string type_problem(std::string_view expected, JsonView found);  // Invalid input: expected x, received y
std::string allowed_problem(std::string_view values);                 // Invalid input (allowed: "a", "b")
std::string quoted(std::string_view name);                            // In quotes, shortened when it is long.

}  // namespace omenia
