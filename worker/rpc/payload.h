#pragma once
// Payload: what a good answer of a method looks like, as a constant. Most are objects; some are a bare array of
// objects, and a few may be null.

#include <string>

#include "shared/json/shape.h"

namespace omenia::rpc {

struct Payload {
  Shape shape;                       // Of the object, or of each element.
  JsonType type = JsonType::object;  // object or array.
  bool nullable = false;
};

inline constexpr bool open = false;  // As a Shape's `closed`: further members are allowed.

// Problems of an answer, joined by "; "; empty when it fits.
std::string problems_of(JsonView answer, const Payload& payload);

}  // namespace omenia::rpc
