// What clients see of each other: the role that each was granted, and one list for many who come at once.
#include <set>

#include "tests/unit/worker/worker_fixture.h"

namespace omenia::test {
namespace {

struct PresenceOnTheWire : WireTest {
  void SetUp() override {
    start();
    run_until([this] { return context->health.version() > 1; });
  }
};

TEST_F(PresenceOnTheWire, ShowsTheRoleThatEachWasGranted) {
  const Device device;
  auto node = connected(node_wish(device));
  auto page = connected(Wish{.id = "openclaw-macos", .mode = "ui"});
  auto admin = connected();
  const Json answer = call(*admin, "system-presence");
  std::map<std::string, std::string> roles;
  const JsonView list = answer["payload"];
  for (JsonView entry = list.first(); entry; entry = entry.next())
    if (entry["mode"].text() != "gateway") roles[std::string(entry["clientId"].text())] = entry["roles"].dump();
  const std::map<std::string, std::string> expected = {{"node-host", R"(["node"])"},
                                                       {"openclaw-macos", R"(["operator"])"}};
  EXPECT_EQ(roles, expected);
}

TEST_F(PresenceOnTheWire, IsOneListForManyWhoComeAtOnce) {
  constexpr std::size_t visitors = 30;
  auto watcher = connected(Wish{.scopes = {"operator.read"}});
  std::vector<std::unique_ptr<WireClient>> all;
  std::vector<std::string> frames;
  for (std::size_t i = 0; i < visitors; ++i) {
    all.push_back(open());
    frames.push_back(connect_frame(Wish{.id = "openclaw-macos", .mode = "ui"}, next(*all.back())));
  }
  for (std::size_t i = 0; i < visitors; ++i) all[i]->send(frames[i]);
  std::size_t lists = 0;
  std::size_t shown = 0;
  while (shown < visitors && !HasFailure()) {
    const Json event = next(*watcher);
    ASSERT_EQ(event["event"].text(), "presence");
    shown = event["payload"]["presence"].size() - 1;
    ++lists;
  }
  EXPECT_LT(lists, visitors / 2) << "each list goes to everybody";
}

}  // namespace
}  // namespace omenia::test
