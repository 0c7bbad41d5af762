#include "shared/config/fields.h"

#include <algorithm>
#include <cctype>

#include "shared/config/rules.h"

namespace omenia {

namespace {

constexpr std::string_view secret_shape = "string or {source: \"env\", id: \"NAME\"}";
constexpr std::size_t variable_chars_max = 128;

std::nullopt_t refuse(const FoundField& field, Reading& reading, std::string problem) {
  reading.report.error(field.path, std::move(problem));
  return std::nullopt;
}

std::optional<std::string> read_path(const FoundField& field, Reading& reading) {
  const std::string text = expand_home(field.value.text(), reading.environment);
  if (!text.empty() && !text.starts_with('/'))
    return refuse(field, reading, "Invalid input: expected an absolute path or one that begins with ~/");
  return text;
}

bool is_variable(std::string_view id) {
  const auto is_letter = [](unsigned char c) { return std::isupper(c) || std::isdigit(c) || c == '_'; };
  return !id.empty() && id.size() <= variable_chars_max && std::isupper(static_cast<unsigned char>(id[0])) &&
         std::all_of(id.begin(), id.end(), is_letter);
}

// What is wrong with a SecretRef object; nothing for one that names an environment variable.
std::optional<std::string> reference_problem(JsonView reference) {
  for (JsonView member = reference.first(); member; member = member.next()) {
    if (member.name() != "source" && member.name() != "provider" && member.name() != "id")
      return "Unrecognized key: " + quoted(member.name()) + " (a secret reference has source, provider and id)";
    if (!member.is_string()) return type_problem("string", member) + " for " + quoted(member.name());
  }
  const std::string_view source = reference["source"].text();
  if (source == "file" || source == "exec" || source == "store")
    return "secret source " + quoted(source) + " is not available in this release; use {source: \"env\", id: \"NAME\"}";
  if (source != "env") return "Invalid input: expected " + std::string(secret_shape);
  if (!is_variable(reference["id"].text()))
    return "Invalid input: id names an environment variable in capitals, such as OPENAI_API_KEY";
  return std::nullopt;
}

std::optional<std::string> read_reference(const FoundField& field, Reading& reading) {
  if (auto problem = reference_problem(field.value)) return refuse(field, reading, *problem);
  const std::string_view variable = field.value["id"].text();
  auto value = reading.environment(variable);
  if (!value)
    reading.report.warn(
        field.path, "environment variable " + std::string(variable) + " is not set: the credential counts as absent");
  return value;
}

bool is_header_name(std::string_view name) {
  constexpr std::string_view signs = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](unsigned char c) {
    return (c < 0x80 && std::isalnum(c)) || signs.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

std::optional<std::string> header_problem(JsonView header) {
  if (!header.is_string()) return type_problem("string", header);
  if (!is_header_name(header.name())) return "Invalid input: the name is not a header's name";
  const std::string_view value = header.text();
  if (std::any_of(value.begin(), value.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; }))
    return "Invalid input: a header's value holds no control characters";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> read_text(const FoundField& field, Reading& reading) {
  if (field.row.type == KeyType::TextOrFalse && field.value.is_bool() && !field.value.boolean()) return std::string();
  if (!field.value.is_string()) {
    if (field.row.rule.kind == KeyRule::Kind::one_of)
      return refuse(field, reading, allowed_problem(field.row.rule.allowed));
    return refuse(field, reading, type_problem("string", field.value));
  }
  if (auto problem = problem_of(field.row.rule, field.value.text())) return refuse(field, reading, *problem);
  if (field.row.type == KeyType::Path) return read_path(field, reading);
  return std::string(field.value.text());
}

std::optional<bool> read_flag(const FoundField& field, Reading& reading) {
  if (!field.value.is_bool()) return refuse(field, reading, type_problem("boolean", field.value));
  return field.value.boolean();
}

std::optional<std::int64_t> read_integer(const FoundField& field, Reading& reading) {
  if (!field.value.is_number()) return refuse(field, reading, type_problem("number", field.value));
  if (!field.value.is_integer()) return refuse(field, reading, type_problem("integer", field.value));
  const std::int64_t number = field.value.integer();
  if (number < field.row.rule.min)
    return refuse(field, reading, "Too small: expected number to be >=" + std::to_string(field.row.rule.min));
  if (number > field.row.rule.max)
    return refuse(field, reading, "Too big: expected number to be <=" + std::to_string(field.row.rule.max));
  return number;
}

std::optional<double> read_number(const FoundField& field, Reading& reading) {
  if (!field.value.is_number()) return refuse(field, reading, type_problem("number", field.value));
  return field.value.number();
}

std::optional<std::vector<std::string>> read_list(const FoundField& field, Reading& reading) {
  if (!field.value.is_array()) return refuse(field, reading, type_problem("array", field.value));
  std::vector<std::string> list;
  std::size_t index = 0;
  for (JsonView item = field.value.first(); item; item = item.next(), ++index) {
    const FoundField element{item, field.path / std::to_string(index), field.row};
    if (auto text = read_text(element, reading)) list.push_back(std::move(*text));
  }
  return list;
}

std::optional<Secret> read_secret(const FoundField& field, Reading& reading) {
  std::optional<std::string> text;
  if (field.value.is_object()) {
    text = read_reference(field, reading);
  } else if (!field.value.is_string()) {
    return refuse(field, reading, type_problem(secret_shape, field.value));
  } else if (!reading.unresolved.contains(field.path)) {
    text = std::string(field.value.text());
  }
  if (!text) return std::nullopt;
  if (auto problem = credential_problem(*text)) return refuse(field, reading, "Invalid input: " + *problem);
  return Secret(std::move(*text));
}

std::optional<std::map<std::string, std::string>> read_headers(const FoundField& field, Reading& reading) {
  if (!field.value.is_object()) return refuse(field, reading, type_problem("object", field.value));
  std::map<std::string, std::string> headers;
  for (JsonView header = field.value.first(); header; header = header.next()) {
    const JsonPath path = field.path / header.name();
    if (auto problem = header_problem(header)) {
      reading.report.error(path, std::move(*problem));
    } else if (!reading.unresolved.contains(path)) {
      headers.emplace(header.name(), header.text());
    }
  }
  return headers;
}

FoundField find_field(JsonView record, const JsonPath& place, const KeyRow& row) {
  const auto segments = pattern_segments(row.path);
  JsonPath path = place;
  JsonView value = record;
  for (std::size_t i = place.size(); i < segments.size(); ++i) {
    const bool short_form =
        value.is_string() && i > place.size() && i + 1 == segments.size() && segments[i] == "primary";
    if (short_form) break;
    value = value[segments[i]];
    path.emplace_back(segments[i]);
  }
  return {value, std::move(path), row};
}

}  // namespace omenia
