// Commands of nodes, and who waits for them.
#include <gmock/gmock.h>

#include "shared/base/limits.h"
#include "shared/base/task.h"
#include "worker/devices/connected_nodes.h"
#include "worker/devices/node_commands.h"

namespace omenia::devices {
namespace {

using testing::ElementsAre;

TEST(Commands, ThatAreNotKnownAreNotOffered) {
  EXPECT_THAT(
      offered_commands({"system.run", "demo.echo", "canvas.snapshot", "canvas.", "canvas", "system.run"}, {}, {}),
      ElementsAre("system.run", "canvas.snapshot"));
  EXPECT_THAT(offered_commands({"system.run", "demo.echo"}, {"demo.echo"}, {"system.run"}), ElementsAre("demo.echo"));
  const std::vector<std::string> many = [] {
    std::vector<std::string> commands;
    for (int i = 0; i < 1'000; ++i) commands.push_back("canvas." + std::to_string(i));
    return commands;
  }();
  EXPECT_EQ(offered_commands(many, {}, {}).size(), limits::node_commands_max);
}

TEST(Commands, SayWhoMayApproveThem) {
  EXPECT_THAT(scopes_to_approve({}).texts(), ElementsAre("operator.pairing"));
  EXPECT_THAT(scopes_to_approve({"camera.snap"}).texts(), ElementsAre("operator.pairing", "operator.write"));
  EXPECT_THAT(scopes_to_approve({"camera.snap", "browser.proxy.open"}).texts(),
              ElementsAre("operator.pairing", "operator.admin"));
}

class ANode : public testing::Test {
 protected:
  ANode() {
    nodes.join({.node_id = "n",
                .connection_id = "c",
                .commands = {"a", "b"},
                .approved_commands = {"a"},
                .approved = true,
                .connected_ms = 1});
  }
  // Begins a command and keeps what becomes of it.
  std::string begin(const std::string& command) {
    auto invocation = nodes.begin("n", command);
    EXPECT_TRUE(invocation.ok());
    const std::string id = invocation.value().id;
    waiting.spawn(keep(std::move(invocation.value().answer), &outcome));
    return id;
  }
  static Task<void> keep(Pending<Result<NodeAnswer>> pending, std::string* outcome) {
    const Result<NodeAnswer> answer = co_await std::move(pending);
    *outcome = answer.ok() ? "answered " + answer.value().payload : answer.error().message;
  }
  ConnectedNodes nodes;
  std::string outcome;
  TaskScope waiting;
};

TEST_F(ANode, AnswersOverItsOwnConnectionOnce) {
  const std::string id = begin("a");
  EXPECT_FALSE(nodes.finish(id, "another connection", {.ok = true, .payload = "1"}));
  EXPECT_EQ(outcome, "");
  EXPECT_TRUE(nodes.finish(id, "c", {.ok = true, .payload = "1"}));
  EXPECT_EQ(outcome, "answered 1");
  EXPECT_FALSE(nodes.finish(id, "c", {.ok = true, .payload = "2"}));
}

TEST_F(ANode, ThatGoesIsNotWaitedFor) {
  begin("a");
  EXPECT_EQ(nodes.leave("c"), "n");
  EXPECT_THAT(outcome, testing::HasSubstr("disconnected"));
  EXPECT_FALSE(nodes.begin("n", "a").ok());
}

TEST_F(ANode, LosesWhatIsNotApprovedAnyMore) {
  begin("a");
  nodes.approve("n", {}, {"a", "b"});
  EXPECT_EQ(outcome, "");
  nodes.approve("n", {}, {"b", "c"});
  EXPECT_EQ(outcome, pairing_changed().message);
  EXPECT_THAT(nodes.find("n")->approved_commands, ElementsAre("b"));
  nodes.disapprove("n");
  EXPECT_FALSE(nodes.find("n")->approved);
}

TEST_F(ANode, ThatConnectsAnewIsNotForgottenWithItsOldConnection) {
  nodes.join({.node_id = "n", .connection_id = "d"});
  EXPECT_EQ(nodes.leave("c"), "");
  ASSERT_TRUE(nodes.find("n"));
  EXPECT_EQ(nodes.find("n")->connection_id, "d");
}

TEST_F(ANode, HasOnlySoManyCommandsToAnswer) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < limits::node_invocations_max; ++i) ids.push_back(nodes.begin("n", "a").value().id);
  EXPECT_FALSE(nodes.begin("n", "a").ok());
  nodes.forget(ids.front());
  EXPECT_TRUE(nodes.begin("n", "a").ok());
}

}  // namespace
}  // namespace omenia::devices
