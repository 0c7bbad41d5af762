// RunPayload: the end of a run as a lifecycle event, as the second answer of `agent`, as the answer of `agent.wait`.
#include <gmock/gmock.h>

#include "shared/json/json.h"
#include "worker/events/run_payload.h"

namespace omenia::worker {
namespace {

using agents::RunOutcome;
using agents::RunStatus;

RunOutcome an_end(RunStatus status) {
  RunOutcome outcome;
  outcome.run_id = "r1";
  outcome.session_key = "agent:main:main";
  outcome.session_id = "s1";
  outcome.agent_id = "main";
  outcome.status = status;
  outcome.text = "say \"hi\" 🎉";
  outcome.stop_reason = status == RunStatus::done ? "stop" : "rpc";
  outcome.provider = "mock";
  outcome.model = "m-1";
  outcome.response_model = "m-1-2026";
  outcome.usage = {10, 5, 3, 0, 18};
  outcome.accepted_ms = 100;
  outcome.started_ms = 150;
  outcome.ended_ms = 400;
  if (status == RunStatus::failed || status == RunStatus::interrupted)
    outcome.error = fail(ErrorCode::provider_rate_limit, "slow down");
  if (status == RunStatus::timed_out) outcome.error = fail(ErrorCode::run_timeout, "too long");
  return outcome;
}

Json parsed(const std::string& text) {
  auto json = Json::parse(text);
  EXPECT_TRUE(json.ok()) << text;
  return json.ok() ? std::move(json).value() : Json::object();
}

Json lifecycle(const RunOutcome& outcome) {
  JsonWriter writer;
  writer.begin_object();
  write_lifecycle_end(writer, outcome);
  return parsed(writer.end_object().text());
}

TEST(ALifecycleEnd, OfAGoodRunHasReplyAndReceipt) {
  const Json end = lifecycle(an_end(RunStatus::done));
  EXPECT_EQ(end["phase"].text(), "end");
  EXPECT_EQ(end["startedAt"].integer(), 150);
  EXPECT_EQ(end["endedAt"].integer(), 400);
  EXPECT_FALSE(end["aborted"].boolean(true));
  EXPECT_EQ(end["stopReason"].text(), "stop");
  EXPECT_EQ(end["terminalReply"]["text"].text(), "say \"hi\" 🎉");
  EXPECT_EQ(end["terminalReceipt"]["runId"].text(), "r1");
  EXPECT_EQ(end["terminalReceipt"]["effective"]["responseModel"].text(), "m-1-2026");
  EXPECT_FALSE(end["terminalReceipt"]["requested"]["responseModel"]);
  EXPECT_FALSE(end["error"]);
}

TEST(ALifecycleEnd, OfAFailureSaysWhy) {
  for (const RunStatus status : {RunStatus::failed, RunStatus::interrupted}) {
    const Json end = lifecycle(an_end(status));
    EXPECT_EQ(end["phase"].text(), "error");
    EXPECT_EQ(end["stopReason"].text(), "error");
    EXPECT_EQ(end["livenessState"].text(), "blocked");
    EXPECT_EQ(end["error"].text(), "slow down");
    EXPECT_EQ(end["errorObservation"]["failoverReason"].text(), "rate_limit");
    EXPECT_FALSE(end["terminalReply"]);
  }
}

TEST(ALifecycleEnd, OfAStoppedRunSaysSo) {
  const Json aborted = lifecycle(an_end(RunStatus::aborted));
  EXPECT_EQ(aborted["phase"].text(), "end");
  EXPECT_TRUE(aborted["aborted"].boolean());
  EXPECT_EQ(aborted["status"].text(), "cancelled");
  const Json timed_out = lifecycle(an_end(RunStatus::timed_out));
  EXPECT_TRUE(timed_out["aborted"].boolean());
  EXPECT_FALSE(timed_out["status"]);
}

TEST(ALifecycleEnd, WithoutTextIsEmpty) {
  RunOutcome silent = an_end(RunStatus::done);
  silent.text.clear();
  EXPECT_EQ(lifecycle(silent)["terminalReply"]["disposition"].text(), "empty");
}

TEST(AnErrorDetail, IsThereWhenAModelFailed) {
  const auto detail = [](const RunOutcome& outcome) {
    JsonWriter writer;
    writer.begin_object();
    write_error_detail(writer, outcome);
    return parsed(writer.end_object().text())["errorDetail"].dump();
  };
  EXPECT_EQ(detail(an_end(RunStatus::failed)), R"({"provider":"mock","model":"m-1","failoverReason":"rate_limit"})");
  EXPECT_EQ(detail(an_end(RunStatus::done)), "null");
  RunOutcome never_asked = an_end(RunStatus::failed);
  never_asked.provider.clear();
  EXPECT_EQ(detail(never_asked), "null");
}

TEST(TheSecondAnswer, OfAGoodRunHasTheResult) {
  const rpc::Answer answer = agent_answer(an_end(RunStatus::done));
  EXPECT_FALSE(answer.error);
  const Json payload = parsed(answer.payload);
  EXPECT_EQ(payload["status"].text(), "ok");
  EXPECT_EQ(payload["summary"].text(), "completed");
  EXPECT_EQ(payload["result"]["payloads"].at(0)["text"].text(), "say \"hi\" 🎉");
  EXPECT_TRUE(payload["result"]["payloads"].at(0)["mediaUrl"].is_null());
  const JsonView meta = payload["result"]["meta"];
  EXPECT_EQ(meta["durationMs"].integer(), 300);
  EXPECT_EQ(meta["agentMeta"]["promptTokens"].integer(), 13);
  EXPECT_EQ(meta["agentMeta"]["usage"]["total"].integer(), 18);
  EXPECT_FALSE(meta["aborted"].boolean(true));
}

TEST(TheSecondAnswer, OfAFailureHasBothPayloadAndError) {
  const rpc::Answer answer = agent_answer(an_end(RunStatus::failed));
  ASSERT_TRUE(answer.error);
  EXPECT_EQ(row_of(answer.error->code).wire, "UNAVAILABLE");
  EXPECT_EQ(answer.error->message, "slow down");
  EXPECT_EQ(parsed(answer.payload)["status"].text(), "error");
  EXPECT_EQ(parsed(answer.payload)["summary"].text(), "slow down");
}

TEST(TheSecondAnswer, OfAFailureWithoutAReasonStillHasWords) {
  RunOutcome odd = an_end(RunStatus::failed);
  odd.error.reset();
  EXPECT_NE(agent_answer(odd).error->message, "");
}

TEST(TheSecondAnswer, OfAStoppedRunIsNoError) {
  const rpc::Answer aborted = agent_answer(an_end(RunStatus::aborted));
  EXPECT_FALSE(aborted.error);
  EXPECT_EQ(parsed(aborted.payload)["status"].text(), "timeout");
  EXPECT_EQ(parsed(aborted.payload)["stopReason"].text(), "rpc");
  EXPECT_FALSE(parsed(aborted.payload)["result"]);
  const Json timed_out = parsed(agent_answer(an_end(RunStatus::timed_out)).payload);
  EXPECT_EQ(timed_out["timeoutPhase"].text(), "provider");
  EXPECT_TRUE(timed_out["providerStarted"].boolean());
  RunOutcome queued = an_end(RunStatus::timed_out);
  queued.provider.clear();
  EXPECT_EQ(parsed(agent_answer(queued).payload)["timeoutPhase"].text(), "queue");
}

TEST(TheAnswerToWaiting, TellsHowItEnded) {
  const Json done = parsed(wait_payload(an_end(RunStatus::done)));
  EXPECT_EQ(done["status"].text(), "ok");
  EXPECT_EQ(done["terminalReply"]["text"].text(), "say \"hi\" 🎉");
  const Json failed = parsed(wait_payload(an_end(RunStatus::failed)));
  EXPECT_EQ(failed["status"].text(), "error");
  EXPECT_EQ(failed["error"].text(), "slow down");
  RunOutcome queued = an_end(RunStatus::aborted);
  queued.started_ms = 0;
  EXPECT_FALSE(parsed(wait_payload(queued))["startedAt"]);
}

}  // namespace
}  // namespace omenia::worker
