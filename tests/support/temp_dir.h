#pragma once
// TempDir: a fresh directory with mode 0700 that is gone with the object. Also the two file helpers tests need.

#include <string>
#include <string_view>

namespace omenia::test {

std::string read_file(const std::string& path);  // Empty when there is no such file.
void write_file(const std::string& path, std::string_view text, int mode = 0600);

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

}  // namespace omenia::test
