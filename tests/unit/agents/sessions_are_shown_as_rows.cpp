// Roster: a session's row as clients show it, while it is idle and while a run is under way.
#include "tests/unit/agents/runs_fixture.h"
#include "worker/sessions/roster.h"

namespace omenia::test {
namespace {

class ARow : public RunsTest {
 protected:
  Json shown(const state::SessionRow& row) {
    JsonWriter writer;
    sessions::write_row(writer, row, runs.get());
    auto json = Json::parse(writer.text());
    EXPECT_TRUE(json.ok()) << writer.text();
    return json.ok() ? std::move(json).value() : Json::object();
  }
  static state::SessionRow plain(std::string key = "agent:main:thread") {
    state::SessionRow row;
    row.key = std::move(key);
    row.session_id = "s1";
    row.agent_id = "main";
    row.created_ms = 10;
    row.updated_ms = 20;
    row.last_interaction_ms = 15;
    return row;
  }
};

TEST_F(ARow, OfANewSessionHasNoRun) {
  const Json row = shown(plain());
  EXPECT_EQ(row["key"].text(), "agent:main:thread");
  EXPECT_EQ(row["sessionId"].text(), "s1");
  EXPECT_EQ(row["updatedAt"].integer(), 20);
  EXPECT_EQ(row["hasActiveRun"].boolean(true), false);
  EXPECT_EQ(row["activeRunIds"].size(), 0u);
  for (const char* name : {"status", "startedAt", "endedAt", "runtimeMs", "lastRunId", "label", "model"})
    EXPECT_FALSE(row[name]) << name;
  EXPECT_TRUE(row["modelOverrideSource"].is_null());
}

TEST_F(ARow, IsMainForTheMainSessionAlone) {
  EXPECT_TRUE(shown(plain("agent:main:main"))["isMain"].boolean());
  for (const char* key : {"agent:main:thread", "agent:main:openai-user:main", "agent:main:a:main", "agent:main:domain"})
    EXPECT_FALSE(shown(plain(key))["isMain"].boolean()) << key;
}

TEST_F(ARow, TellsHowTheLastRunEnded) {
  const std::pair<const char*, const char*> words[] = {{"done", "done"},
                                                       {"failed", "failed"},
                                                       {"interrupted", "failed"},
                                                       {"aborted", "killed"},
                                                       {"timed_out", "timeout"}};
  for (const auto& [stored, word] : words) {
    state::SessionRow row = plain();
    row.last_run_status = stored;
    row.last_run_id = "r1";
    row.last_run_started_ms = 100;
    row.last_run_ended_ms = 130;
    const Json json = shown(row);
    EXPECT_EQ(json["status"].text(), word);
    EXPECT_EQ(json["lastRunId"].text(), "r1");
    EXPECT_EQ(json["startedAt"].integer(), 100);
    EXPECT_EQ(json["endedAt"].integer(), 130);
    EXPECT_EQ(json["runtimeMs"].integer(), 30);
  }
}

TEST_F(ARow, OfARunThatNeverBeganHasNoLength) {
  state::SessionRow row = plain();
  row.last_run_status = "aborted";
  row.last_run_ended_ms = 1'800'000'000'000;
  const Json json = shown(row);
  EXPECT_EQ(json["status"].text(), "killed");
  EXPECT_EQ(json["endedAt"].integer(), 1'800'000'000'000);
  EXPECT_FALSE(json["startedAt"]);
  EXPECT_FALSE(json["runtimeMs"]);
}

TEST_F(ARow, WithARunUnderWayTellsOfThatOne) {
  finished(request("r1"));
  start_held("r2");
  accepted(request("r3"));
  const Json json = shown(*session());
  EXPECT_EQ(json["status"].text(), "running");
  EXPECT_TRUE(json["hasActiveRun"].boolean());
  EXPECT_EQ(json["activeRunIds"].size(), 2u);
  EXPECT_EQ(json["startedAt"].integer(), runs->find("r2")->started_ms);
  EXPECT_FALSE(json["endedAt"]);
  EXPECT_FALSE(json["runtimeMs"]);
  EXPECT_EQ(json["lastRunId"].text(), "r1");
}

TEST_F(ARow, WithOnlyAQueuedRunHasNoStart) {
  auto one_at_once = std::make_shared<Config>(*config);
  one_at_once->runs_at_once = 1;
  config = one_at_once;
  begin_worker(2);
  start_held("blocker");
  accepted(request("r1", "x", "thread"));
  const Json json = shown(*session("agent:main:thread"));
  EXPECT_FALSE(json["startedAt"]);
  EXPECT_EQ(json["status"].text(), "running");
  EXPECT_TRUE(json["hasActiveRun"].boolean());
}

TEST_F(ARow, TakesAnyLabel) {
  state::SessionRow row = plain("agent:main:\"\\ 日本");
  row.label = "\"; \\ \x01 \xff 🎉";
  const Json json = shown(row);
  EXPECT_EQ(json["key"].text(), "agent:main:\"\\ 日本");
  EXPECT_EQ(json["label"].text(), "\"; \\ \x01 \ufffd 🎉");
}

}  // namespace
}  // namespace omenia::test
