#include "shared/config/key_pattern.h"

#include <algorithm>

namespace omenia {

namespace {

constexpr std::string_view any_element = "[]";

bool segment_matches(std::string_view segment, const std::string& name) {
  if (segment == "*") return true;
  if (segment == any_element) return array_index(name).has_value();
  return segment == name;
}

// Takes the first segment off a pattern that is not empty.
std::string_view take_segment(std::string_view& pattern) {
  std::string_view segment = pattern.substr(0, pattern.find('.'));
  if (segment.ends_with(any_element) && segment != any_element) {
    segment.remove_suffix(any_element.size());
    pattern.remove_prefix(segment.size());  // "[]" is the next.
  } else {
    pattern.remove_prefix(std::min(segment.size() + 1, pattern.size()));
  }
  return segment;
}

// How a pattern and a path compare, segment by segment: every path of a configuration is held against every row.
struct Comparison {
  bool alike = true;          // As far as both go.
  bool pattern_left = false;  // The pattern goes further.
  bool path_left = false;     // The path does.
};

Comparison compare(std::string_view pattern, const JsonPath& path) {
  Comparison comparison;
  auto name = path.begin();
  for (; comparison.alike && !pattern.empty() && name != path.end(); ++name)
    comparison.alike = segment_matches(take_segment(pattern), *name);
  comparison.pattern_left = !pattern.empty();
  comparison.path_left = name != path.end();
  return comparison;
}

}  // namespace

std::vector<std::string_view> pattern_segments(std::string_view pattern) {
  std::vector<std::string_view> segments;
  while (!pattern.empty()) segments.push_back(take_segment(pattern));
  return segments;
}

bool pattern_matches(std::string_view pattern, const JsonPath& path) {
  const Comparison comparison = compare(pattern, path);
  return comparison.alike && !comparison.pattern_left && !comparison.path_left;
}

bool pattern_covers(std::string_view pattern, const JsonPath& path) {
  const Comparison comparison = compare(pattern, path);
  return comparison.alike && !comparison.pattern_left;
}

bool pattern_reaches_below(std::string_view pattern, const JsonPath& path) {
  const Comparison comparison = compare(pattern, path);
  return comparison.alike && comparison.pattern_left && !comparison.path_left;
}

}  // namespace omenia
