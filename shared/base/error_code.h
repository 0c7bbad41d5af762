#pragma once
// The errors of the product as an enumeration; every fact about one is its row in shared/tables/errors.def.

#include <string_view>

namespace omenia {

enum class ErrorCode {
#define ERROR(name, wire, http, type, close, exit, hint) name,
#include "shared/tables/errors.def"
#undef ERROR
};

struct ErrorRow {
  std::string_view name;  // Our own name, for logs and tests.
  std::string_view wire;  // `error.code` of a WebSocket response.
  int http_status;
  std::string_view http_type;  // `error.type` of an OpenAI-style body.
  int close_code;              // When the error ends a WebSocket.
  int exit_code;               // When the error ends a command.
  std::string_view hint;       // What the operator can do; may be empty.
};

inline constexpr ErrorRow error_rows[] = {
#define ERROR(name, wire, http, type, close, exit, hint) {#name, wire, http, type, close, exit, hint},
#include "shared/tables/errors.def"
#undef ERROR
};

// The error of that name, internal for another word (a name that a newer release wrote).
constexpr ErrorCode error_code_named(std::string_view name) {
  int index = 0;
  for (const ErrorRow& row : error_rows) {
    if (row.name == name) return static_cast<ErrorCode>(index);
    ++index;
  }
  return ErrorCode::internal;
}

constexpr const ErrorRow& row_of(ErrorCode code) {
  return error_rows[static_cast<int>(code)];
}

}  // namespace omenia
