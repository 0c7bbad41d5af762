#pragma once
// Arguments: a command line, read against the command table. The only file that knows the parsing library is
// arguments.cpp.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "shared/base/result.h"

namespace omenia::cli {

// The values of one command's options and positionals. Asking for an option that is in no row is our mistake.
class Arguments {
 public:
  bool flag(std::string_view name) const { return values_.contains(name); }
  std::optional<std::string> value(std::string_view name) const;
  std::string value_or(std::string_view name, std::string_view fallback) const;

  // The option as a whole number within the bounds, or nothing when it was not given. Error: usage, names the option.
  Result<std::optional<std::int64_t>> integer(std::string_view name, std::int64_t min, std::int64_t max) const;

  Result<std::optional<int>> port() const;  // --port

  const std::vector<std::string>& positionals() const { return positionals_; }

  void set(std::string name, std::string value) { values_.insert_or_assign(std::move(name), std::move(value)); }
  void push(std::string positional) { positionals_.push_back(std::move(positional)); }

 private:
  std::map<std::string, std::string, std::less<>> values_;  // By long name; a flag has an empty value.
  std::vector<std::string> positionals_;
};

struct Invocation {
  const Command* command = nullptr;  // Null: no command was named.
  Arguments arguments;
};

// Every option that a command understands, in the order of its help; its own before those of many commands. Null: the
// options of the program itself.
std::vector<const Option*> options_of(const Command* command);

// "--message" of "-m,--message".
std::string_view long_name(std::string_view names);

// Reads the words after the program's name. Error: usage; its message is ready to be printed, with a suggestion and the
// help command to try.
Result<Invocation> parse_arguments(const std::vector<std::string>& words);

}  // namespace omenia::cli
