// Devices: one record each, whatever was approved when; tokens, commands and requests go with it, in one transaction.

#include "shared/base/ids.h"
#include "shared/base/limits.h"
#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

DeviceRow device_named(const std::string& id, std::int64_t now_ms = 100) {
  DeviceRow row;
  row.device_id = id;
  row.public_key = "key of " + id;
  row.platform = "linux";
  row.client_id = "cli";
  row.client_mode = "cli";
  row.roles = {"operator"};
  row.scopes = {"operator.read"};
  row.approved_via = "silent";
  row.created_ms = row.approved_ms = now_ms;
  return row;
}

DeviceTokenRow token_of(const std::string& device, const std::string& role, const std::string& token) {
  DeviceTokenRow row;
  row.device_id = device;
  row.role = role;
  row.hash = sha256_hex(token);
  row.nonce = "n";
  row.scopes = {"operator.read"};
  row.created_ms = 100;
  return row;
}

NodeRow node_named(const std::string& id) {
  NodeRow row;
  row.node_id = id;
  row.display_name = "Node";
  row.caps = {"system"};
  row.commands = {"system.run", "a\"b\\c"};
  row.created_ms = row.approved_ms = 100;
  return row;
}

class ADevice : public RepositoryTest {
 protected:
  std::vector<std::string> ids() {
    std::vector<std::string> found;
    const auto rows = devices.list();
    for (const DeviceRow& row : rows.value()) found.push_back(row.device_id);
    return found;
  }
};

TEST_F(ADevice, comes_back_as_it_was_approved) {
  DeviceRow row = device_named("a");
  row.display_name = "Ünïcode \"quoted\"";
  row.scopes = {"operator.write", "operator.read"};
  ASSERT_TRUE(devices.approve(row).ok());
  const DeviceRow found = devices.find("a").value().value();
  EXPECT_EQ(found.public_key, "key of a");
  EXPECT_EQ(found.display_name, row.display_name);
  EXPECT_THAT(found.scopes, ElementsAre("operator.write", "operator.read"));
  EXPECT_THAT(found.roles, ElementsAre("operator"));
  EXPECT_FALSE(devices.find("b").value().has_value());
}

TEST_F(ADevice, approved_again_keeps_its_age_and_its_label) {
  ASSERT_TRUE(devices.approve(device_named("a", 100)).ok());
  ASSERT_TRUE(devices.rename("a", "Kitchen").value());
  DeviceRow wider = device_named("a", 200);
  wider.scopes = {"operator.admin"};
  const DeviceRow kept = devices.approve(wider).value();
  EXPECT_EQ(kept.created_ms, 100);
  EXPECT_EQ(kept.approved_ms, 200);
  EXPECT_EQ(kept.label, "Kitchen");
  EXPECT_THAT(kept.scopes, ElementsAre("operator.admin"));
  EXPECT_EQ(devices.list().value().size(), 1u);
}

TEST_F(ADevice, has_another_revision_after_every_change_of_its_rights) {
  const std::int64_t first = devices.approve(device_named("a")).value().revision;
  const std::int64_t second = devices.approve(device_named("a")).value().revision;
  EXPECT_GT(second, first);
  ASSERT_TRUE(devices.revise("a").ok());
  const std::int64_t third = devices.find("a").value()->revision;
  EXPECT_GT(third, second);
  ASSERT_TRUE(devices.seen("a", 5, "connect").ok());
  ASSERT_TRUE(devices.rename("a", "x").ok());
  EXPECT_EQ(devices.find("a").value()->revision, third);
  EXPECT_THAT(devices.revise("nobody"), FailsWith(ErrorCode::not_found));
}

TEST_F(ADevice, that_comes_back_after_its_removal_is_told_from_the_one_before) {
  ASSERT_TRUE(devices.approve(device_named("other")).ok());
  const std::int64_t before = devices.approve(device_named("a")).value().revision;
  ASSERT_TRUE(devices.approve(device_named("other")).ok());
  ASSERT_TRUE(devices.remove("a").value());
  EXPECT_GT(devices.approve(device_named("a")).value().revision, before);
}

