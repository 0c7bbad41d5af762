#include "shared/json/shape.h"

#include <algorithm>
#include <vector>

namespace omenia {

namespace {

constexpr std::size_t problems_max = 8;

struct Findings {
  std::vector<std::string> problems;

  void add(const std::string& path, const std::string& problem) {
    if (problems.size() < problems_max) problems.push_back((path.empty() ? "" : "at " + path + ": ") + problem);
  }
};

bool fits(JsonView value, JsonType type) {
  switch (type) {
    case JsonType::any: return true;
    case JsonType::string:
    case JsonType::text: return value.is_string();
    case JsonType::integer: return value.is_integer();
    case JsonType::number: return value.is_number();
    case JsonType::boolean: return value.is_bool();
    case JsonType::object: return value.is_object();
    case JsonType::array: return value.is_array();
  }
  return false;
}

std::string_view word_for(JsonType type) {
  switch (type) {
    case JsonType::any: return "any";
    case JsonType::string:
    case JsonType::text: return "string";
    case JsonType::integer: return "integer";
    case JsonType::number: return "number";
    case JsonType::boolean: return "boolean";
    case JsonType::object: return "object";
    case JsonType::array: return "array";
  }
  return "any";
}

bool is_allowed(std::string_view value, std::string_view allowed) {
  while (!allowed.empty()) {
    const std::size_t bar = allowed.find('|');
    if (value == allowed.substr(0, bar)) return true;
    if (bar == std::string_view::npos) break;
    allowed.remove_prefix(bar + 1);
  }
  return false;
}

void check_object(JsonView value, const Shape& shape, const std::string& path, Findings& found);

void check_bounds(JsonView value, const Field& field, const std::string& path, Findings& found) {
  if (value.is_number()) {
    if (value.number() < static_cast<double>(field.min)) found.add(path, "must be >= " + std::to_string(field.min));
    if (value.number() > static_cast<double>(field.max)) found.add(path, "must be <= " + std::to_string(field.max));
    return;
  }
  const bool is_text = value.is_string();
  const auto length = static_cast<std::int64_t>(is_text ? value.text().size() : value.size());
  const std::string unit = is_text ? " characters" : " items";
  const std::int64_t min = field.type == JsonType::text && field.min < 1 ? 1 : field.min;
  if (length < min) found.add(path, "must NOT have fewer than " + std::to_string(min) + unit);
  if (length > field.max) found.add(path, "must NOT have more than " + std::to_string(field.max) + unit);
}

void check_field(JsonView value, const Field& field, const std::string& path, Findings& found) {
  if (field.nullable && value.is_null()) return;
  if (!fits(value, field.type)) return found.add(path, "must be " + std::string(word_for(field.type)));
  if (field.type != JsonType::any && field.type != JsonType::object && field.type != JsonType::boolean)
    check_bounds(value, field, path, found);
  if (!field.allowed.empty() && value.is_string() && !is_allowed(value.text(), field.allowed))
    found.add(path, "must be equal to one of the allowed values");
  if (value.is_object() && field.shape) check_object(value, *field.shape, path, found);
  if (!value.is_array()) return;
  std::size_t index = 0;
  for (JsonView item = value.first(); item; item = item.next()) {
    const std::string item_path = path + "/" + std::to_string(index++);
    if (!fits(item, field.item)) {
      found.add(item_path, "must be " + std::string(word_for(field.item)));
    } else if (item.is_object() && field.shape) {
      check_object(item, *field.shape, item_path, found);
    }
  }
}

void check_object(JsonView value, const Shape& shape, const std::string& path, Findings& found) {
  for (const Field& field : shape.fields)
    if (field.required && !value[field.name])
      found.add(path, "must have required property '" + std::string(field.name) + "'");
  std::vector<const Field*> seen;
  for (JsonView member = value.first(); member; member = member.next()) {
    const Field* known = nullptr;
    for (const Field& field : shape.fields)
      if (field.name == member.name()) known = &field;
    if (known && std::find(seen.begin(), seen.end(), known) != seen.end()) {
      found.add(path.empty() ? "root" : path, "duplicate property '" + std::string(member.name()) + "'");
    } else if (known) {
      seen.push_back(known);
      check_field(member, *known, path + "/" + std::string(member.name()), found);
    } else if (shape.closed) {
      found.add(path.empty() ? "root" : path, "unexpected property '" + std::string(member.name()) + "'");
    }
  }
}

}  // namespace

std::string problems_of(JsonView value, const Shape& shape) {
  Findings found;
  if (!value.is_object()) {
    found.add("root", "must be object");
  } else {
    check_object(value, shape, "", found);
  }
  std::string joined;
  for (const std::string& problem : found.problems) joined += (joined.empty() ? "" : "; ") + problem;
  return joined;
}

Result<void> check_params(std::string_view method, JsonView params, const Shape& shape) {
  std::string problems = problems_of(params, shape);
  if (problems.empty()) return {};
  return fail(ErrorCode::invalid_request, "invalid " + std::string(method) + " params: " + problems);
}

}  // namespace omenia
