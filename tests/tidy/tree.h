#pragma once
// Tree: our own source files, read for the rules that are run as tests. Not what is generated or fetched.

#include <string>
#include <string_view>
#include <vector>

namespace omenia::tidy {

struct Source {
  std::string path;                // From the root of the repository: "shared/base/fd.h".
  std::vector<std::string> lines;  // Without line ends.

  bool is_in(std::string_view folder) const;
  bool ends_with(std::string_view suffix) const { return path.ends_with(suffix); }
  std::string folder() const;  // "shared/base"
  std::string stem() const;    // "fd"
  bool is_cpp() const { return ends_with(".cpp") || ends_with(".h"); }
  bool is_main() const { return stem() == "main" || stem().ends_with("_main"); }
};

// Every file of ours that is text for a compiler, an interpreter or a reader. Sorted by path.
const std::vector<Source>& sources();

// "path:12" for a message; lines are counted from 0 here and from 1 there.
std::string place(const Source& source, std::size_t line);

// The lines without comments and without what stands in quotes, so that a rule sees code only.
std::vector<std::string> code_of(const Source& source);

}  // namespace omenia::tidy
