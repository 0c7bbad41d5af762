// Succession: what a supervisor leaves to the program that replaces it says everything, and is refused in words where
// the two cannot go together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/base/version.h"
#include "shared/protocol/control.h"
#include "supervisor/succession.h"

namespace omenia::supervisor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Succession something_left() {
  Succession left;
  left.launch.version = version;
  left.launch.config_path = "/c.json";
  left.launch.state_dir = "/state";
  left.launch.bind_mode = "loopback";
  left.launch.log_file = "/log";
  left.launch.worker_path = "/worker";
  left.launch.listen = {{"127.0.0.1", 18789}};
  left.launch.token = Secret("a-token");
  left.generation = 7;
  left.lock = 5;
  left.listeners = {6, 7};
  left.notify_address = "/run/notify";
  left.watchdog_ms = 30'000;
  left.workers = {{.pid = 100, .generation = 6, .store_generation = 60, .control = 8, .leave_ms = 5'000},
                  {.pid = 101, .generation = 7, .store_generation = 61, .control = 9, .serves = true}};
  left.callers = {{.pid = 200, .socket = 10, .replaced_worker = "worker 7 (pid 101)"}};
  return left;
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(Succession, IsReadAsItWasWritten) {
  const auto read = Succession::from_json(something_left().to_json());
  ASSERT_TRUE(read.ok()) << read.error().message;
  const Succession& left = read.value();
  EXPECT_EQ(left.launch.token.reveal(), "a-token");
  EXPECT_EQ(left.generation, 7);
  EXPECT_EQ(left.notify_address, "/run/notify");
  EXPECT_EQ(left.watchdog_ms, 30'000);
  ASSERT_EQ(left.workers.size(), 2u);
  EXPECT_EQ(left.workers[0].leave_ms, 5'000);
  EXPECT_FALSE(left.workers[0].serves);
  EXPECT_TRUE(left.workers[1].serves);
  EXPECT_EQ(left.workers[1].store_generation, 61);
  EXPECT_EQ(left.callers[0].replaced_worker, "worker 7 (pid 101)");
  EXPECT_THAT(left.descriptors(), ElementsAre(6, 7, 5, 8, 9, 10));
}

TEST(Succession, OfAnotherReleaseBecomesOfThisOne) {
  std::string text = something_left().to_json();
  const std::string mark = std::string("\"version\":\"") + version;
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1))
    text.replace(at, mark.size(), "\"version\":\"0.0.1");
  const auto read = Succession::from_json(text);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().launch.version, version);
}

TEST(Succession, ThatCannotBeFollowedIsRefusedInWords) {
  const std::string good = something_left().to_json();
  const std::string ours = std::to_string(control_protocol);
  for (const auto& [text, words] : std::vector<std::pair<std::string, std::string>>{
           {with(good, "\"successionProtocol\":1", "\"successionProtocol\":2"), "leaves its workers in another way"},
           {with(good, "\"controlProtocol\":" + ours, "\"controlProtocol\":99"),
            "speak control protocol 99 instead of " + ours},
           {with(good, "\"lock\":5", "\"lock\":\"5\""), "/lock"},
           {with(good, "\"pid\":100", "\"pid\":0"), "/workers/0/pid"},
           {with(good, "\"/state\"", "\"state\""), "absolute"},
           {"{", "cannot take over"}}) {
    const auto read = Succession::from_json(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_THAT(read.error().message, HasSubstr(words));
    EXPECT_THAT(read.error().message, HasSubstr("Stop the gateway and start it again"));
  }
}

}  // namespace
}  // namespace omenia::supervisor
