#include "tests/tidy/tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

namespace omenia::tidy {

namespace {

namespace fs = std::filesystem;

const std::set<std::string> folders{"supervisor", "worker", "shared",           "state", "cli", "tests",
                                    "scripts",    "docs",   "service-templates"};
const std::set<std::string> suffixes{".cpp", ".h",    ".def", ".in", ".cmake", ".mjs", ".js",
                                     ".css", ".html", ".sh",  ".md", ".sql",   ".txt"};

Source read(const fs::path& root, const fs::path& path) {
  Source source;
  source.path = fs::relative(path, root).generic_string();
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) source.lines.push_back(line);
  return source;
}

std::vector<Source> read_all() {
  const fs::path root(OMENIA_SOURCE_DIR);
  std::vector<Source> found;
  for (const auto& entry : fs::directory_iterator(root)) {
    if (entry.is_regular_file() && suffixes.count(entry.path().extension()) != 0) {
      found.push_back(read(root, entry.path()));
    }
  }
  for (const auto& folder : folders) {
    if (!fs::exists(root / folder)) continue;
    for (auto item = fs::recursive_directory_iterator(root / folder); item != fs::end(item); ++item) {
      if (item->path().filename() == "node_modules") item.disable_recursion_pending();
      if (!item->is_regular_file() || suffixes.count(item->path().extension()) == 0) continue;
      found.push_back(read(root, item->path()));
    }
  }
  std::sort(found.begin(), found.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return found;
}

// Blanks quoted text and a comment at the line's end. Raw strings over several lines are not followed.
std::string code_of_line(const std::string& line) {
  std::string code;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == '\\') ++i;
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '/' && i + 1 < line.size() && line[i + 1] == '/') break;
    const bool digit_separator = c == '\'' && i > 0 && std::isdigit(static_cast<unsigned char>(line[i - 1])) != 0;
    if (c == '"' || (c == '\'' && !digit_separator)) quote = c;
    code += c;
  }
  return code;
}

}  // namespace

bool Source::is_in(std::string_view folder) const {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::string Source::folder() const {
  const std::size_t end = path.rfind('/');
  return end == std::string::npos ? "" : path.substr(0, end);
}

std::string Source::stem() const {
  return fs::path(path).stem().string();
}

const std::vector<Source>& sources() {
  static const std::vector<Source> all = read_all();
  return all;
}

std::string place(const Source& source, std::size_t line) {
  return source.path + ":" + std::to_string(line + 1);
}

std::vector<std::string> code_of(const Source& source) {
  std::vector<std::string> code;
  for (const auto& line : source.lines) code.push_back(code_of_line(line));
  return code;
}

}  // namespace omenia::tidy
