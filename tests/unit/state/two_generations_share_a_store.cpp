// During a swap two workers have the store open: both write, both read, nobody is refused.

#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

constexpr int units_each = 400;

Task<void> write_units(Store* store, int worker, int count, std::function<void(std::string)> ended) {
  const std::string key = "agent:main:" + std::to_string(worker);
  for (int i = 0; i < count; ++i) {
    Pending<Result<EntryRow>> pending = store->write<EntryRow>([key](Tables& tables) -> Result<EntryRow> {
      TRY_ASSIGN(const SessionRow own, tables.sessions.get_or_create(key, "main", 1));
      TRY_ASSIGN(const SessionRow shared, tables.sessions.get_or_create("shared", "main", 1));
      TRY(tables.entries.append(entry_of(shared.session_id, "{}")));
      return tables.entries.append(entry_of(own.session_id, "{}"));
    });
    const Result<EntryRow> answer = co_await std::move(pending);
    if (!answer.ok()) {
      ended(answer.error().message);
      co_return;
    }
  }
  ended("ok");
}

using TwoGenerations = StoreTest;

TEST_F(TwoGenerations, write_at_the_same_time) {
  auto second = open_store();
  std::vector<std::string> outcomes;
  TaskScope scope;
  for (int worker = 0; worker < 16; ++worker) {
    Store* target = worker % 2 ? store.get() : second.get();
    scope.spawn(write_units(target, worker, units_each / 8, [&](std::string outcome) {
      outcomes.push_back(std::move(outcome));
      if (outcomes.size() == 16) loop.stop();
    }));
  }
  loop.run();
  EXPECT_THAT(outcomes, testing::Each("ok"));
  const auto shared = read<std::optional<SessionRow>>([](Tables& tables) { return tables.sessions.find("shared"); });
  EXPECT_EQ(shared.value()->next_seq, 2 * units_each + 1);
}

TEST_F(TwoGenerations, see_each_others_answered_writes) {
  auto second = open_store();
  for (int i = 0; i < 50; ++i) {
    Store& from = i % 2 ? *store : *second;
    Store& to = i % 2 ? *second : *store;
    ASSERT_TRUE(answer_of<Result<SessionRow>>(loop, from.write<SessionRow>([i](Tables& tables) {
                  return tables.sessions.get_or_create("s" + std::to_string(i), "main", 1);
                })).ok());
    ASSERT_EQ(answer_of<Result<std::int64_t>>(loop, to.read<std::int64_t>([](Tables& tables) {
                return tables.sessions.count("");
              })).value(),
              i + 1);
  }
}

TEST_F(TwoGenerations, outlive_each_other) {
  auto second = open_store();
  written<SessionRow>([](Tables& tables) { return tables.sessions.get_or_create("k", "main", 1); });
  store = std::move(second);
  EXPECT_EQ(read<std::int64_t>([](Tables& tables) { return tables.sessions.count(""); }).value(), 1);
  EXPECT_EQ(written<SessionRow>([](Tables& tables) { return tables.sessions.get_or_create("l", "main", 1); }).key, "l");
}

}  // namespace
}  // namespace omenia::state
