#pragma once
// Output: where a command writes. Results go to standard output; failures, warnings and hints to standard error. With
// --json standard output carries JSON and nothing else.

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace omenia::cli {

class Output {
 public:
  Output(std::FILE* results, std::FILE* notes) : results_(results), notes_(notes) {}

  bool json = false;
  bool color = false;     // Results may be coloured.
  bool terminal = false;  // Results are read by a person: escape sequences from outside are taken out.

  void line(std::string_view text);  // A line of the result.
  void text(std::string_view text);  // Part of a line of the result, shown at once.
  void note(std::string_view text);  // A line, or several, on standard error.

  // Whoever read the results has gone: `logs --follow | head` would otherwise wait for a next line for ever.
  bool abandoned() const;

 private:
  std::FILE* results_;
  std::FILE* notes_;
};

// The text without control characters other than newline and tab: what came from a model or a log must not be able to
// drive the terminal.
std::string for_terminal(std::string_view text);

using Row = std::vector<std::string>;

// A table with a frame; the first row is its head. All rows have as many cells as the first.
std::string framed_table(const std::vector<Row>& rows);

// "~/x" for a path in the home directory, for people.
std::string shortened(std::string_view path, std::string_view home);

}  // namespace omenia::cli
