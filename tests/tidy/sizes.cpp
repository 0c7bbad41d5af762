// A file holds one noun and stays under 400 lines; a function stays under 70.
#include <gtest/gtest.h>

#include "tests/tidy/tree.h"

namespace omenia::tidy {
namespace {

constexpr std::size_t file_lines_max = 400;
constexpr std::size_t function_lines_max = 70;

std::size_t indentation(const std::string& line) {
  return line.find_first_not_of(' ');
}

// In formatted code a body is one step deeper than its head, and its end is the first brace at the head's depth. `code`
// is the head's last line. Lists of values and everything that only groups are no functions.
bool opens_function(const std::string& code) {
  if (!code.ends_with("{") || code.find(')') == std::string::npos || code.find("= {") != std::string::npos)
    return false;
  const std::string start = code.substr(indentation(code));
  for (const char* word : {"namespace", "class ", "struct ", "enum ", "union ", "extern ", "constexpr Route"}) {
    if (start.starts_with(word)) return false;
  }
  return true;
}

TEST(Tidy, FilesStayUnderTheirSize) {
  for (const auto& source : sources()) {
    const bool is_code = source.is_cpp() || source.ends_with(".mjs") || source.ends_with(".js") ||
                         source.ends_with(".sh") || source.ends_with(".cmake");
    if (!is_code) continue;
    EXPECT_LE(source.lines.size(), file_lines_max) << source.path;
  }
}

TEST(Tidy, FunctionsFitAScreen) {
  for (const auto& source : sources()) {
    if (!source.is_cpp()) continue;
    const auto code = code_of(source);
    for (std::size_t head = 0; head + 1 < code.size(); ++head) {
      if (!opens_function(code[head])) continue;
      const std::size_t body = indentation(source.lines[head + 1]);
      if (body == std::string::npos || body < 2) continue;
      std::size_t end = head + 1;
      while (end < code.size() && !(indentation(code[end]) == body - 2 && code[end][body - 2] == '}')) ++end;
      EXPECT_LE(end - head + 1, function_lines_max) << place(source, head);
    }
  }
}

}  // namespace
}  // namespace omenia::tidy
