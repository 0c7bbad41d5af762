// OmeniaClaw, the command line: looks at its surroundings, hands over to the program.

#include <unistd.h>

#include <climits>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/program.h"

namespace {

std::string own_path() {
  char path[PATH_MAX];
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
  return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : "";
}

}  // namespace

int main(int count, char** words) {
  omenia::cli::Context context{.output = omenia::cli::Output(stdout, stderr),
                               .environment = omenia::process_environment(),
                               .executable = own_path(),
                               .paths = {},
                               .config = {}};
  context.output.terminal = ::isatty(STDOUT_FILENO) == 1;
  context.output.color = context.output.terminal && !context.environment("NO_COLOR");
  context.interactive = context.output.terminal && ::isatty(STDIN_FILENO) == 1;
  const int exit_code = omenia::cli::run_program(context, std::vector<std::string>(words + 1, words + count));
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
  std::fputs("The output could not be written.\n", stderr);
  return exit_code == 0 ? 1 : exit_code;
}
