#include "tests/support/temp_dir.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "shared/base/ensure.h"
#include "shared/base/fd.h"

namespace omenia::test {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_file(const std::string& path, std::string_view text, int mode) {
  const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  ensure(file.valid(), "a test's file can be written");
  const ssize_t written = ::write(file.get(), text.data(), text.size());
  ensure(written == static_cast<ssize_t>(text.size()), "a test's file is written whole");
  ::fchmod(file.get(), static_cast<mode_t>(mode));
}

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "omenia-test-XXXXXX").string();
  ensure(::mkdtemp(pattern.data()) != nullptr, "a temporary directory can be made");
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace omenia::test
