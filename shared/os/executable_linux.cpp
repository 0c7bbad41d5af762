#include <filesystem>

#include "shared/os/executable.h"

namespace omenia {

Result<std::string> directory_of_executable() {
  std::error_code problem;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", problem);
  if (problem) return fail(ErrorCode::system, "cannot find the running program's file: " + problem.message());
  return path.parent_path().string();
}

}  // namespace omenia
