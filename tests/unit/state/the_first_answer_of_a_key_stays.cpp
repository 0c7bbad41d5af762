// Idempotency and meta: what is remembered for a key, for a state directory.

#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

using Key = RepositoryTest;

TEST_F(Key, keeps_its_first_answer) {
  ASSERT_TRUE(idempotency.remember("chat.send", "k", "first", 1).ok());
  ASSERT_TRUE(idempotency.remember("chat.send", "k", "second", 2).ok());
  EXPECT_EQ(idempotency.find("chat.send", "k").value(), "first");
}

TEST_F(Key, belongs_to_its_method) {
  ASSERT_TRUE(idempotency.remember("chat.send", "k", "answer", 1).ok());
  EXPECT_EQ(idempotency.find("agent", "k").value(), std::nullopt);
  EXPECT_EQ(idempotency.find("chat.send", "K").value(), std::nullopt);
}

TEST_F(Key, is_forgotten_by_age) {
  ASSERT_TRUE(idempotency.remember("m", "old", "a", 10).ok());
  ASSERT_TRUE(idempotency.remember("m", "new", "b", 20).ok());
  EXPECT_EQ(idempotency.forget_before(20).value(), 1);
  EXPECT_EQ(idempotency.forget_before(20).value(), 0);
  EXPECT_EQ(idempotency.find("m", "old").value(), std::nullopt);
  EXPECT_EQ(idempotency.find("m", "new").value(), "b");
}

using Instance = StoreTest;

TEST_F(Instance, keeps_its_id_over_restarts) {
  const Unit<std::string> ask = [](Tables& tables) { return tables.meta.instance_id(); };
  const std::string id = read<std::string>(ask).value();
  EXPECT_EQ(id.size(), 36u);
  reopen();
  EXPECT_EQ(read<std::string>(ask).value(), id);
}

TEST_F(Instance, counts_its_workers) {
  const Unit<std::int64_t> next = [](Tables& tables) { return tables.meta.next_generation(); };
  EXPECT_EQ(written<std::int64_t>(next), 1);
  EXPECT_EQ(written<std::int64_t>(next), 2);
  reopen();
  EXPECT_EQ(written<std::int64_t>(next), 3);
}

}  // namespace
}  // namespace omenia::state
