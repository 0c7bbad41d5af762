#include "shared/json/json_path.h"

#include <algorithm>
#include <charconv>

#include "shared/base/utf8.h"
#include "shared/json/writer.h"

namespace omenia {

namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '$';
}

Error bad_path(std::string_view text, const std::string& what) {
  return fail(ErrorCode::usage, "Invalid config path \"" + std::string(utf8_prefix(text, 200)) + "\": " + what);
}

// Reads the bracket that `rest` begins with and takes it away. Nothing: it is not closed, or empty.
std::optional<std::string> take_bracket(std::string_view& rest) {
  const char quote = rest.size() > 1 && (rest[1] == '"' || rest[1] == '\'') ? rest[1] : '\0';
  std::string name;
  std::size_t i = quote ? 2 : 1;
  while (i < rest.size() && rest[i] != (quote ? quote : ']')) {
    if (quote && rest[i] == '\\' && i + 1 < rest.size()) ++i;
    name.push_back(rest[i++]);
  }
  if (quote) ++i;
  if (i >= rest.size() || rest[i] != ']' || (name.empty() && !quote)) return std::nullopt;
  rest.remove_prefix(i + 1);
  return name;
}

std::string take_word(std::string_view& rest) {
  const std::size_t length = std::min(rest.find_first_of(".["), rest.size());
  std::string word(rest.substr(0, length));
  rest.remove_prefix(length);
  return word;
}

}  // namespace

Result<JsonPath> parse_json_path(std::string_view text) {
  if (text.empty()) return bad_path(text, "it is empty");
  if (!is_utf8(text)) return bad_path("", "it is not UTF-8");
  JsonPath path;
  std::string_view rest = text;
  while (!rest.empty()) {
    if (rest.front() == '[') {
      auto name = take_bracket(rest);
      if (!name) return bad_path(text, "a bracket holds an index or a quoted name and is closed with ]");
      path.push_back(std::move(*name));
    } else {
      if (!path.empty()) {
        if (rest.front() != '.') return bad_path(text, "a bracket is followed by . or [");
        rest.remove_prefix(1);
      }
      path.push_back(take_word(rest));
      if (path.back().empty()) return bad_path(text, "a name is missing");
    }
    if (path.size() > limits::json_depth_max) return bad_path(text, "it is too deep");
  }
  return path;
}

std::string to_text(const JsonPath& path) {
  if (path.empty()) return "<root>";
  std::string text;
  for (const std::string& name : path) {
    if (!name.empty() && std::all_of(name.begin(), name.end(), is_plain)) {
      if (!text.empty()) text.push_back('.');
      text.append(name);
    } else {
      text.push_back('[');
      append_json_string(text, name);
      text.push_back(']');
    }
  }
  return text;
}

JsonPath operator/(const JsonPath& parent, std::string_view name) {
  JsonPath path = parent;
  path.emplace_back(name);
  return path;
}

JsonView find(JsonView document, const JsonPath& path) {
  JsonView node = document;
  for (const std::string& name : path) {
    if (node.is_array()) {
      const auto index = array_index(name);
      node = index ? node.at(*index) : JsonView();
    } else {
      node = node[name];
    }
  }
  return node;
}

std::optional<std::size_t> array_index(std::string_view text) {
  std::size_t index = 0;
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return index;
}

}  // namespace omenia
