// A gateway that cannot start ends with its reason and its exit code.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "shared/json/json.h"
#include "shared/os/file_lock.h"
#include "supervisor/instance_lock.h"
#include "supervisor/listener.h"
#include "tests/support/child_process.h"
#include "tests/support/deadline.h"
#include "tests/unit/supervisor/supervisor_process.h"

namespace omenia::supervisor {
namespace {

TEST(Start, ARefusingWorkerEndsItWithItsWordsAndItsExitCode) {
  Ground ground;
  ground.worker = "refuses";
  auto supervisor = SupervisorProcess::program(ground);
  EXPECT_EQ(supervisor.wait(), 78);
  EXPECT_EQ(supervisor.errors(), "Gateway start blocked: set gateway.mode=local\n");
}

TEST(Start, AWorkerOfAnotherControlProtocolEndsIt) {
  Ground ground;
  ground.worker = "stranger";
  auto supervisor = SupervisorProcess::program(ground);
  EXPECT_EQ(supervisor.wait(), 1);
  EXPECT_NE(supervisor.errors().find("speaks control protocol 2"), std::string::npos) << supervisor.errors();
}

TEST(Start, AMissingWorkerEndsIt) {
  Ground ground;
  ground.launch.worker_path = "/nowhere/worker";
  auto supervisor = SupervisorProcess::program(ground);
  EXPECT_EQ(supervisor.wait(), 1);
  EXPECT_EQ(supervisor.errors(), "Gateway failed to start: cannot start /nowhere/worker: No such file or directory\n");
}

TEST(Start, ALaunchDocumentOfAnotherReleaseEndsIt) {
  Ground ground;
  ground.launch.version = "99.0.0";
  auto supervisor = SupervisorProcess::program(ground);
  EXPECT_EQ(supervisor.wait(), 1);
  EXPECT_NE(supervisor.errors().find("written by OmeniaClaw 99.0.0"), std::string::npos) << supervisor.errors();
}

TEST(Start, AMalformedLaunchDocumentEndsIt) {
  for (const char* document : {"", "no JSON", "[]", "{}", R"({"version":7})"}) {
    auto supervisor = SupervisorProcess::program_with(document);
    EXPECT_EQ(supervisor.wait(), 1) << document;
    EXPECT_NE(supervisor.errors().find("launch document: "), std::string::npos) << supervisor.errors();
  }
}

TEST(Start, TheSecondGatewayOfAStateDirectoryIsRefused) {
  const Ground first;
  const auto running = SupervisorProcess::quick(first);
  ASSERT_TRUE(running.says(") ready"));
  const auto lock = InstanceLock::take(first.launch, 0);
  ASSERT_FALSE(lock.ok());
  EXPECT_EQ(lock.error().code, ErrorCode::already_running);
  const std::string& message = lock.error().message;
  EXPECT_TRUE(message.starts_with("Gateway failed to start: gateway already running (pid " +
                                  std::to_string(running.pid()) + "); lock timeout after 0ms\n" +
                                  "If the gateway is supervised, stop it with: OmeniaClaw gateway stop\n"))
      << message;
  EXPECT_NE(message.find("- pid " + std::to_string(running.pid())), std::string::npos) << message;
}

TEST(Start, TheLockEndsWithItsHolder) {
  const Ground ground;
  auto running = SupervisorProcess::quick(ground);
  ASSERT_TRUE(running.says(") ready"));
  running.signal(SIGKILL);
  EXPECT_EQ(running.wait(), 137);
  EXPECT_TRUE(InstanceLock::take(ground.launch).ok());
}

TEST(Start, TheLockSaysWhoHoldsItAndIsEmptyAfterwards) {
  const Ground ground;
  const std::string path = instance_lock_path(ground.launch.state_dir);
  {
    const auto lock = InstanceLock::take(ground.launch);
    ASSERT_TRUE(lock.ok());
    const auto note = Json::parse(FileLock::note_of_holder(path));
    ASSERT_TRUE(note.ok());
    EXPECT_EQ(note.value()["pid"].integer(), ::getpid());
    EXPECT_EQ(note.value()["stateDir"].text(), ground.launch.state_dir);
    EXPECT_EQ(note.value()["port"].integer(), ground.port());
    EXPECT_GT(note.value()["startTime"].integer(), 0);
  }
  EXPECT_EQ(FileLock::note_of_holder(path), "");
}

TEST(Start, ATakenPortIsRefusedAndItsHolderNamed) {
  const Ground ground;
  const auto holder = Listener::open({"127.0.0.1", ground.port()});
  ASSERT_TRUE(holder.ok());
  auto supervisor = SupervisorProcess::program(ground);
  EXPECT_EQ(supervisor.wait(), 1);
  const std::string port = std::to_string(ground.port());
  const std::string errors = supervisor.errors();
  EXPECT_TRUE(errors.starts_with(
      "Gateway failed to start: another gateway instance is already listening on ws://127.0.0.1:" + port +
      "\nIf the gateway is supervised, stop it with: OmeniaClaw gateway stop\nPort " + port +
      " is already in use.\n- pid " + std::to_string(::getpid()) + " "))
      << errors;
  EXPECT_NE(errors.find("(127.0.0.1:" + port + ")"), std::string::npos) << errors;
}

// Answers every connection on a port with one text, from its own process.
class Answering {
 public:
  Answering(int port, const std::string& answer) : listener_(Listener::open({"127.0.0.1", port})), pid_(::fork()) {
    while (pid_ == 0) {
      pollfd ready{listener_.value().fd(), POLLIN, 0};
      ::poll(&ready, 1, -1);
      const Fd connection(::accept(listener_.value().fd(), nullptr, nullptr));
      ::send(connection.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
    }
  }
  ~Answering() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

 private:
  Result<Listener> listener_;
  pid_t pid_;
};

TEST(Start, UnderSystemdAHealthyGatewayOnThePortEndsItForGood) {
  Ground ground;
  ground.under_systemd = true;
  const Answering gateway(ground.port(), "HTTP/1.1 200 OK\r\n\r\n{\"ok\":true,\"status\":\"live\"}");
  auto supervisor = SupervisorProcess::quick(ground);
  EXPECT_EQ(supervisor.wait(), 78);
  EXPECT_TRUE(supervisor.says("another gateway instance is already listening"));
  EXPECT_TRUE(supervisor.says("existing gateway is healthy, exiting with code 78"));
}

TEST(Start, UnderSystemdAStrangerOnThePortMayBeGoneAtTheNextTry) {
  Ground ground;
  ground.under_systemd = true;
  const Answering stranger(ground.port(), "HTTP/1.1 200 OK\r\n\r\nIt works!");
  auto supervisor = SupervisorProcess::quick(ground);
  EXPECT_EQ(supervisor.wait(), 1);
}

TEST(Start, APortThatBecomesFreeMeanwhileIsTaken) {
  const Ground ground;
  auto holder = std::make_unique<Result<Listener>>(Listener::open({"127.0.0.1", ground.port()}));
  const auto supervisor = SupervisorProcess::program(ground);
  ASSERT_TRUE(test::eventually([&] { return test::read_file(instance_lock_path(ground.launch.state_dir)) != ""; }));
  holder.reset();
  EXPECT_TRUE(supervisor.says(") ready"));
}

TEST(Start, AnAddressThatIsNotOursIsRefusedWithTheCause) {
  const auto listeners = open_listeners({{"192.0.2.1", 18789}});
  ASSERT_FALSE(listeners.ok());
  EXPECT_EQ(listeners.error().message,
            "failed to bind gateway socket on ws://192.0.2.1:18789: Cannot assign requested address");
  EXPECT_EQ(row_of(listeners.error().code).exit_code, 1);
}

TEST(Start, AHostNameIsNoAddress) {
  const auto listeners = open_listeners({{"localhost", 18789}});
  ASSERT_FALSE(listeners.ok());
  EXPECT_NE(listeners.error().message.find("not a numeric address"), std::string::npos);
}

TEST(Start, BothAddressFamiliesCanHaveTheSamePort) {
  const test::PortLease lease;
  const auto listeners = open_listeners({{"127.0.0.1", lease.port()}, {"::1", lease.port()}});
  ASSERT_TRUE(listeners.ok()) << listeners.error().message;
  EXPECT_EQ(listeners.value()[1].port(), lease.port());
}

TEST(Start, AllAddressesAreBoundOrNone) {
  const test::PortLease lease;
  EXPECT_FALSE(open_listeners({{"127.0.0.1", lease.port()}, {"192.0.2.1", lease.port()}}).ok());
  EXPECT_TRUE(Listener::open({"127.0.0.1", lease.port()}).ok());
}

TEST(Start, ALogFileThatCannotBeOpenedCostsTheFileOnly) {
  Ground ground;
  ground.launch.log_file = ground.folder.path();
  const auto supervisor = SupervisorProcess::quick(ground);
  EXPECT_TRUE(supervisor.says("logging to the terminal only"));
  EXPECT_TRUE(supervisor.says(") ready"));
}

}  // namespace
}  // namespace omenia::supervisor
