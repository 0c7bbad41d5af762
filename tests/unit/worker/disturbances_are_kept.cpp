// Stability: what has disturbed the gateway, bounded, with the sums of what is kept.
#include "worker/stability.h"

#include <gtest/gtest.h>

#include "shared/base/limits.h"
#include "shared/json/json.h"

namespace omenia::worker {
namespace {

Json shown(const Stability& stability) {
  auto json = Json::parse(stability.to_json());
  EXPECT_TRUE(json.ok());
  return json.ok() ? std::move(json).value() : Json::object();
}

TEST(Disturbances, AreNoneAtFirst) {
  const Json none = shown(Stability{});
  EXPECT_EQ(none["count"].integer(), 0);
  EXPECT_EQ(none["lastSeq"].integer(), 0);
  EXPECT_EQ(none["events"].size(), 0u);
  EXPECT_GT(none["summary"]["memory"]["rssBytes"].integer(), 0);
}

TEST(Disturbances, AreKeptUpToABound) {
  Stability stability;
  const auto count = static_cast<int>(limits::stability_events_max) + 10;
  for (int i = 1; i <= count; ++i)
    stability.record(stability_loop_late, [i](JsonWriter& writer) { writer.member("durationMs", i); });
  const Json all = shown(stability);
  EXPECT_EQ(all["count"].integer(), static_cast<std::int64_t>(limits::stability_events_max));
  EXPECT_EQ(all["dropped"].integer(), 10);
  EXPECT_EQ(all["firstSeq"].integer(), 11);
  EXPECT_EQ(all["lastSeq"].integer(), count);
  EXPECT_EQ(all["events"].at(0)["durationMs"].integer(), 11);
  EXPECT_EQ(all["summary"]["byType"]["loop.late"].integer(), all["count"].integer());
}

TEST(Disturbances, AreRunsThatFailedAndNoOthers) {
  Stability stability;
  agents::Run run;
  run.request.origin = "chat";
  agents::RunOutcome outcome;
  outcome.provider = "mock";
  for (const auto status : {agents::RunStatus::done, agents::RunStatus::aborted, agents::RunStatus::interrupted}) {
    outcome.status = status;
    stability.ended(run, outcome);
  }
  EXPECT_EQ(shown(stability)["count"].integer(), 0);
  outcome.status = agents::RunStatus::failed;
  outcome.error = fail(ErrorCode::provider_auth, "the key sk-secret is wrong");
  stability.ended(run, outcome);
  const Json all = shown(stability);
  EXPECT_EQ(all["events"].at(0)["type"].text(), "run.failed");
  EXPECT_EQ(all["events"].at(0)["reason"].text(), "provider_auth");
  EXPECT_EQ(all.dump().find("sk-secret"), std::string::npos) << "by its kind, not in words";
}

}  // namespace
}  // namespace omenia::worker
