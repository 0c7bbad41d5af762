// What g++ 12 makes of coroutines is right only where these rules hold: an awaited task or awaiter has a name, and a
// coroutine owns its parameters.
#include <gtest/gtest.h>

#include <regex>

#include "tests/tidy/tree.h"

namespace omenia::tidy {
namespace {

constexpr const char* macros = "shared/base/task.h";  // Where the one correct form is written down.

// Also what a name points to: no temporary is made on the way there.
bool awaits_a_name(const std::string& rest) {
  static const std::regex name(R"(^\s+(std::move\(\*?\w+\)|\w+)\s*[;)].*)");
  return std::regex_match(rest, name);
}

TEST(Tidy, CoAwaitStandsBeforeAName) {
  for (const auto& source : sources()) {
    if (!source.is_cpp() || source.path == macros) continue;
    const auto code = code_of(source);
    for (std::size_t i = 0; i < code.size(); ++i) {
      const std::size_t found = code[i].find("co_await");
      if (found == std::string::npos || code[i].find("operator co_await") != std::string::npos) continue;
      EXPECT_TRUE(awaits_a_name(code[i].substr(found + 8))) << place(source, i) << code[i];
    }
  }
}

// The parameter list that opens at `start`, split at its own commas.
std::vector<std::string> parameters(const std::string& text, std::size_t start) {
  std::vector<std::string> list(1);
  int depth = 0;
  for (std::size_t i = start; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '<' || c == '[') ++depth;
    if (c == ')' || c == '>' || c == ']') --depth;
    if (depth == 0) break;
    if (depth == 1 && c == ',') {
      list.emplace_back();
    } else if (i != start) {
      list.back() += c;
    }
  }
  return list;
}

// The type may have references inside, such as those of a function's arguments; the parameter itself may not be one to
// something that can end before the coroutine does.
bool may_dangle(std::string parameter) {
  parameter = std::regex_replace(parameter, std::regex(R"(^\s+|\s+$)"), "");
  const bool view = std::regex_search(parameter, std::regex(R"(^(const )?(std::string_view|std::span<.*>)(\s|$))"));
  const bool constant_reference = std::regex_search(parameter, std::regex(R"(^const [\w:<>, ]+&(\s*\w+)?$)"));
  const bool temporary = std::regex_search(parameter, std::regex(R"(&&(\s*\w+)?$)"));
  return view || constant_reference || temporary;
}

TEST(Tidy, CoroutinesOwnTheirParameters) {
  static const std::regex declaration(R"((?:^|\s)Task<[^;={}()]*>\s+[\w:]+\()");
  for (const auto& source : sources()) {
    if (!source.is_cpp() || source.path == macros) continue;
    std::string text;
    for (const auto& line : code_of(source)) text += line + "\n";
    for (std::sregex_iterator found(text.begin(), text.end(), declaration), end; found != end; ++found) {
      const auto open = static_cast<std::size_t>(found->position() + found->length() - 1);
      for (const auto& parameter : parameters(text, open)) {
        const auto line = std::count(text.begin(), text.begin() + found->position() + 1, '\n');
        EXPECT_FALSE(may_dangle(parameter)) << place(source, static_cast<std::size_t>(line)) << ": " << parameter;
      }
    }
  }
}

}  // namespace
}  // namespace omenia::tidy
