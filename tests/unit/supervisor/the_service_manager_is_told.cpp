// The service manager is told when the gateway is ready, reloading and stopping.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "supervisor/service_notify.h"
#include "tests/support/deadline.h"
#include "tests/unit/supervisor/supervisor_process.h"

namespace omenia::supervisor {
namespace {

// A service manager's end of the notification socket.
class Manager {
 public:
  explicit Manager(const std::string& address) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    address.copy(where.sun_path, sizeof where.sun_path);
    if (address[0] == '@') where.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&where), length), 0);
  }
  std::string hear() {
    pollfd ready{socket_.get(), POLLIN, 0};
    if (::poll(&ready, 1, test::wait_ms_max) != 1) return "";
    char text[1024];
    const ssize_t got = ::recv(socket_.get(), text, sizeof text, 0);
    return got > 0 ? std::string(text, static_cast<std::size_t>(got)) : "";
  }

 private:
  Fd socket_;
};

TEST(ServiceNotify, SpeaksToAPathAndToAnAbstractName) {
  const test::TempDir folder;
  for (const std::string& address : {folder / "notify", "@omenia-test-" + std::to_string(::getpid())}) {
    Manager manager(address);
    ServiceNotify(address).send("READY=1");
    EXPECT_EQ(manager.hear(), "READY=1");
  }
}

TEST(ServiceNotify, AnUnusableAddressIsNobody) {
  for (const std::string& address : {std::string(), std::string("relative"), std::string(300, '/')})
    ServiceNotify(address).send("READY=1");
}

TEST(ServiceNotify, TheLifeOfAServiceIsTold) {
  Ground ground;
  ground.notify_address = ground.folder / "notify";
  Manager manager(ground.notify_address);
  auto supervisor = SupervisorProcess::quick(ground);
  const std::string ready = manager.hear();
  EXPECT_TRUE(ready.starts_with("READY=1\nSTATUS=worker 1 (pid ")) << ready;
  supervisor.signal(SIGTERM);
  EXPECT_EQ(manager.hear(), "STOPPING=1");
  EXPECT_EQ(supervisor.wait(), 0);
}

TEST(ServiceNotify, TheWatchdogIsFedWhileTheWorkerLives) {
  Ground ground;
  ground.notify_address = ground.folder / "notify";
  ground.watchdog_ms = 20;
  Manager manager(ground.notify_address);
  auto supervisor = SupervisorProcess::quick(ground);
  for (int fed = 0; fed < 3;) {
    const std::string heard = manager.hear();
    ASSERT_FALSE(heard.empty());
    if (heard == "WATCHDOG=1") ++fed;
  }
  supervisor.signal(SIGTERM);
  EXPECT_EQ(supervisor.wait(), 0);
}

}  // namespace
}  // namespace omenia::supervisor
