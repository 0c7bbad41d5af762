// Finds the command's row by its words, then lets the parsing library read the options of that one row.

#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "shared/base/nearest.h"

namespace omenia::cli {

namespace {

using Words = std::vector<std::string>;

std::string in_quotes(std::string_view word) {
  return "\"" + std::string(word) + "\"";
}

bool takes_value(const Command* command, std::string_view word) {
  for (const Option* option : options_of(command)) {
    const std::string names = "," + std::string(option->names) + ",";
    if (!option->placeholder.empty() && names.find("," + std::string(word) + ",") != std::string::npos) return true;
  }
  return false;
}

const Command* command_named(std::string_view name) {
  for (const Command& command : command_table())
    if (command.name == name) return &command;
  return nullptr;
}

// The table's names live as long as the program, so views of them may be kept.
using Names = std::vector<std::string_view>;

std::string did_you_mean(std::string_view suggestion, std::string_view help_command) {
  std::string text;
  if (!suggestion.empty()) text += "\nDid you mean this?\n  " + std::string(suggestion);
  return text + "\nTry: " + std::string(help_command) + " --help";
}

// The last words of the commands that start with `group` ("": the first words of all).
Names command_words(std::string_view group) {
  Names words;
  for (const Command& command : command_table()) {
    std::string_view name = command.name;
    if (!group.empty()) {
      if (!name.starts_with(group) || name.size() <= group.size() || name[group.size()] != ' ') continue;
      name.remove_prefix(group.size() + 1);
    }
    const std::string_view word = name.substr(0, name.find(' '));
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  return words;
}

Error unknown_command(const Command* group, const std::string& word) {
  if (group == nullptr) {
    return fail(ErrorCode::usage, "OmeniaClaw does not know the command " + in_quotes(word) + "." +
                                      did_you_mean(nearest(word, command_words("")), "OmeniaClaw"));
  }
  const std::string name(group->name);
  return fail(ErrorCode::usage, "OmeniaClaw " + name + " has no command " + in_quotes(word) + "." +
                                    did_you_mean(nearest(word, command_words(name)), "OmeniaClaw " + name));
}

Error unknown_option(const Command* command, const std::string& word) {
  Names names;
  for (const Option* option : options_of(command))
    if (!option->summary.empty()) names.push_back(long_name(option->names));
  const std::string shown = word.substr(0, word.find('='));  // What follows may be a secret.
  const std::string help = command == nullptr ? "OmeniaClaw" : "OmeniaClaw " + std::string(command->name);
  return fail(ErrorCode::usage, "OmeniaClaw does not recognize option " + in_quotes(shown) + "." +
                                    did_you_mean(nearest(shown, names), help));
}

// Takes the command's words out of `words`. Options may stand before and between them.
Result<const Command*> take_command(Words& words) {
  const Command* command = nullptr;
  for (std::size_t i = 0; i < words.size();) {
    if (words[i] == "--") break;
    if (words[i].starts_with('-')) {
      i += takes_value(command, words[i]) ? 2 : 1;
      continue;
    }
    const std::string name = command == nullptr ? words[i] : std::string(command->name) + " " + words[i];
    const Command* next = command_named(name);
    if (next == nullptr && command == nullptr) return unknown_command(nullptr, words[i]);
    if (next == nullptr && !command_words(command->name).empty()) return unknown_command(command, words[i]);
    if (next == nullptr) break;
    command = next;
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return command;
}

void declare(::CLI::App& app, const Option& option) {
  ::CLI::Option* declared = option.placeholder.empty()
                                ? app.add_flag(std::string(option.names))
                                : app.add_option(std::string(option.names))->expected(1)->allow_extra_args(false);
  declared->multi_option_policy(::CLI::MultiOptionPolicy::TakeLast);
}

void collect(const ::CLI::App& app, const Command* command, Arguments& arguments) {
  for (const Option* option : options_of(command)) {
    const std::string name(long_name(option->names));
    const ::CLI::Option* declared = app.get_option(name);
    if (declared->count() == 0) continue;
    arguments.set(name, option->placeholder.empty() ? "" : declared->results().back());
  }
}

Error missing_positional(const Command& command, std::string_view name) {
  return fail(ErrorCode::usage, "OmeniaClaw " + std::string(command.name) + " needs <" + std::string(name) +
                                    ">.\nTry: OmeniaClaw " + std::string(command.name) + " --help");
}

// What no option took: the positionals, or something nobody knows.
Result<void> place_rest(const Words& rest, const Command* command, Arguments& arguments) {
  const std::size_t places = command == nullptr ? 0 : command->positionals.size();
  bool only_positionals = false;
  for (const std::string& word : rest) {
    if (!only_positionals && word == "--") {
      only_positionals = true;
      continue;
    }
    if (!only_positionals && word.size() > 1 && word.starts_with('-')) return unknown_option(command, word);
    if (arguments.positionals().size() == places) {
      return fail(ErrorCode::usage, "OmeniaClaw " + std::string(command->name) + " does not know what to do with " +
                                        in_quotes(word) + ".\nTry: OmeniaClaw " + std::string(command->name) +
                                        " --help");
    }
    arguments.push(word);
  }
  return {};
}

}  // namespace

std::string_view long_name(std::string_view names) {
  const std::size_t comma = names.rfind(',');
  return comma == std::string_view::npos ? names : names.substr(comma + 1);
}

std::vector<const Option*> options_of(const Command* command) {
  std::vector<const Option*> all;
  const auto append = [&all](std::span<const Option> options) {
    for (const Option& option : options) {
      const auto same_name = [&](const Option* known) { return long_name(known->names) == long_name(option.names); };
      if (std::none_of(all.begin(), all.end(), same_name)) all.push_back(&option);
    }
  };
  if (command != nullptr) append(command->options);
  if (command != nullptr && command->needs == Needs::gateway) append(gateway_options());
  append(root_options());
  return all;
}

std::optional<std::string> Arguments::value(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::string Arguments::value_or(std::string_view name, std::string_view fallback) const {
  return value(name).value_or(std::string(fallback));
}

Result<std::optional<std::int64_t>> Arguments::integer(std::string_view name, std::int64_t min,
                                                       std::int64_t max) const {
  const std::optional<std::string> text = value(name);
  if (!text) return std::optional<std::int64_t>();
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (problem != std::errc() || end != text->data() + text->size() || number < min || number > max) {
    return fail(ErrorCode::usage, "Invalid " + std::string(name) + ". Use a whole number from " + std::to_string(min) +
                                      " to " + std::to_string(max) + ".");
  }
  return std::optional<std::int64_t>(number);
}

Result<std::optional<int>> Arguments::port() const {
  const Result<std::optional<std::int64_t>> number = integer("--port", 1, 65535);
  if (!number.ok())
    return fail(ErrorCode::usage, "Invalid --port. Use a port number from 1 to 65535, for example 18789.");
  if (!number.value()) return std::optional<int>();
  return std::optional<int>(static_cast<int>(*number.value()));
}

Result<Invocation> parse_arguments(const std::vector<std::string>& words) {
  Words rest = words;
  Invocation invocation;
  TRY_ASSIGN(invocation.command, take_command(rest));
  ::CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.allow_windows_style_options(false);
  try {
    for (const Option* option : options_of(invocation.command)) declare(app, *option);
    std::reverse(rest.begin(), rest.end());  // The library reads from the back.
    app.parse(rest);
  } catch (const ::CLI::Error& error) {
    return fail(ErrorCode::usage, std::string(error.what()));
  }
  collect(app, invocation.command, invocation.arguments);
  if (invocation.arguments.flag("--help") || invocation.arguments.flag("--version")) return invocation;
  TRY(place_rest(app.remaining(), invocation.command, invocation.arguments));
  if (invocation.command == nullptr) return invocation;
  const std::size_t given = invocation.arguments.positionals().size();
  const auto& positionals = invocation.command->positionals;
  if (given < positionals.size() && positionals[given].required)
    return missing_positional(*invocation.command, positionals[given].name);
  return invocation;
}

}  // namespace omenia::cli
