#include "worker/hooks/templates.h"

#include <algorithm>
#include <charconv>

#include "shared/base/clock.h"
#include "shared/base/limits.h"
#include "worker/http/query.h"

namespace omenia::hooks {

namespace {

constexpr std::string_view opening = "{{";
constexpr std::string_view closing = "}}";
constexpr std::string_view credentials[] = {"authorization", "proxy-authorization", "cookie", "x-OmeniaClaw-token"};

// What stands at `path`, "a[0].b", within a value; a view of nothing when there is no such place.
JsonView value_at(JsonView value, std::string_view path) {
  std::size_t depth = 0;
  while (!path.empty() && value && depth++ < limits::hook_template_depth_max) {
    if (path.front() == '.') path.remove_prefix(1);
    if (path.starts_with('[')) {
      std::size_t index = 0;
      const std::size_t end = path.find(']');
      if (end == std::string_view::npos || !value.is_array()) return {};
      const auto [stop, problem] = std::from_chars(path.data() + 1, path.data() + end, index);
      if (problem != std::errc() || stop != path.data() + end) return {};
      value = value.at(index);
      path.remove_prefix(end + 1);
    } else {
      const std::size_t end = std::min(path.find_first_of(".["), path.size());
      value = value.is_object() ? value[path.substr(0, end)] : JsonView();
      path.remove_prefix(end);
    }
  }
  return path.empty() ? value : JsonView();
}

std::string text_of(JsonView value) {
  if (!value || value.is_null()) return {};
  return value.is_string() ? std::string(value.text()) : value.dump();
}

std::string header_value(const http::Request& request, std::string_view name) {
  const bool is_secret = std::any_of(std::begin(credentials), std::end(credentials),
                                     [name](std::string_view secret) { return http::same_token(secret, name); });
  return is_secret ? std::string() : std::string(request.header(name));
}

std::string value_of(std::string_view place, const TemplateValues& values) {
  if (place == "path") return std::string(values.path);
  if (place == "now") return iso_utc(wall_ms());
  const std::size_t dot = std::min(place.find('.'), place.size());
  const std::string_view area = place.substr(0, dot);
  const std::string_view rest = place.substr(std::min(dot + 1, place.size()));
  if (area == "headers") return header_value(values.request, rest);
  if (area == "query") return http::query_value(values.request.query, rest);
  if (area == "payload") return text_of(value_at(values.payload, rest));
  return place.empty() ? std::string() : text_of(value_at(values.payload, place));
}

}  // namespace

bool has_places(std::string_view text) {
  return text.find(opening) != std::string_view::npos;
}

Result<std::string> render(std::string_view text, const TemplateValues& values) {
  std::string rendered;
  while (!text.empty()) {
    const std::size_t open = text.find(opening);
    const std::size_t close = open == std::string_view::npos ? open : text.find(closing, open);
    rendered.append(text.substr(0, close == std::string_view::npos ? text.size() : open));
    if (close == std::string_view::npos) break;
    rendered += value_of(http::trimmed(text.substr(open + opening.size(), close - open - opening.size())), values);
    if (rendered.size() > limits::message_bytes_max)
      return fail(ErrorCode::invalid_request,
                  "the mapping makes a text longer than " + std::to_string(limits::message_bytes_max) + " bytes of it");
    text.remove_prefix(close + closing.size());
  }
  return rendered;
}

}  // namespace omenia::hooks
