// A swap: the next worker serves before the old one drains, the port stays open, runs of the old worker go on for the
// clients of the new one.
#include <csignal>

#include "shared/base/limits.h"
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

constexpr const char* whole_answer = "tick tick tick tick tick tick tick tick";

class Swap : public Flow {
 protected:
  // Another worker serves when this returns true; `number` is the supervisor's count of it.
  bool swap(int number = 2) {
    gateway.process().signal(SIGUSR1);
    return gateway.process().says("ready; worker " + std::to_string(number - 1)) && gateway.wait_ready();
  }
  bool old_worker_left(pid_t worker) {
    return eventually([&] { return !process_exists(worker); });
  }
};

// More waits for it than the system's own buffers take.
TEST_F(Swap, LeavesNobodyBeforeItsLastWordsAreWritten) {
  constexpr int notes = 16;
  constexpr int less_than_it_waits_ms = limits::stop_close_ms / 6;
  auto silent = gateway.client();
  auto talker = gateway.client();
  talker.call("sessions.create", R"({"key":"loud"})");
  silent.call("sessions.messages.subscribe", R"({"key":"loud"})");
  const std::string note = R"({"sessionKey":"loud","message":")" + std::string(900'000, 'n') + R"("})";
  for (int i = 0; i < notes; ++i) ASSERT_TRUE(talker.call("chat.inject", note)["ok"].boolean());
  const pid_t old_worker = gateway.worker_pid();
  ASSERT_TRUE(swap());
  EXPECT_FALSE(eventually([&] { return !process_exists(old_worker); }, less_than_it_waits_ms));
  EXPECT_TRUE(silent.event("shutdown"));
  EXPECT_EQ(silent.closing().code, 1012);
  EXPECT_TRUE(old_worker_left(old_worker));
}

// A run in the old worker that has told two pieces of its answer.
class RunThroughASwap : public Swap {
 protected:
  void SetUp() override {
    Swap::SetUp();
    old_worker = gateway.worker_pid();
    auto client = gateway.client();
    client.call("chat.send", message(session, "run-1", "through"));
    mock.release(3);  // The first is the role alone.
    while (told.size() < std::string_view("tick tick").size()) {
      const Json delta = client.find([](JsonView frame) { return is_chat(frame, "delta"); });
      ASSERT_TRUE(delta);
      told += delta["payload"]["deltaText"].text();
    }
    ASSERT_TRUE(swap());
    ASSERT_TRUE(client.event("shutdown"));
    const WsClose closed = client.closing();
    EXPECT_EQ(closed.code, 1012);
    EXPECT_EQ(closed.reason, "service restart");
  }

  Json wait_for(WsClient& client, const std::string& run_id) {
    return client.call("agent.wait", "{\"runId\":\"" + run_id + "\",\"timeoutMs\":5000}");
  }

  const std::string session = "agent:gated:swap";
  std::string told;
  pid_t old_worker = 0;
};

TEST_F(RunThroughASwap, GoesOnForTheReconnectedClientWithoutALostOrDoubledPiece) {
  auto client = gateway.client();
  const Json before = client.call("chat.history", one_member("sessionKey", session));
  EXPECT_EQ(before["payload"]["inFlightRun"]["runId"].text(), "run-1") << before.dump();
  EXPECT_EQ(before["payload"]["inFlightRun"]["text"].text(), told);
  mock.open_gate();
  for (const Json& frame : client.until(ends_chat)) {
    if (is_chat(frame, "delta")) told += frame["payload"]["deltaText"].text();
    if (ends_chat(frame)) {
      EXPECT_EQ(frame["payload"]["state"].text(), "final") << frame.dump();
    }
  }
  EXPECT_EQ(told, whole_answer);
  const Json after = client.call("chat.history", one_member("sessionKey", session));
  EXPECT_EQ(conversation(after),
            (std::vector<std::string>{"user: through", std::string("assistant: ") + whole_answer}));
  EXPECT_FALSE(after["payload"]["inFlightRun"]);
  EXPECT_TRUE(old_worker_left(old_worker));
}

TEST_F(RunThroughASwap, CanBeWaitedForInTheNewWorker) {
  auto client = gateway.client();
  const std::string id = client.send_request("agent.wait", R"({"runId":"run-1","timeoutMs":5000})");
  mock.open_gate();
  EXPECT_EQ(client.answer(id)["payload"]["status"].text(), "ok");
}

TEST_F(RunThroughASwap, CanBeStoppedInTheNewWorker) {
  auto client = gateway.client();
  const Json aborted = client.call("chat.abort", one_member("sessionKey", session));
  EXPECT_TRUE(aborted["payload"]["aborted"].boolean()) << aborted.dump();
  EXPECT_EQ(client.find(ends_chat)["payload"]["state"].text(), "aborted");
  EXPECT_TRUE(old_worker_left(old_worker));
}

