#pragma once
// Shape: what a JSON object from outside must look like, as a constant table. One check tells every problem at once in
// the words the reference's clients print: "must have required property 'x'", "at /client/id: must be equal to one of
// the allowed values", "at root: unexpected property 'y'", joined by "; ". A member that stands twice is refused: who
// reads it later must not read another one than who has checked it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "shared/json/json.h"

namespace omenia {

enum class JsonType { any, string, text /* string, not empty */, integer, number, boolean, object, array };

struct Shape;

struct Field {
  std::string_view name;
  JsonType type = JsonType::any;
  bool required = false;
  std::int64_t min = std::numeric_limits<std::int64_t>::min();  // Of a number; of the length of a string or array.
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::string_view allowed{};    // For strings: the values, separated by '|'. Empty: any.
  const Shape* shape = nullptr;  // For objects: their fields; for arrays: the fields of each element that is an object.
  JsonType item = JsonType::any;  // For arrays: the type of each element.
  bool nullable = false;
};

// Lists of fields, one after the other, as one.
template <std::size_t... Sizes>
constexpr auto joined(const Field (&... lists)[Sizes]) {
  std::array<Field, (Sizes + ...)> all{};
  std::size_t next = 0;
  const auto append = [&](std::span<const Field> list) {
    for (const Field& field : list) all[next++] = field;
  };
  (append(lists), ...);
  return all;
}

struct Shape {
  std::span<const Field> fields;
  bool closed = true;  // Members that are no field are refused.
};

// Problems of `value` against `shape`, joined by "; "; empty when it fits. At most eight are told.
std::string problems_of(JsonView value, const Shape& shape);

// The same as a Result: invalid_request, message "invalid <what> params: <problems>".
Result<void> check_params(std::string_view method, JsonView params, const Shape& shape);

}  // namespace omenia
