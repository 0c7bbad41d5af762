// See help.h.

#include "cli/help.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "cli/arguments.h"
#include "shared/base/version.h"

namespace omenia::cli {

namespace {

constexpr std::string_view tagline = "one port between your people and your agents";

using Entry = std::pair<std::string, std::string>;

std::string section(std::string_view title, const std::vector<Entry>& entries) {
  if (entries.empty()) return "";
  std::size_t width = 0;
  for (const Entry& entry : entries) width = std::max(width, entry.first.size());
  std::string text = "\n" + std::string(title) + ":\n";
  for (const auto& [left, right] : entries)
    text += "  " + left + std::string(width - left.size() + 2, ' ') + right + "\n";
  return text;
}

// "-m,--message" and "<text>" as "-m, --message <text>".
std::string shown(const Option& option) {
  std::string text(option.names);
  if (const std::size_t comma = text.find(','); comma != std::string::npos) text.insert(comma + 1, " ");
  if (!option.placeholder.empty()) text += " " + std::string(option.placeholder);
  return text;
}

bool is_group(std::string_view name) {
  const std::string start = std::string(name) + " ";
  for (const Command& command : command_table())
    if (command.name.starts_with(start)) return true;
  return false;
}

// The commands one word below `group` ("": the first words).
std::vector<Entry> commands_below(std::string_view group) {
  const std::string start = group.empty() ? "" : std::string(group) + " ";
  std::vector<Entry> entries;
  for (const Command& command : command_table()) {
    if (!command.name.starts_with(start)) continue;
    const std::string word(command.name.substr(start.size()));
    if (word.empty() || word.find(' ') != std::string::npos) continue;
    entries.emplace_back(word + (is_group(command.name) ? " *" : ""), command.summary);
  }
  return entries;
}

std::string usage_of(const Command* command) {
  std::string usage = "Usage: OmeniaClaw ";
  if (command == nullptr) return usage + "[options] [command]\n";
  usage += std::string(command->name) + " [options]";
  if (is_group(command->name)) usage += command->run == nullptr ? " <command>" : " [command]";
  for (const Positional& positional : command->positionals)
    usage +=
        positional.required ? " <" + std::string(positional.name) + ">" : " [" + std::string(positional.name) + "]";
  return usage + "\n";
}

}  // namespace

std::string version_line() {
  return "OmeniaClaw " + std::string(version) + " (" + commit + ")";
}

std::string help_text(const Command* command) {
  std::string text = "\n" + version_line() + " — " + std::string(tagline) + "\n\n" + usage_of(command);
  if (command != nullptr) text += "\n" + std::string(command->summary) + "\n";
  std::vector<Entry> options;
  for (const Option* option : options_of(command))
    if (!option->summary.empty()) options.emplace_back(shown(*option), option->summary);
  text += section("Options", options) + section("Commands", commands_below(command == nullptr ? "" : command->name));
  if (command == nullptr) text += "\n* has commands of its own: OmeniaClaw <command> --help\n";
  return text;
}

}  // namespace omenia::cli
