#pragma once
// Typed reading: for every row of a table, the value in the document is checked against type and rule and stored in the
// field. What does not fit is reported and leaves the default.

#include <set>
#include <span>

#include "shared/config/key_pattern.h"
#include "shared/config/keys.h"
#include "shared/config/paths.h"
#include "shared/config/report.h"

namespace omenia {

// What the readers of one document share.
struct Reading {
  Report& report;
  const Environment& environment;
  std::set<JsonPath> unresolved;  // Texts with a ${VAR} that is not set.
};

// A value in the document and the row it is read for.
struct FoundField {
  JsonView value;
  JsonPath path;
  const KeyRow& row;
};

// The field's value, or nothing after reporting why not. A secret whose variable is not set is nothing without an
// error.
std::optional<std::string> read_text(const FoundField& field, Reading& reading);
std::optional<bool> read_flag(const FoundField& field, Reading& reading);
std::optional<std::int64_t> read_integer(const FoundField& field, Reading& reading);
std::optional<double> read_number(const FoundField& field, Reading& reading);
std::optional<std::vector<std::string>> read_list(const FoundField& field, Reading& reading);
std::optional<Secret> read_secret(const FoundField& field, Reading& reading);
std::optional<std::map<std::string, std::string>> read_headers(const FoundField& field, Reading& reading);

// The value of `row` in the record at `place`. "model" as a text is read as "model.primary". A view of nothing: absent.
FoundField find_field(JsonView record, const JsonPath& place, const KeyRow& row);

// The reader of a field is chosen by its type.
inline auto read_value(std::string*, const FoundField& field, Reading& reading) {
  return read_text(field, reading);
}
inline auto read_value(bool*, const FoundField& field, Reading& reading) {
  return read_flag(field, reading);
}
inline auto read_value(std::int64_t*, const FoundField& field, Reading& reading) {
  return read_integer(field, reading);
}
inline auto read_value(double*, const FoundField& field, Reading& reading) {
  return read_number(field, reading);
}
inline auto read_value(std::vector<std::string>*, const FoundField& field, Reading& reading) {
  return read_list(field, reading);
}
inline auto read_value(Secret*, const FoundField& field, Reading& reading) {
  return read_secret(field, reading);
}
inline auto read_value(std::map<std::string, std::string>*, const FoundField& field, Reading& reading) {
  return read_headers(field, reading);
}

template <typename Owner>
void read_fields(JsonView record, const JsonPath& place, std::span<const KeyBinding<Owner>> keys, Owner& owner,
                 Reading& reading) {
  for (const KeyBinding<Owner>& key : keys) {
    const FoundField found = find_field(record, place, key.row);
    if (!found.value) continue;
    const auto store = [&](auto member) {
      auto& target = owner.*member;
      if (auto value = read_value(&target, found, reading)) target = std::move(*value);
    };
    std::visit(store, key.field);
  }
}

}  // namespace omenia
