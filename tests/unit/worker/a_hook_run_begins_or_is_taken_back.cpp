// A run that a webhook asks for has begun when its sender is told so; one that does not in time never runs.
#include <set>

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

TEST_F(AHookRun, ThatWaitsIsNotSaidToHaveBegunToWhoRepeatsIt) {
  occupy("a");
  std::optional<hooks::Dispatched> first, second;
  context->requests.spawn(keep(hooks::dispatch_run(context.get(), run_in("a", "again"), 60'000), &first));
  run_until([&] { return context->runs->of_session("agent:main:a").size() == 2; });
  const auto impatient = dispatch(run_in("a", "again"), 1);
  EXPECT_EQ(impatient.kind, Kind::late) << "it has not begun, and the first still waits for it";
  context->requests.spawn(keep(hooks::dispatch_run(context.get(), run_in("a", "again"), 60'000), &second));
  run_what_is_due();
  EXPECT_FALSE(first || second);
  let_all_end();
  run_until([&] { return first && second; });
  EXPECT_EQ(second->kind, Kind::begun);
  EXPECT_EQ(second->run_id, first->run_id);
  EXPECT_EQ(model.asked(), 2u);
}

TEST_F(AHookRun, ThatWasStoppedBeforeItBeganIsDoneWhenItIsRepeated) {
  occupy("a");
  std::optional<hooks::Dispatched> first;
  context->requests.spawn(keep(hooks::dispatch_run(context.get(), run_in("a", "again"), 60'000), &first));
  run_until([&] { return context->runs->of_session("agent:main:a").size() == 2; });
  context->runs->abort("agent:main:a", {}, "rpc");
  run_until([&] { return first.has_value(); });
  EXPECT_EQ(first->kind, Kind::failed);
  const auto second = dispatch(run_in("a", "again"));
  EXPECT_EQ(second.kind, Kind::begun);
  EXPECT_NE(second.run_id, first->run_id);
}

// Each is another run when the one before was forgotten, however often that was.
TEST_F(AHookRun, IsFoundAmongManyOfTheSame) {
  std::set<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    hooks::AgentRun run = run_in("a", "often");
    run.replay_ms = -1;
    ids.insert(dispatch(std::move(run)).run_id);
    let_all_end();
  }
  EXPECT_EQ(ids.size(), 20u);
  EXPECT_TRUE(ids.contains(dispatch(run_in("a", "often")).run_id)) << "the last of them stands";
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
