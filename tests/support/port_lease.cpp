#include "tests/support/port_lease.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <filesystem>
#include <random>
#include <string>

#include "shared/base/ensure.h"

namespace omenia::test {

namespace {

constexpr int first_port = 20'000;
constexpr int ports = 12'000;

bool can_bind(int port) {
  const Fd probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(probe.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  return ::bind(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

PortLease::PortLease() {
  const auto folder = std::filesystem::temp_directory_path() / "omenia-test-ports";
  std::error_code exists;
  std::filesystem::create_directory(folder, exists);
  std::random_device random;
  const int start = static_cast<int>(random() % ports);
  for (int i = 0; i < ports && port_ == 0; ++i) {
    const int candidate = first_port + (start + i) % ports;
    Fd lock(::open((folder / std::to_string(candidate)).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock.valid() || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0 || !can_bind(candidate)) continue;
    lock_ = std::move(lock);
    port_ = candidate;
  }
  ensure(port_ != 0, "there is a free port for a test");
}

}  // namespace omenia::test
