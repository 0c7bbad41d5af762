// A disk that is full or does not sync: what cannot be kept is refused in words, everything else goes on, and nothing
// that was acknowledged is lost.
#include <filesystem>

#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

constexpr bool is_sanitized = IS_SANITIZED;

class DiskFault : public FlowNotStarted, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    if (is_sanitized) GTEST_SKIP() << "the sanitizer and the disk's stand-in both want to be loaded first";
    Variables& variables = gateway.instance().variables();
    variables["LD_PRELOAD"] = DISK_FAULT_LIBRARY;
    variables["OMENIA_FAULT_FILE"] = fault_file;
    variables["OMENIA_FAULT_FOLDER"] = gateway.instance().home();
    ASSERT_TRUE(gateway.start());
    client = std::make_unique<WsClient>(gateway.client());
    ASSERT_EQ(send("agent:main:kept", "before"), "");
    client->find(ends_chat);
  }

  void break_disk() { write_file(fault_file, GetParam()); }
  void mend_disk() { std::filesystem::remove(fault_file); }

  // The error's message; empty when the message is accepted.
  std::string send(const std::string& session, const std::string& key) {
    const Json answer = client->call("chat.send", message(session, key, "text of " + key));
    if (answer["ok"].boolean()) return "";
    return "refused: " + error_message(answer);
  }
  Json history(const std::string& session) { return client->call("chat.history", one_member("sessionKey", session)); }
  std::string end_of(const std::string& run_id) {
    const Json answer = client->call("agent.wait", "{\"runId\":\"" + run_id + "\",\"timeoutMs\":5000}");
    return std::string(answer["payload"]["status"].text());
  }
  void expect_everything_acknowledged() {
    EXPECT_EQ(conversation(history("agent:main:kept")),
              (std::vector<std::string>{"user: text of before", "assistant: Hello from the mock model."}));
    EXPECT_EQ(end_of("before"), "ok");
  }

  TempDir elsewhere;
  const std::string fault_file = elsewhere / "fault";
  std::unique_ptr<WsClient> client;
};

TEST_P(DiskFault, RefusesMessagesInWordsAndGoesOnReading) {
  break_disk();
  const std::string said = send("agent:main:new", "during");
  EXPECT_THAT(said, HasSubstr("OmeniaClaw.sqlite")) << "what cannot be written";
  EXPECT_THAT(said, AnyOf(HasSubstr("disk is full"), HasSubstr("reading or writing failed")));
  const HttpAnswer http = gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi"));
  EXPECT_EQ(http.status, 503) << http.body;
  EXPECT_EQ(mock.requests().size(), 1u) << "nothing is begun that cannot be kept";
  expect_everything_acknowledged();
  EXPECT_EQ(client->call("sessions.list")["payload"]["count"].integer(), 1);
  EXPECT_EQ(gateway.get("/v1/models").status, 200);
  EXPECT_EQ(gateway.get("/healthz").status, 200);

  mend_disk();
  EXPECT_EQ(send("agent:main:new", "after"), "");
  EXPECT_EQ(end_of("after"), "ok");
  expect_everything_acknowledged();
}

TEST_P(DiskFault, KeepsWhatWasAcknowledgedThroughACrash) {
  break_disk();
  EXPECT_NE(send("agent:main:kept", "during"), "");
  mend_disk();
  // What a failed sync left in the log is gone with the next write; a crash before it would find it there, unanswered.
  EXPECT_EQ(send("agent:main:other", "between"), "");
  ASSERT_TRUE(gateway.kill_worker());
  client = std::make_unique<WsClient>(gateway.client());
  expect_everything_acknowledged();
  EXPECT_EQ(send("agent:main:kept", "during"), "") << "it was never accepted, so its key is free";
  EXPECT_EQ(end_of("during"), "ok");
}

TEST_P(DiskFault, TellsTheEndOfARunThatItCannotKeep) {
  ASSERT_EQ(send("agent:gated:run", "under-way"), "");
  ASSERT_TRUE(mock.wait_for_requests(2));
  break_disk();
  mock.open_gate();
  const Json end = client->find(ends_chat);
  EXPECT_EQ(end["payload"]["runId"].text(), "under-way");
  EXPECT_EQ(end["payload"]["state"].text(), "error") << end.dump();
  mend_disk();
  EXPECT_EQ(send("agent:gated:run", "next"), "");
  EXPECT_EQ(end_of("next"), "ok") << "the session goes on";
}

TEST_P(DiskFault, RefusesConfigWritesAndLeavesFileAndBackupsAlone) {
  const auto patch = [&](const std::string& level) {
    const Json current = client->call("config.get");
    JsonWriter params;
    params.begin_object().member("raw", "{logging: {consoleLevel: '" + level + "'}}");
    params.member("baseHash", current["payload"]["hash"].text()).end_object();
    return client->call("config.patch", params.text());
  };
  for (const char* level : {"debug", "info", "warn"}) ASSERT_TRUE(patch(level)["ok"].boolean());
  const std::string path = gateway.instance().config_path();
  const auto files = [&] {
    std::vector<std::string> contents{read_file(path), read_file(path + ".bak")};
    for (int i = 1; i < 5; ++i) contents.push_back(read_file(path + ".bak." + std::to_string(i)));
    return contents;
  };
  const auto before = files();
  break_disk();
  for (const char* level : {"error", "debug", "trace"}) {
    const Json refused = patch(level);
    EXPECT_FALSE(refused["ok"].boolean(true));
    EXPECT_THAT(error_message(refused), HasSubstr("Cannot write " + path));
  }
  EXPECT_EQ(files(), before);
  EXPECT_EQ(client->call("config.get")["payload"]["runtimeConfig"]["logging"]["consoleLevel"].text(), "warn");
  mend_disk();
  EXPECT_TRUE(patch("info")["ok"].boolean());
  for (const auto& each : std::filesystem::directory_iterator(gateway.instance().home()))
    EXPECT_EQ(each.path().string().find(".tmp."), std::string::npos) << each.path();
}

INSTANTIATE_TEST_SUITE_P(Disk, DiskFault, testing::Values("full", "sync"),
                         [](const auto& fault) { return std::string(fault.param); });

}  // namespace
}  // namespace omenia::test
