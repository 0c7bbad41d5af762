#pragma once
// Installed: an installation of its own, so that its programs can be replaced while they run, as a package manager does
// it: each in one step.

#include <cstdlib>
#include <filesystem>

#include "tests/flow/flow.h"

namespace omenia::test {

inline constexpr const char* supervisor_program = "libexec/OmeniaClaw/OmeniaClaw-supervisor";
inline constexpr const char* installed_programs[] = {"bin/OmeniaClaw", supervisor_program,
                                                     "libexec/OmeniaClaw/OmeniaClaw-worker"};

class Installed : public testing::Test {
 protected:
  Installed() {
    std::filesystem::create_directories(stage / "bin");
    std::filesystem::create_directories(stage / "libexec/OmeniaClaw");
    for (const char* program : installed_programs) std::filesystem::copy_file(program_path(program), stage / program);
    ::setenv("OMENIA_TEST_PREFIX", stage.path().c_str(), 1);
  }
  ~Installed() override { ::unsetenv("OMENIA_TEST_PREFIX"); }

  void replace(const char* program, const std::string& content) const {
    const std::string path = stage / program;
    write_file(path + ".new", content, 0700);
    std::filesystem::rename(path + ".new", path);
  }

 private:
  TempDir stage;
};

}  // namespace omenia::test
