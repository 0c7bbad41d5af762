// A run that a webhook asks for has begun when its sender is told so; one that does not in time never runs.
#include "shared/base/ids.h"
#include "tests/unit/agents/scripted_model.h"
#include "tests/unit/worker/worker_fixture.h"
#include "worker/hooks/dispatch.h"

namespace omenia::test {
namespace {

using Kind = hooks::Dispatched::Kind;

class AHookRun : public WorkerTest {
 protected:
  void SetUp() override {
    start("{hooks: {enabled: true, token: 't'}, models: {providers: {mock: {baseUrl: '" + model.url() +
          "', models: [{id: 'm'}]}}}}");
  }

  static hooks::AgentRun run_in(std::string_view session, std::string replay_id = {}) {
    hooks::AgentRun run;
    run.session = sessions::make_key("main", session);
    run.message = "do it";
    run.replay_id = std::move(replay_id);
    run.replay_ms = 60'000;
    return run;
  }
  static Task<void> keep(Task<hooks::Dispatched> dispatching, std::optional<hooks::Dispatched>* into) {
    auto dispatched = co_await std::move(dispatching);
    *into = std::move(dispatched);
  }
  hooks::Dispatched dispatch(hooks::AgentRun run, std::optional<int> deadline_ms = 60'000) {
    std::optional<hooks::Dispatched> dispatched;
    context->requests.spawn(keep(hooks::dispatch_run(context.get(), std::move(run), deadline_ms), &dispatched));
    run_until([&] { return dispatched.has_value(); });
    return dispatched.value_or(hooks::Dispatched{});
  }
  // The session has a run that does not end.
  void occupy(std::string_view session) {
    model.hold();
    EXPECT_EQ(dispatch(run_in(session)).kind, Kind::begun);
    run_until([&] { return model.asked() == 1; });
  }
  void let_all_end() {
    model.release_all();
    run_until([&] { return context->runs->active() == 0; });
  }

  ScriptedModel model;
};

TEST_F(AHookRun, HasBegunWhenItIsAnswered) {
  const auto dispatched = dispatch(run_in("a"));
  EXPECT_EQ(dispatched.kind, Kind::begun);
  EXPECT_FALSE(dispatched.outcome);
  const http::Response answer = hooks::answer_to(dispatched);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"ok":true,"runId":")" + dispatched.run_id + "\"}");
}

TEST_F(AHookRun, ThatDoesNotBeginInTimeNeverRuns) {
  occupy("a");
  const auto dispatched = dispatch(run_in("a", "again"), 1);
  EXPECT_EQ(dispatched.kind, Kind::late);
  const http::Response answer = hooks::answer_to(dispatched);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, R"({"ok":false,"error":"hook agent run did not start before admission timeout"})");
  let_all_end();
  EXPECT_EQ(model.asked(), 1u);
  const auto again = dispatch(run_in("a", "again"));
  EXPECT_EQ(again.kind, Kind::begun) << "sent again, it is done";
  EXPECT_NE(again.run_id, dispatched.run_id);
  let_all_end();
  EXPECT_EQ(model.asked(), 2u);
}

TEST_F(AHookRun, ThatIsRepeatedIsTheSame) {
  const auto first = dispatch(run_in("a", "once"));
  let_all_end();
  hooks::AgentRun repeated = run_in("b", "once");
  repeated.waits = true;
  const auto second = dispatch(std::move(repeated));
  EXPECT_EQ(second.run_id, first.run_id);
  ASSERT_TRUE(second.outcome);
  EXPECT_TRUE(second.outcome->ok());
  EXPECT_EQ(model.asked(), 1u);
}

TEST_F(AHookRun, ThatIsRepeatedAfterItsTimeIsAnother) {
  const auto first = dispatch(run_in("a", "once"));
  let_all_end();
  hooks::AgentRun repeated = run_in("a", "once");
  repeated.replay_ms = -1;
  EXPECT_NE(dispatch(std::move(repeated)).run_id, first.run_id);
}

TEST_F(AHookRun, WithoutADeadlineWaitsForItsTurn) {
  occupy("a");
  std::optional<hooks::Dispatched> dispatched;
  context->requests.spawn(keep(hooks::dispatch_run(context.get(), run_in("a"), std::nullopt), &dispatched));
  run_what_is_due();
  EXPECT_FALSE(dispatched);
  model.release_all();
  run_until([&] { return dispatched.has_value(); });
  EXPECT_EQ(dispatched->kind, Kind::begun);
}

TEST_F(AHookRun, ThatIsStoppedBeforeItBeginsHasFailed) {
  occupy("a");
  std::optional<hooks::Dispatched> dispatched;
  context->requests.spawn(keep(hooks::dispatch_run(context.get(), run_in("a"), 60'000), &dispatched));
  run_until([&] { return context->runs->of_session("agent:main:a").size() == 2; });
  context->runs->abort("agent:main:a", {}, "rpc");
  run_until([&] { return dispatched.has_value(); });
  EXPECT_EQ(dispatched->kind, Kind::failed);
  EXPECT_EQ(hooks::answer_to(*dispatched).status, 502);
}

TEST_F(AHookRun, OfTooManyIsToldToComeAgain) {
  context->runs->drain([] {});
  const http::Response answer = hooks::answer_to(dispatch(run_in("a")));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(parsed(answer.body)["ok"].boolean(true), false);
}

}  // namespace
}  // namespace omenia::test
