// PairingRequests: one a device and kind; asking for something else is another request, with another id.

#include "shared/base/limits.h"
#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

PairingRequestRow wish_of(const std::string& device, std::vector<std::string> scopes, std::int64_t now_ms = 100) {
  PairingRequestRow row;
  row.kind = "device";
  row.device_id = device;
  row.public_key = "key";
  row.platform = "linux";
  row.role = "operator";
  row.scopes = std::move(scopes);
  row.created_ms = now_ms;
  return row;
}

using APairingRequest = RepositoryTest;

TEST_F(APairingRequest, asked_again_is_the_same_request) {
  const FiledRequest first = pairing_requests.file(wish_of("a", {"operator.read"}, 100)).value();
  const FiledRequest again = pairing_requests.file(wish_of("a", {"operator.read"}, 200)).value();
  EXPECT_TRUE(first.is_new);
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(again.row.request_id, first.row.request_id);
  EXPECT_EQ(pairing_requests.find("device", first.row.request_id).value()->created_ms, 200);
}

TEST_F(APairingRequest, for_something_else_has_another_id) {
  const FiledRequest first = pairing_requests.file(wish_of("a", {"operator.read"})).value();
  const FiledRequest wider = pairing_requests.file(wish_of("a", {"operator.read", "operator.admin"})).value();
  EXPECT_NE(wider.row.request_id, first.row.request_id);
  EXPECT_EQ(wider.replaced, first.row.request_id);
  EXPECT_FALSE(pairing_requests.find("device", first.row.request_id).value().has_value());
  EXPECT_EQ(pairing_requests.list("device").value().size(), 1u);
}

TEST_F(APairingRequest, of_one_kind_is_not_seen_as_the_other) {
  PairingRequestRow node = wish_of("a", {});
  node.kind = "node";
  node.commands = {"system.run"};
  const std::string id = pairing_requests.file(node).value().row.request_id;
  ASSERT_TRUE(pairing_requests.file(wish_of("a", {})).ok());
  EXPECT_EQ(pairing_requests.list("device").value().size(), 1u);
  EXPECT_FALSE(pairing_requests.find("device", id).value().has_value());
  EXPECT_THAT(pairing_requests.find("node", id).value()->commands, testing::ElementsAre("system.run"));
  node.kind = "neither";
  EXPECT_FALSE(pairing_requests.file(node).ok());
}

TEST_F(APairingRequest, is_answered_once) {
  const std::string id = pairing_requests.file(wish_of("a", {})).value().row.request_id;
  EXPECT_TRUE(pairing_requests.remove(id).value());
  EXPECT_FALSE(pairing_requests.remove(id).value());
}

TEST_F(APairingRequest, is_forgotten_when_nobody_asks_any_more) {
  ASSERT_TRUE(pairing_requests.file(wish_of("old", {}, 100)).ok());
  ASSERT_TRUE(pairing_requests.file(wish_of("new", {}, 200)).ok());
  EXPECT_EQ(pairing_requests.forget_before(200).value(), 1);
  EXPECT_EQ(pairing_requests.list("device").value().front().device_id, "new");
}

TEST_F(APairingRequest, too_many_push_the_oldest_out) {
  for (std::int64_t i = 0; i < limits::pairing_requests_max + 3; ++i)
    ASSERT_TRUE(pairing_requests.file(wish_of("device " + std::to_string(i), {}, i)).ok());
  const auto rows = pairing_requests.list("device").value();
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(limits::pairing_requests_max));
  EXPECT_EQ(rows.back().device_id, "device 3");
}

}  // namespace
}  // namespace omenia::state
