#include "shared/config/key_pattern.h"

#include <algorithm>

namespace omenia {

namespace {

bool segment_matches(std::string_view segment, const std::string& name) {
  if (segment == "*") return true;
  if (segment == "[]") return array_index(name).has_value();
  return segment == name;
}

// True when the first `count` segments fit the first `count` names.
bool begins_alike(const std::vector<std::string_view>& segments, const JsonPath& path, std::size_t count) {
  return std::equal(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(count), path.begin(),
                    segment_matches);
}

}  // namespace

std::vector<std::string_view> pattern_segments(std::string_view pattern) {
  std::vector<std::string_view> segments;
  while (!pattern.empty()) {
    const std::size_t length = std::min(pattern.find('.'), pattern.size());
    const std::string_view segment = pattern.substr(0, length);
    if (segment.ends_with("[]")) {
      segments.push_back(segment.substr(0, length - 2));
      segments.push_back(segment.substr(length - 2));
    } else {
      segments.push_back(segment);
    }
    pattern.remove_prefix(std::min(length + 1, pattern.size()));
  }
  return segments;
}

bool pattern_matches(std::string_view pattern, const JsonPath& path) {
  const auto segments = pattern_segments(pattern);
  return segments.size() == path.size() && begins_alike(segments, path, path.size());
}

bool pattern_covers(std::string_view pattern, const JsonPath& path) {
  const auto segments = pattern_segments(pattern);
  return segments.size() <= path.size() && begins_alike(segments, path, segments.size());
}

bool pattern_reaches_below(std::string_view pattern, const JsonPath& path) {
  const auto segments = pattern_segments(pattern);
  return segments.size() > path.size() && begins_alike(segments, path, path.size());
}

}  // namespace omenia
