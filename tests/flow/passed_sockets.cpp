// Sockets that a service manager opened are served; one that does not fit is named and closed.
#include <csignal>

#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

// Opens sockets as a service manager does, and becomes the gateway.
constexpr const char* manager = R"(
import os, socket, sys
opened = []
for port in sys.argv[2:]:
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", int(port)))
    s.listen()
    opened.append(s)
copies = [os.dup2(s.fileno(), 50 + i) for i, s in enumerate(opened)]
for i, copy in enumerate(copies):
    os.dup2(copy, 3 + i)
    os.close(copy)
os.environ["LISTEN_PID"] = str(os.getpid())
os.environ["LISTEN_FDS"] = str(len(copies))
os.execv(sys.argv[1], [sys.argv[1], "gateway"])
)";

class PassedSockets : public FlowNotStarted {
 protected:
  ChildProcess start_with(const std::vector<int>& ports) {
    std::vector<std::string> words{"-c", manager, program_path("bin/OmeniaClaw")};
    for (const int port : ports) words.push_back(std::to_string(port));
    return ChildProcess("/usr/bin/python3", words, gateway.instance().variables());
  }
};

TEST_F(PassedSockets, AreServed) {
  ChildProcess process = start_with({gateway.port()});
  ASSERT_TRUE(process.says(") ready")) << process.errors();
  EXPECT_EQ(http(gateway.port(), {.target = "/healthz"}).status, 200);
  EXPECT_EQ(process.errors().find("not used"), std::string::npos);
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
}

TEST_F(PassedSockets, ThatDoNotFitAreNamedAndClosed) {
  const PortLease other;
  ChildProcess process = start_with({other.port(), gateway.port()});
  ASSERT_TRUE(process.says(") ready")) << process.errors();
  EXPECT_TRUE(process.says("a socket of the service manager is not used: 127.0.0.1:" + std::to_string(other.port())));
  EXPECT_EQ(http(gateway.port(), {.target = "/healthz"}).status, 200);
  EXPECT_FALSE(Socket(other.port()).open());
}

}  // namespace
}  // namespace omenia::test
