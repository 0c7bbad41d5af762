#include "shared/base/folders.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

namespace omenia {

void make_private_folders(const std::string& path) {
  if (path.empty() || ::mkdir(path.c_str(), 0700) == 0 || errno != ENOENT) return;
  make_private_folders(std::filesystem::path(path).parent_path().string());
  ::mkdir(path.c_str(), 0700);
}

}  // namespace omenia
