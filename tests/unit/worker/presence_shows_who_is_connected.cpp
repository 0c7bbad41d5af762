// Presence: the gateway first, then the clients that stay, for a while also those that left.
#include <gtest/gtest.h>

#include "shared/base/limits.h"
#include "shared/json/json.h"
#include "shared/loop/loop.h"
#include "worker/presence.h"

namespace omenia::worker {
namespace {

class PresenceTest : public testing::Test {
 protected:
  static rpc::ClientInfo client(std::string mode = "ui", std::string instance = {}) {
    rpc::ClientInfo info;
    info.id = "openclaw-macos";
    info.mode = std::move(mode);
    info.instance_id = std::move(instance);
    return info;
  }
  Json shown() const { return Json::parse(presence.to_json()).value(); }
  std::size_t others() const { return shown().view().size() - 1; }
  // Until something is told.
  void run() { loop.run(); }

  Loop loop;
  int changes = 0;
  std::int64_t version_when_told = 0;
  Presence presence{loop, "boot-1", [this] {
                      ++changes;
                      version_when_told = presence.version();
                      loop.stop();
                    }};
};

TEST_F(PresenceTest, BeginsWithTheGatewayItself) {
  const Json all = shown();
  ASSERT_EQ(all.view().size(), 1u);
  EXPECT_EQ(all.view().at(0)["mode"].text(), "gateway");
  EXPECT_EQ(all.view().at(0)["reason"].text(), "self");
  EXPECT_EQ(all.view().at(0)["instanceId"].text(), "boot-1");
  EXPECT_GT(all.view().at(0)["ts"].integer(), 0);
  EXPECT_EQ(presence.version(), 1);
}

TEST_F(PresenceTest, ShowsAClientThatStays) {
  EXPECT_TRUE(presence.join("c1", client(), {auth::Scope::read, auth::Scope::write}));
  const Json all = shown();
  const JsonView entry = all.view().at(1);
  EXPECT_EQ(entry["clientId"].text(), "openclaw-macos");
  EXPECT_EQ(entry["reason"].text(), "connect");
  EXPECT_EQ(entry["host"].text(), "openclaw-macos");
  EXPECT_EQ(entry["scopes"].size(), 2u);
  EXPECT_FALSE(entry["platform"]);
}

TEST_F(PresenceTest, LeavesOutClientsOfOneCommand) {
  for (const char* mode : {"cli", "backend", "probe"}) EXPECT_FALSE(presence.join("c", client(mode), {})) << mode;
  EXPECT_EQ(others(), 0u);
}

TEST_F(PresenceTest, TellsAChangeAfterItsVersionWentUp) {
  presence.join("c1", client(), {});
  presence.announce();
  EXPECT_EQ(changes, 0);
  run();
  EXPECT_EQ(changes, 1);
  EXPECT_EQ(version_when_told, 2);
  presence.leave("c1");
  run();
  EXPECT_EQ(changes, 2);
  EXPECT_EQ(version_when_told, 3);
}

TEST_F(PresenceTest, TellsWhatComesTogetherOnce) {
  for (int i = 0; i < 50; ++i) {
    presence.join("c" + std::to_string(i), client(), {});
    presence.announce();
  }
  for (int i = 0; i < 25; ++i) presence.leave("c" + std::to_string(i));
  run();
  EXPECT_EQ(changes, 1);
  EXPECT_EQ(presence.version(), 2);
  EXPECT_EQ(others(), 50u);
}

TEST_F(PresenceTest, ShowsForAWhileWhoLeft) {
  presence.join("c1", client(), {});
  presence.leave("c1");
  const Json all = shown();
  EXPECT_EQ(all.view().at(1)["reason"].text(), "disconnect");
}

TEST_F(PresenceTest, KnowsNothingOfAStranger) {
  presence.leave("nobody");
  presence.leave("");
  presence.join("c1", client(), {});
  presence.announce();
  run();
  EXPECT_EQ(changes, 1);
  EXPECT_EQ(presence.version(), 2);
}

TEST_F(PresenceTest, ReplacesWhoComesBack) {
  presence.join("c1", client("ui", "i1"), {});
  presence.leave("c1");
  presence.join("c2", client("ui", "i1"), {});
  EXPECT_EQ(others(), 1u);
  EXPECT_EQ(shown().view().at(1)["reason"].text(), "connect");
  presence.join("c3", client("ui", ""), {});
  presence.leave("c3");
  presence.join("c4", client("ui", ""), {});
  EXPECT_EQ(others(), 3u);
}

TEST_F(PresenceTest, KeepsTwoOfOneInstanceThatAreBothConnected) {
  presence.join("c1", client("ui", "i1"), {});
  presence.join("c2", client("ui", "i1"), {});
  EXPECT_EQ(others(), 2u);
}

TEST_F(PresenceTest, IsBounded) {
  for (std::size_t i = 0; i < limits::presence_entries_max + 50; ++i)
    presence.join("c" + std::to_string(i), client(), {});
  EXPECT_EQ(others(), limits::presence_entries_max);
}

// Coming and going must not push out those that are there.
TEST_F(PresenceTest, ForgetsWhoLeftBeforeWhoIsThere) {
  presence.join("here", client("ui", "stays"), {});
  for (std::size_t i = 0; i < limits::presence_entries_max + 50; ++i) {
    presence.join("c" + std::to_string(i), client("ui", "i" + std::to_string(i)), {});
    presence.leave("c" + std::to_string(i));
  }
  EXPECT_EQ(others(), limits::presence_entries_max);
  EXPECT_EQ(shown().view().at(1)["instanceId"].text(), "stays");
}

TEST_F(PresenceTest, TakesAnyText) {
  rpc::ClientInfo odd = client();
  odd.display_name = "\"; \x01 \xff 🎉";
  odd.version = "\\";
  presence.join("c1", odd, {});
  EXPECT_EQ(shown().view().at(1)["host"].text(), "\"; \x01 \ufffd 🎉");
}

}  // namespace
}  // namespace omenia::worker
