#include "shared/os/passed_sockets.h"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string>

namespace omenia {

int passed_sockets() {
  const char* process = std::getenv("LISTEN_PID");
  const char* text = std::getenv("LISTEN_FDS");
  if (!process || !text || process != std::to_string(::getpid())) return 0;
  int count = 0;
  const auto [end, problem] = std::from_chars(text, text + std::strlen(text), count);
  return problem == std::errc() && *end == '\0' && count > 0 && count <= passed_sockets_max ? count : 0;
}

void move_passed_sockets() {
  for (int i = passed_sockets() - 1; i >= 0; --i) ::dup2(first_passed_descriptor + i, first_moved_descriptor + i);
}

std::vector<Fd> take_moved_sockets() {
  std::vector<Fd> sockets;
  const int count = passed_sockets();
  sockets.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) sockets.emplace_back(first_moved_descriptor + i);
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(name);
  return sockets;
}

}  // namespace omenia
