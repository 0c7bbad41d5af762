#pragma once
// Result<T>: the answer of everything that can fail. Our code throws nothing; a library that throws is
// caught in its wrapper and becomes an Error. Not for programming mistakes: those are assertions (ensure.h).

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "shared/base/error_code.h"

namespace omenia {

// What went wrong, for people and for the wire. The code's row in shared/tables/errors.def holds the wire code,
// the HTTP status, the close code, the exit code and the hint; the place that fails writes the message.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;                           // One sentence: what was wrong, named as the sender named it.
  std::string details{};                         // JSON object text for `error.details`, empty when there are none.
  std::optional<std::int64_t> retry_after_ms{};  // Set when trying again later can succeed.
};

template <typename T>
class [[nodiscard]] Result {
 public:
  using Value = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using Value = void;
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_.has_value(); }
  void value() const {}
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

inline Error fail(ErrorCode code, std::string message) {
  return Error{code, std::move(message)};
}

}  // namespace omenia

#define OMENIA_JOIN_(a, b) a##b
#define OMENIA_JOIN(a, b) OMENIA_JOIN_(a, b)

// Passes a failure on to the caller; the second form also names the value. In a coroutine use CO_TRY and
// CO_TRY_ASSIGN, and TRY_AWAIT for something that has to be awaited (shared/base/task.h).
#define TRY(expression)                                                                         \
  do {                                                                                          \
    if (auto try_result = (expression); !try_result.ok()) return std::move(try_result).error(); \
  } while (false)

#define TRY_ASSIGN(declaration, expression)                                                                   \
  auto OMENIA_JOIN(try_result_, __LINE__) = (expression);                                                     \
  if (!OMENIA_JOIN(try_result_, __LINE__).ok()) return std::move(OMENIA_JOIN(try_result_, __LINE__)).error(); \
  declaration = std::move(OMENIA_JOIN(try_result_, __LINE__)).value()

#define CO_TRY(expression)                                                                         \
  do {                                                                                             \
    if (auto try_result = (expression); !try_result.ok()) co_return std::move(try_result).error(); \
  } while (false)

#define CO_TRY_ASSIGN(declaration, expression)                                                                   \
  auto OMENIA_JOIN(try_result_, __LINE__) = (expression);                                                        \
  if (!OMENIA_JOIN(try_result_, __LINE__).ok()) co_return std::move(OMENIA_JOIN(try_result_, __LINE__)).error(); \
  declaration = std::move(OMENIA_JOIN(try_result_, __LINE__)).value()
