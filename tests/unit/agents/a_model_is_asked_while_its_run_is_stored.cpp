// A run of a session of its own, whose answer alone acknowledges it: the model is asked while the run is being stored,
// and nobody hears of it before it is.
#include <future>

#include "tests/unit/agents/runs_fixture.h"

namespace omenia::test {
namespace {

using agents::RunStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AskedAhead : public RunsTest {
 protected:
  static agents::RunRequest own(const std::string& run_id) {
    agents::RunRequest made = request(run_id, "hello", "own-" + run_id);
    made.told_at_end = true;
    made.has_own_session = true;
    return made;
  }
  // Holds the store's writing until the test lets it go.
  void hold_store() {
    auto held = store->write<bool>([opened = opened](state::Tables&) -> Result<bool> {
      opened.wait();
      return true;
    });
  }
  ~AskedAhead() override { release_store(); }
  void release_store() {
    if (!std::exchange(released, true)) gate.set_value();
  }

  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  bool released = false;
};

TEST_F(AskedAhead, IsToldInTheSameOrderAsAnyOther) {
  hold_store();
  auto answer = runs->submit(own("r1"));
  run_until([&] { return model.asked() > 0; });
  run_what_is_due();
  EXPECT_THAT(witness.told, IsEmpty());
  EXPECT_FALSE(runs->find("r1"));
  release_store();
  ASSERT_TRUE(run(as_task(std::move(answer))).ok());
  EXPECT_EQ(end_of("r1")->status, RunStatus::done);
  EXPECT_THAT(witness.told,
              ElementsAre("r1 preparing preparing_context", "r1 started", "r1 stored user", "r1 model mock/m-1",
                          "r1 text re: hello", "r1 stored assistant", "r1 ended done"));
  EXPECT_EQ(model.asked(), 1u);
  EXPECT_THAT(model.conversation(0), testing::Contains("user: hello"));
  EXPECT_THAT(transcript("agent:main:own-r1"), ElementsAre(HasSubstr("hello"), HasSubstr("re: hello")));
}

TEST_F(AskedAhead, IsNotForAnyOtherRun) {
  hold_store();
  auto named = own("r1");
  named.has_own_session = false;
  auto first = runs->submit(std::move(named));
  auto acknowledged = own("r2");
  acknowledged.told_at_end = false;
  auto second = runs->submit(std::move(acknowledged));
  run_what_is_due();
  EXPECT_EQ(model.asked(), 0u);
  release_store();
  ASSERT_TRUE(run(as_task(std::move(first))).ok());
  ASSERT_TRUE(run(as_task(std::move(second))).ok());
}

TEST_F(AskedAhead, WhoseRunIsNotTakenTellsNobody) {
  finished(own("r1"));
  witness.told.clear();
  hold_store();
  auto again = own("r1");
  again.session = sessions::make_key("main", "another");
  auto answer = runs->submit(std::move(again));
  run_until([&] { return model.asked() > 1; });
  release_store();
  const auto submission = run(as_task(std::move(answer)));
  ASSERT_TRUE(submission.ok());
  EXPECT_EQ(submission.value().kind, Kind::finished);
  run_what_is_due();
  EXPECT_THAT(witness.told, IsEmpty());
  EXPECT_EQ(runs->active(), 0u);
  EXPECT_FALSE(session("agent:main:another"));
}

TEST_F(AskedAhead, ThatFailsEndsItsRunLikeAnyOther) {
  model.fail_with(R"({"error":{"message":"no such key","type":"authentication_error"}})");
  const auto outcome = finished(own("r1"));
  EXPECT_EQ(outcome->status, RunStatus::failed);
  EXPECT_EQ(status_of("r1"), "failed");
  EXPECT_TRUE(witness.has_seen("r1 started"));
}

TEST_F(AskedAhead, CanBeStopped) {
  model.hold();
  accepted(own("r1"));
  run_until([&] { return witness.has_seen("r1 text a part"); });
  auto end = runs->end_of("r1");
  EXPECT_THAT(runs->abort("agent:main:own-r1", "r1", "disconnect"), ElementsAre("r1"));
  const auto outcome = run(as_task(std::move(*end)));
  EXPECT_EQ(outcome->status, RunStatus::aborted);
  EXPECT_EQ(outcome->text, "a part");
  EXPECT_EQ(status_of("r1"), "aborted");
}

}  // namespace
}  // namespace omenia::test
