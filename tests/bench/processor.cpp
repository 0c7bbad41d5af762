#include "tests/bench/processor.h"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace omenia::bench {

// The name in the second field may hold blanks; it ends at the last bracket.
double processor_us_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text);
  std::istringstream fields(text.substr(std::min(text.rfind(')') + 1, text.size())));
  constexpr int user_field = 12;  // Of those behind the name, from 1.
  std::string skipped;
  for (int i = 1; i < user_field; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) * 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace omenia::bench
