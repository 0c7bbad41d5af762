#include "shared/config/dotenv.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "shared/base/limits.h"
#include "shared/config/file.h"

namespace omenia {

namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

std::string_view trimmed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t\r") - start + 1);
}

bool is_name(std::string_view name) {
  return !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])) &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return c < 0x80 && (std::isalnum(c) || c == '_'); });
}

char unescaped(char c) {
  if (c == 'n') return '\n';
  if (c == 't') return '\t';
  return c;
}

std::string unquoted(std::string_view text) {
  const char quote = text[0];
  std::string value;
  for (std::size_t i = 1; i < text.size() && text[i] != quote; ++i) {
    const bool escape = quote == '"' && text[i] == '\\' && i + 1 < text.size();
    value.push_back(escape ? unescaped(text[++i]) : text[i]);
  }
  return value;
}

std::string value_of(std::string_view text) {
  if (!text.empty() && (text[0] == '"' || text[0] == '\'')) return unquoted(text);
  if (text.starts_with('#')) return "";
  return std::string(trimmed(text.substr(0, std::min(text.find(" #"), text.size()))));
}

Variables read_dotenv(const std::string& path) {
  const auto text = read_config_file(path, limits::dotenv_bytes_max);
  if (!text.ok() || !text.value()) return {};
  return parse_dotenv(*text.value());
}

bool is_own_variable(const std::string& name) {
  constexpr std::string_view prefix = "OMENIACLAW_";
  return name.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), name.begin(),
                                                    [](char a, unsigned char b) { return a == std::toupper(b); });
}

}  // namespace

Variables parse_dotenv(std::string_view text) {
  constexpr std::string_view export_word = "export ";
  Variables variables;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
    if (line.starts_with(export_word)) line = trimmed(line.substr(export_word.size()));
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || !is_name(trimmed(line.substr(0, equals)))) continue;
    variables.insert_or_assign(std::string(trimmed(line.substr(0, equals))),
                               value_of(trimmed(line.substr(equals + 1))));
  }
  return variables;
}

Environment with_dotenv(Environment environment, const std::string& state_dir, const std::string& folder) {
  Variables variables = folder.empty() ? Variables() : read_dotenv(folder + "/.env");
  std::erase_if(variables, [](const auto& variable) { return is_own_variable(variable.first); });
  variables.merge(read_dotenv(state_dir + "/.env"));
  return [environment = std::move(environment), variables = std::move(variables)](std::string_view name) {
    auto value = environment(name);
    if (value && !value->empty()) return value;
    const auto found = variables.find(name);
    return found == variables.end() || found->second.empty() ? std::optional<std::string>() : found->second;
  };
}

}  // namespace omenia