TEST_F(ADevice, takes_everything_of_its_own_along) {
  for (const char* id : {"a", "b"}) {
    ASSERT_TRUE(devices.approve(device_named(id)).ok());
    ASSERT_TRUE(device_tokens.put(token_of(id, "operator", std::string("token of ") + id)).ok());
    ASSERT_TRUE(nodes.approve(node_named(id)).ok());
    ASSERT_TRUE(pairing_requests.file({.kind = "node", .device_id = id, .created_ms = 1}).ok());
  }
  EXPECT_TRUE(devices.remove("a").value());
  EXPECT_FALSE(devices.remove("a").value());
  EXPECT_THAT(ids(), ElementsAre("b"));
  EXPECT_THAT(device_tokens.list("a").value(), IsEmpty());
  EXPECT_FALSE(nodes.find("a").value().has_value());
  EXPECT_FALSE(pairing_requests.of_device("node", "a").value().has_value());
  EXPECT_EQ(device_tokens.list("b").value().size(), 1u);
  EXPECT_TRUE(nodes.find("b").value().has_value());
  EXPECT_TRUE(pairing_requests.of_device("node", "b").value().has_value());
}

TEST_F(ADevice, above_the_limit_is_refused_with_what_to_do) {
  ASSERT_TRUE(database
                  ->run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)"
                        " INSERT INTO devices (device_id, public_key, label, display_name, platform,"
                        " device_family, client_id, client_mode, roles, scopes, approved_via, created_ms,"
                        " approved_ms, seen_ms, seen_reason, revision)"
                        " SELECT i, i, '', '', '', '', '', '', '[]', '[]', '', i, i, 0, '', i FROM n",
                        limits::devices_max)
                  .ok());
  const auto refused = devices.approve(device_named("one more"));
  EXPECT_THAT(refused, FailsWith(ErrorCode::unavailable));
  EXPECT_THAT(refused.error().message, testing::HasSubstr("devices remove"));
  EXPECT_TRUE(devices.approve(device_named("1")).ok()) << "one that is there already";
}

TEST_F(ADevice, has_one_token_a_role_and_keeps_no_text_of_it) {
  ASSERT_TRUE(devices.approve(device_named("a")).ok());
  const std::string token = random_token();
  ASSERT_TRUE(device_tokens.put(token_of("a", "operator", token)).ok());
  ASSERT_TRUE(device_tokens.put(token_of("a", "operator", "another")).ok());
  ASSERT_TRUE(device_tokens.put(token_of("a", "node", token)).ok());
  EXPECT_EQ(device_tokens.list("a").value().size(), 2u);
  const DeviceTokenRow found = device_tokens.find("a", "node").value().value();
  EXPECT_EQ(found.hash, sha256_hex(token));
  EXPECT_TRUE(device_tokens.remove("a", "node").value());
  EXPECT_FALSE(device_tokens.remove("a", "node").value());
  EXPECT_FALSE(device_tokens.put(token_of("nobody", "operator", "x")).ok());
}

TEST_F(ADevice, forgets_the_token_before_once_the_new_one_was_shown) {
  ASSERT_TRUE(devices.approve(device_named("a")).ok());
  DeviceTokenRow row = token_of("a", "operator", "new");
  row.previous_hash = sha256_hex("old");
  ASSERT_TRUE(device_tokens.put(row).ok());
  ASSERT_TRUE(device_tokens.used("a", "operator", 7, true).ok());
  EXPECT_EQ(device_tokens.find("a", "operator").value()->previous_hash, sha256_hex("old"));
  ASSERT_TRUE(device_tokens.used("a", "operator", 8, false).ok());
  EXPECT_EQ(device_tokens.find("a", "operator").value()->previous_hash, "");
  EXPECT_EQ(device_tokens.find("a", "operator").value()->used_ms, 8);
}

