#include "shared/config/report.h"

#include <algorithm>
#include <tuple>

#include "shared/base/utf8.h"
#include "shared/json/writer.h"

namespace omenia {

namespace {

std::string shortened(std::string_view text, std::size_t chars_max) {
  if (text.size() <= chars_max) return std::string(text);
  return std::string(utf8_prefix(text, chars_max)) + "…";
}

std::string shown(const JsonPath& path) {
  return shortened(to_text(path), 3 * limits::config_text_chars_max);
}

std::string_view type_of(JsonView value) {
  if (value.is_string()) return "string";
  if (value.is_number()) return "number";
  if (value.is_bool()) return "boolean";
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  return value.is_null() ? "null" : "nothing";
}

void sort_by_line(std::vector<ConfigIssue>& issues) {
  std::stable_sort(issues.begin(), issues.end(), [](const ConfigIssue& a, const ConfigIssue& b) {
    return std::tie(a.file, a.line) < std::tie(b.file, b.line);
  });
}

}  // namespace

ConfigIssue Report::issue_at(const JsonPath& place, const JsonPath& told, std::string message) const {
  const Origin origin = composed_.origin_of(place);
  return {shown(told), std::move(message), origin.line, origin.file == 0 ? "" : composed_.files[origin.file]};
}

void Report::error(const JsonPath& path, std::string message) {
  if (full()) {
    ++untold_errors_;
  } else {
    errors_.push_back(issue_at(path, path, std::move(message)));
  }
}

void Report::error_at_member(const JsonPath& path, std::string_view name, std::string message) {
  if (full()) {
    ++untold_errors_;
  } else {
    errors_.push_back(issue_at(path / name, path, std::move(message)));
  }
}

void Report::warn(const JsonPath& path, std::string message) {
  if (warnings_.size() < limits::config_issues_max) warnings_.push_back(issue_at(path, path, std::move(message)));
}

void Report::finish(LoadedConfig& loaded) {
  sort_by_line(errors_);
  sort_by_line(warnings_);
  if (untold_errors_ > 0) errors_.push_back({"<root>", std::to_string(untold_errors_) + " more problems"});
  loaded.errors = std::move(errors_);
  loaded.warnings = std::move(warnings_);
}

std::string type_problem(std::string_view expected, JsonView found) {
  return "Invalid input: expected " + std::string(expected) + ", received " + std::string(type_of(found));
}

std::string allowed_problem(std::string_view values) {
  std::string list;
  while (!values.empty()) {
    const std::size_t length = std::min(values.find('|'), values.size());
    list += (list.empty() ? "\"" : ", \"") + std::string(values.substr(0, length)) + "\"";
    values.remove_prefix(std::min(length + 1, values.size()));
  }
  return "Invalid input (allowed: " + list + ")";
}

std::string quoted(std::string_view name) {
  std::string text;
  append_json_string(text, shortened(name, limits::config_text_chars_max));
  return text;
}

}  // namespace omenia
