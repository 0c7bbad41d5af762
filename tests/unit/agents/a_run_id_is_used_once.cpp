// The run id is the caller's idempotency key: a second use starts nothing and answers what the first one did.
#include "tests/unit/agents/runs_fixture.h"

namespace omenia::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ARunId : public RunsTest {};

TEST_F(ARunId, OfARunUnderWayIsInFlight) {
  start_held("r1");
  const auto again = accepted(request("r1"));
  EXPECT_EQ(again.kind, Kind::in_flight);
  EXPECT_EQ(again.run_id, "r1");
  EXPECT_EQ(again.session_id, session()->session_id);
  EXPECT_EQ(runs->active(), 1u);
  EXPECT_EQ(model.asked(), 1u);
}

TEST_F(ARunId, OfAQueuedRunIsInFlight) {
  start_held("r1");
  accepted(request("r2"));
  EXPECT_EQ(accepted(request("r2")).kind, Kind::in_flight);
  EXPECT_EQ(runs->active(), 2u);
}

TEST_F(ARunId, OfAnEndedRunAnswersItsEnd) {
  const auto outcome = finished(request("r1"));
  const auto again = accepted(request("r1"));
  EXPECT_EQ(again.kind, Kind::finished);
  ASSERT_TRUE(again.outcome);
  EXPECT_EQ(again.outcome->to_json(), outcome->to_json());
  EXPECT_EQ(model.asked(), 1u);
  EXPECT_EQ(runs->active(), 0u);
}

TEST_F(ARunId, WithOtherParametersStillAnswersTheFirst) {
  finished(request("r1", "first"));
  const auto again = accepted(request("r1", "second", "thread", "other"));
  EXPECT_EQ(again.kind, Kind::finished);
  EXPECT_EQ(again.session_key, "agent:main:main");
  EXPECT_EQ(again.agent_id, "main");
  EXPECT_THAT(model.heard(), ElementsAre("first"));
  EXPECT_FALSE(session("agent:other:thread"));
  EXPECT_EQ(transcript().size(), 2u);
}

TEST_F(ARunId, SentTwiceAtOnceStartsOneRun) {
  model.hold();
  auto one = runs->submit(request("r1"));
  auto two = runs->submit(request("r1"));
  auto first = run(as_task(std::move(one)));
  auto second = run(as_task(std::move(two)));
  EXPECT_EQ(first.value().kind, Kind::accepted);
  EXPECT_EQ(second.value().kind, Kind::in_flight);
  EXPECT_EQ(runs->active(), 1u);
}

TEST_F(ARunId, OfAFailedRunAnswersTheFailure) {
  model.fail_with(answer_of(401, "{}"));
  finished(request("r1"));
  model.fail_with("");
  const auto again = accepted(request("r1"));
  EXPECT_EQ(again.kind, Kind::finished);
  ASSERT_TRUE(again.outcome && again.outcome->error);
  EXPECT_EQ(again.outcome->error->code, ErrorCode::provider_auth);
  EXPECT_EQ(model.asked(), 1u);
}

TEST_F(ARunId, IsRememberedByTheNextWorker) {
  finished(request("r1"));
  begin_worker(2);
  const auto again = accepted(request("r1"));
  EXPECT_EQ(again.kind, Kind::finished);
  EXPECT_EQ(again.outcome->text, "re: hello");
}

TEST_F(ARunId, MayHoldAnyText) {
  for (const std::string& id : {std::string("'; DROP TABLE runs; --"), std::string("ключ 🔑"), std::string(256, 'k'),
                                std::string("a\nb"), std::string("%"), std::string(" ")}) {
    EXPECT_EQ(finished(request(id))->run_id, id);
    EXPECT_EQ(accepted(request(id)).kind, Kind::finished);
  }
}

TEST_F(ARunId, IsComparedExactly) {
  finished(request("key"));
  for (const char* other : {"KEY", "key ", " key", "ke", "key\n"})
    EXPECT_EQ(accepted(request(other)).kind, Kind::accepted);
}

}  // namespace
}  // namespace omenia::test
