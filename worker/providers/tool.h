#pragma once
// Tools as a model sees them: what it may call, whether it has to, and the calls that it makes. Who carries a call out
// is not said here: the client that brought the tool, or the gateway.

#include <optional>
#include <string>

namespace omenia::providers {

struct Tool {
  std::string name;
  std::string description;     // May be empty.
  std::string parameters;      // JSON Schema, an object's text; empty: it takes none.
  std::optional<bool> strict;  // Passed on as given.
};

struct ToolChoice {
  enum class Kind { automatic, required, named };
  Kind kind = Kind::automatic;
  std::string name;  // Of the one tool that has to be called.

  bool constrains() const { return kind != Kind::automatic; }
};

struct ToolCall {
  std::string id;
  std::string name;
  std::string arguments;  // As the model wrote them: JSON text, if it kept to what it was told.
};

}  // namespace omenia::providers