TEST_F(RunThroughASwap, HasItsLaneUntilItsEnd) {
  auto client = gateway.client();
  client.call("chat.send", message(session, "run-2", "after"));
  mock.open_gate();
  EXPECT_EQ(wait_for(client, "run-2")["payload"]["status"].text(), "ok");
  EXPECT_EQ(wait_for(client, "run-1")["payload"]["status"].text(), "ok");
  const Json history = client.call("chat.history", one_member("sessionKey", session));
  EXPECT_EQ(conversation(history),
            (std::vector<std::string>{"user: through", std::string("assistant: ") + whole_answer, "user: after",
                                      std::string("assistant: ") + whole_answer}));
}

TEST_F(RunThroughASwap, IsReportedWhenTheDrainingWorkerDies) {
  auto client = gateway.client();
  ASSERT_EQ(::kill(old_worker, SIGKILL), 0);
  const Json end = client.find(ends_chat);
  EXPECT_EQ(end["payload"]["runId"].text(), "run-1");
  EXPECT_EQ(end["payload"]["state"].text(), "error") << end.dump();
  EXPECT_EQ(wait_for(client, "run-1")["payload"]["status"].text(), "error");
  client.call("chat.send", message(session, "run-2", "after"));
  mock.open_gate();
  EXPECT_EQ(wait_for(client, "run-2")["payload"]["status"].text(), "ok") << "the lane is free again";
}

TEST_F(RunThroughASwap, GoesOnWhenTheNewWorkerDies) {
  const auto children = children_of(gateway.supervisor_pid());
  ASSERT_EQ(children.size(), 2u);
  ASSERT_EQ(::kill(children[0] == old_worker ? children[1] : children[0], SIGKILL), 0);
  ASSERT_TRUE(gateway.process().says("worker 3"));
  ASSERT_TRUE(gateway.wait_ready());
  auto client = gateway.client();
  mock.open_gate();
  EXPECT_EQ(wait_for(client, "run-1")["payload"]["status"].text(), "ok");
}

TEST_F(RunThroughASwap, GoesOnThroughAnotherSwap) {
  ASSERT_TRUE(swap(3));
  auto client = gateway.client();
  EXPECT_EQ(client.call("chat.history", one_member("sessionKey", session))["payload"]["inFlightRun"]["text"].text(),
            told);
  mock.open_gate();
  EXPECT_EQ(client.find(ends_chat)["payload"]["state"].text(), "final");
}

TEST_F(RunThroughASwap, EndsWithAStopOfTheWholeService) {
  mock.open_gate();
  EXPECT_EQ(gateway.stop(), 0);
  EXPECT_FALSE(process_exists(old_worker));
}

TEST_F(Swap, AStreamOverHttpRunsToItsEndInTheOldWorker) {
  HttpClient client(gateway.port());
  client.send(HttpRequest{.method = "POST",
                          .target = "/v1/chat/completions",
                          .token = gateway.token(),
                          .body = chat_body("OmeniaClaw/gated", "hello", R"(,"stream":true)")}
                  .text());
  ASSERT_EQ(client.read_head().status, 200);
  ASSERT_TRUE(mock.wait_for_requests(1));
  ASSERT_TRUE(swap());
  EXPECT_EQ(gateway.get("/healthz").status, 200);
  mock.open_gate();
  EXPECT_EQ(client.read_text_deltas(), whole_answer);
}

// One that is silent for half a second is closed, however slow the swap is: its request has begun before.
TEST_F(Swap, AnOpenConnectionIsServedOnceMoreThenClosed) {
  HttpClient client(gateway.port());
  ASSERT_EQ(client.ask({.target = "/healthz"}).status, 200);
  const std::string request = HttpRequest{.method = "POST",
                                          .target = "/v1/chat/completions",
                                          .token = gateway.token(),
                                          .body = chat_body("OmeniaClaw", "hello")}
                                  .text();
  constexpr std::size_t begun = 20;
  ASSERT_TRUE(client.send(request.substr(0, begun)));
  ASSERT_EQ(gateway.get("/healthz").status, 200) << "what was sent before it has been read";
  ASSERT_TRUE(swap());
  ASSERT_TRUE(client.send(request.substr(begun)));
  const HttpAnswer answer = client.read();
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(Swap, AWorkerThatCannotStartLeavesTheOldOneServing) {
  const pid_t worker = gateway.worker_pid();
  gateway.instance().write_config("{ not json");
  gateway.process().signal(SIGUSR1);
  ASSERT_TRUE(gateway.process().says("swap failed"));
  EXPECT_TRUE(process_exists(worker));
  EXPECT_EQ(gateway.get("/readyz").status, 200);
}

TEST_F(Swap, ManyInARowLeaveOneWorker) {
  for (int number = 2; number <= 6; ++number) ASSERT_TRUE(swap(number)) << number;
  EXPECT_TRUE(eventually([&] { return children_of(gateway.supervisor_pid()).size() == 1; }));
  EXPECT_EQ(gateway.stop(), 0);
}

}  // namespace
}  // namespace omenia::test
