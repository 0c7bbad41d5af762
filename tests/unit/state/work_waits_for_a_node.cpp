// NodeWork: what a node that is away is to be asked, once for each type, until it comes or it is too late.
#include "state/node_work.h"

#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

class Waiting : public RepositoryTest {
 protected:
  void SetUp() override {
    DeviceRow device;
    device.device_id = "n1";
    device.roles = {"node"};
    ASSERT_TRUE(devices.approve(device).ok());
  }
  NodeWorkRow ask(const std::string& type, const std::string& priority = "normal", std::int64_t expires_ms = 0) {
    auto row = work.enqueue(
        {.id = {}, .node_id = "n1", .type = type, .priority = priority, .created_ms = 1, .expires_ms = expires_ms});
    EXPECT_TRUE(row.ok()) << (row.ok() ? "" : row.error().message);
    return row.ok() ? std::move(row).value() : NodeWorkRow{};
  }
  std::vector<std::string> take(std::int64_t limit = 10, std::int64_t now_ms = 10) {
    std::vector<std::string> types;
    const auto rows = work.take("n1", limit, now_ms).value();
    for (const NodeWorkRow& row : rows) types.push_back(row.type);
    return types;
  }
  std::int64_t revision() { return work.revision("n1").value(); }

  NodeWork work{*database};
};

TEST_F(Waiting, is_taken_once_the_most_urgent_first) {
  ask("status.request");
  ask("location.request", "high");
  EXPECT_EQ(work.waiting("n1").value(), 2);
  EXPECT_THAT(take(1), testing::ElementsAre("location.request"));
  EXPECT_THAT(take(), testing::ElementsAre("status.request"));
  EXPECT_THAT(take(), testing::ElementsAre());
}

TEST_F(Waiting, is_one_for_each_type) {
  const NodeWorkRow first = ask("status.request", "normal", 100);
  const NodeWorkRow again = ask("status.request", "high");
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.priority, "high");
  EXPECT_EQ(again.expires_ms, 0);
  EXPECT_EQ(work.waiting("n1").value(), 1);
}

TEST_F(Waiting, ends_when_it_is_too_late) {
  ask("status.request", "normal", 10);
  ask("location.request", "normal", 11);
  EXPECT_THAT(take(10, 10), testing::ElementsAre("location.request"));
}

TEST_F(Waiting, has_a_revision_that_goes_up_with_each_change) {
  EXPECT_EQ(revision(), 0);
  ask("status.request");
  EXPECT_EQ(revision(), 1);
  take();
  EXPECT_EQ(revision(), 2);
  take();
  EXPECT_EQ(revision(), 2) << "nothing was there to be taken";
  EXPECT_EQ(work.revision("nobody").value(), 0);
}

TEST_F(Waiting, goes_with_the_device) {
  ask("status.request");
  ASSERT_TRUE(devices.remove("n1").value());
  EXPECT_EQ(work.waiting("n1").value(), 0);
  EXPECT_FALSE(work.enqueue({.id = {}, .node_id = "n1", .type = "status.request", .priority = "normal"}).ok());
}

}  // namespace
}  // namespace omenia::state
