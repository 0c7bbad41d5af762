#pragma once
// Command: one row of the command table (commands.cpp). Parsing, help and the "did you mean" answers are read from the
// rows; a command's code is its run function and nothing else.

#include <span>
#include <string_view>

namespace omenia::cli {

struct Context;
class Arguments;

// An option of a command. With a placeholder it takes a value.
struct Option {
  std::string_view names;             // "--port", or "-m,--message" with the long name last.
  std::string_view placeholder = {};  // "<n>"; empty: a flag.
  std::string_view summary = {};      // Empty: not shown in help.
};

struct Positional {
  std::string_view name;  // "path"
  bool required = true;
};

// What is prepared before the command runs; each includes the ones before it.
enum class Needs {
  paths,    // Which instance: Context::paths.
  config,   // Its configuration, valid or not: Context::config.
  gateway,  // The options that choose and open a connection (gateway_options).
};

struct Command {
  std::string_view name;  // "gateway status": one or two words.
  std::string_view summary;
  Needs needs = Needs::config;
  int (*run)(Context&, const Arguments&) = nullptr;  // The exit code. Null: a group, which shows its help.
  std::span<const Option> options = {};
  std::span<const Positional> positionals = {};
};

std::span<const Command> command_table();
std::span<const Option> root_options();     // Understood by every command.
std::span<const Option> gateway_options();  // Understood by every command that needs a gateway.

}  // namespace omenia::cli