TEST_F(ADevice, needs_to_be_paired_to_have_commands) {
  EXPECT_THAT(nodes.approve(node_named("a")), FailsWith(ErrorCode::not_found));
  ASSERT_TRUE(devices.approve(device_named("a")).ok());
  ASSERT_TRUE(nodes.approve(node_named("a")).ok());
  EXPECT_THAT(nodes.find("a").value()->commands, ElementsAre("system.run", "a\"b\\c"));
  EXPECT_TRUE(nodes.rename("a", "Kitchen").value());
  NodeRow less = node_named("a");
  less.commands = {};
  EXPECT_EQ(nodes.approve(less).value().label, "Kitchen");
  EXPECT_THAT(nodes.find("a").value()->commands, IsEmpty());
  EXPECT_TRUE(nodes.remove("a").value());
  EXPECT_THAT(ids(), ElementsAre("a")) << "it stays paired";
}

// What is revoked is revoked as a whole: a unit that fails half-way leaves everything as it was.
TEST_F(StoreTest, ARemovalIsOneTransaction) {
  written<DeviceRow>([](Tables& tables) -> Result<DeviceRow> {
    TRY_ASSIGN(DeviceRow row, tables.devices.approve(device_named("a")));
    TRY(tables.device_tokens.put(token_of("a", "operator", "t")));
    return row;
  });
  EXPECT_FALSE(write<bool>([](Tables& tables) -> Result<bool> {
                 TRY(tables.devices.remove("a"));
                 return fail(ErrorCode::internal, "half-way");
               }).ok());
  EXPECT_EQ(
      read<std::vector<DeviceTokenRow>>([](Tables& tables) { return tables.device_tokens.list("a"); }).value().size(),
      1u);
}

using ASetupCode = RepositoryTest;

SetupCodeRow code_named(const std::string& id, std::int64_t created_ms = 1'000) {
  return {.setup_id = id,
          .hash = sha256_hex(id),
          .access = "full",
          .created_ms = created_ms,
          .expires_ms = created_ms + limits::setup_code_ms};
}

TEST_F(ASetupCode, is_good_once_and_for_a_while) {
  ASSERT_TRUE(setup_codes.add(code_named("a")).ok());
  EXPECT_TRUE(setup_codes.open_code(sha256_hex("a"), 2'000).value().has_value());
  EXPECT_FALSE(setup_codes.open_code(sha256_hex("b"), 2'000).value().has_value());
  EXPECT_FALSE(setup_codes.open_code(sha256_hex("a"), 1'000 + limits::setup_code_ms).value().has_value());
  EXPECT_TRUE(setup_codes.use("a", 2'000, "device", "Phone").value());
  EXPECT_FALSE(setup_codes.use("a", 3'000, "another", "").value());
  EXPECT_FALSE(setup_codes.open_code(sha256_hex("a"), 2'000).value().has_value());
  EXPECT_EQ(setup_codes.find("a").value()->device_id, "device");
}

TEST_F(ASetupCode, is_refused_when_too_many_are_open) {
  for (std::int64_t i = 0; i < limits::setup_codes_max; ++i)
    ASSERT_TRUE(setup_codes.add(code_named("c" + std::to_string(i))).ok());
  EXPECT_THAT(setup_codes.add(code_named("more")), FailsWith(ErrorCode::unavailable));
  EXPECT_TRUE(setup_codes.add(code_named("later", 1'000 + limits::setup_code_ms)).ok());
  EXPECT_TRUE(setup_codes.add(code_named("days later", 1'000'000'000)).ok());
  EXPECT_FALSE(setup_codes.find("c0").value().has_value()) << "old ones are forgotten";
}

}  // namespace
}  // namespace omenia::state
