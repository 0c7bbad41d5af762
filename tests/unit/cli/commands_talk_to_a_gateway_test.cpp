// Whole commands against a scripted gateway: what they send, print and answer to the shell.

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "tests/unit/cli/command_run.h"
#include "tests/unit/cli/scripted_gateway.h"

namespace omenia::cli {
namespace {

// Answers connect by itself and leaves the rest to `script`.
ScriptedGateway::Script after_hello(ScriptedGateway::Script script) {
  return [script = std::move(script)](JsonView request) {
    if (request["method"].text() == "connect") return ScriptedReply{.frames = {hello(request)}};
    return script(request);
  };
}

void point_at(CommandRun& run, int port) {
  run.write_config(R"({gateway: {mode: "local", port: )" + std::to_string(port) + R"(, auth: {token: "tok-tok"}}})");
}

ScriptedReply agent_script(JsonView request) {
  const std::string run_id(request["params"]["idempotencyKey"].text());
  const auto delta = [&run_id](int sequence, const std::string& text) {
    return event("agent", sequence,
                 R"({"runId":")" + run_id + R"(","stream":"assistant","data":{"delta":")" + text + R"("}})");
  };
  return {.frames = {response(request, R"({"runId":")" + run_id + R"(","status":"accepted","sessionKey":"k"})"),
                     delta(1, "Hel"),
                     event("agent", 2, R"({"runId":"other","stream":"assistant","data":{"delta":"X"}})"),
                     delta(3, "lo"),
                     response(request, R"({"status":"ok","result":{"payloads":[{"text":"Hello"}],"meta":{}}})")}};
}

TEST(CommandsTalkToAGateway, AgentPrintsItsAnswerOnce) {
  ScriptedGateway gateway(after_hello(agent_script));
  CommandRun run;
  point_at(run, gateway.port());
  const CommandResult result = run({"agent", "-m", "hi"});
  EXPECT_EQ(result.exit_code, 0) << result.notes;
  EXPECT_EQ(result.results, "Hello\n");
}

TEST(CommandsTalkToAGateway, AgentWithJsonPrintsTheResultDocument) {
  ScriptedGateway gateway(after_hello(agent_script));
  CommandRun run;
  point_at(run, gateway.port());
  const CommandResult result = run({"agent", "-m", "hi", "--json"});
  const auto document = Json::parse(result.results);
  ASSERT_TRUE(document.ok()) << result.results;
  EXPECT_EQ(document.value()["payloads"].at(0)["text"].text(), "Hello");
}

TEST(CommandsTalkToAGateway, AgentAsksForTheLeastScopeThatItsMessageNeeds) {
  std::vector<std::string> scopes;
  ScriptedGateway gateway([&scopes](JsonView request) {
    if (request["method"].text() != "connect") return agent_script(request);
    scopes.emplace_back(request["params"]["scopes"].at(0).text());
    return ScriptedReply{.frames = {hello(request)}};
  });
  CommandRun run;
  point_at(run, gateway.port());
  run({"agent", "-m", "hi"});
  run({"agent", "-m", "/reset now"});
  EXPECT_EQ(scopes, (std::vector<std::string>{"operator.write", "operator.admin"}));
}

TEST(CommandsTalkToAGateway, FailedRunKeepsTheGatewaysWordsAndFails) {
  ScriptedGateway gateway(after_hello([](JsonView request) {
    return ScriptedReply{.frames = {response(request, R"({"status":"accepted","sessionKey":"k"})"),
                                    refusal(request, R"({"code":"UNAVAILABLE","message":"the model is away"})")}};
  }));
  CommandRun run;
  point_at(run, gateway.port());
  const CommandResult text = run({"agent", "-m", "hi"});
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_EQ(text.notes, "Agent run failed: the model is away\n");
  const CommandResult document = run({"agent", "-m", "hi", "--json"});
  EXPECT_EQ(document.exit_code, 1);
  EXPECT_EQ(Json::parse(document.results).value()["error"]["code"].text(), "UNAVAILABLE");
}

TEST(CommandsTalkToAGateway, AgentGoesOnAfterAnAnnouncedRestartWithTheSameRun) {
  std::vector<std::string> keys;
  ScriptedGateway gateway(after_hello([&keys](JsonView request) {
    keys.emplace_back(request["params"]["idempotencyKey"].text());
    if (keys.size() > 1) return agent_script(request);
    return ScriptedReply{.frames = {response(request, R"({"status":"accepted","sessionKey":"k"})"),
                                    event("shutdown", 1, R"({"reason":"gateway restarting"})")},
                         .close_code = 1012,
                         .close_reason = "service restart"};
  }));
  CommandRun run;
  point_at(run, gateway.port());
  const CommandResult result = run({"agent", "-m", "hi"});
  EXPECT_EQ(result.exit_code, 0) << result.notes;
  EXPECT_EQ(result.results, "Hello\n");
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(keys[0], keys[1]);
}

TEST(CommandsTalkToAGateway, ConnectionLostAfterAcceptanceWarnsThatTheRunMayGoOn) {
  ScriptedGateway gateway(after_hello([](JsonView request) {
    return ScriptedReply{.frames = {response(request, R"({"status":"accepted","sessionKey":"k"})")},
                         .close_code = 1008,
                         .close_reason = "slow consumer"};
  }));
  CommandRun run;
  point_at(run, gateway.port());
  const CommandResult result = run({"agent", "-m", "hi"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.notes.find("may still be going on"), std::string::npos);
}

// The gap in the sequence makes the client ask for `health`: a sign that it has read the acceptance before it.
ScriptedReply accept_then_skip_an_event(JsonView request) {
  return {.frames = {response(request, R"({"status":"accepted","sessionKey":"k"})"), event("tick", 1, "{}"),
                     event("tick", 3, "{}")}};
}

TEST(CommandsTalkToAGateway, InterruptAfterAcceptanceStopsTheRunInTheGateway) {
  std::string started;
  std::string aborted;
  ScriptedGateway gateway(after_hello([&](JsonView request) {
    const std::string_view method = request["method"].text();
    if (method == "agent") started = request["params"]["idempotencyKey"].text();
    if (method == "agent") return accept_then_skip_an_event(request);
    if (method == "health") ::kill(::getpid(), SIGINT);
    if (method != "chat.abort") return ScriptedReply{};
    aborted = request["params"].dump();
    return ScriptedReply{.frames = {response(request, R"({"ok":true,"aborted":true,"runIds":[]})")}};
  }));
  CommandRun run;
  point_at(run, gateway.port());
  const CommandResult result = run({"agent", "-m", "hi"});
  EXPECT_EQ(result.exit_code, 130);
  EXPECT_EQ(aborted, R"({"sessionKey":"k","runId":")" + started + R"("})");
  EXPECT_EQ(result.notes, "Stopped.\n");
}

TEST(CommandsTalkToAGateway, CallPrintsThePayloadAndSendsTheParams) {
  std::string params;
  ScriptedGateway gateway(after_hello([&params](JsonView request) {
    params = request["params"].dump();
    return ScriptedReply{.frames = {response(request, R"({"n":1})")}};
  }));
  CommandRun run;
  point_at(run, gateway.port());
  EXPECT_EQ(run({"gateway", "call", "x.y", "--params", R"({ "a": 1 })"}).results,
            "Gateway call: x.y\n{\n  \"n\": 1\n}\n");
  EXPECT_EQ(params, R"({"a":1})");
  EXPECT_EQ(run({"gateway", "call", "x.y", "--json"}).results, "{\"n\":1}\n");
}

TEST(CommandsTalkToAGateway, CallTellsBadParamsAndUnknownMethods) {
  ScriptedGateway gateway(after_hello([](JsonView request) {
    return ScriptedReply{
        .frames = {refusal(request, R"({"code":"INVALID_REQUEST","message":"unknown method: nope"})")}};
  }));
  CommandRun run;
  point_at(run, gateway.port());
  EXPECT_EQ(run({"gateway", "call", "x", "--params", "{"}).notes,
            "Gateway call failed: --params must be valid JSON.\n");
  const CommandResult unknown = run({"gateway", "call", "nope"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_EQ(unknown.notes, "Gateway call failed: unknown method: nope\n");
  const auto envelope = Json::parse(run({"gateway", "call", "nope", "--json"}).results);
  EXPECT_EQ(envelope.value()["error"]["type"].text(), "gateway_request_error");
}

TEST(CommandsTalkToAGateway, ExpectFinalWaitsForTheSecondResponse) {
  ScriptedGateway gateway(after_hello(agent_script));
  CommandRun run;
  point_at(run, gateway.port());
  const std::vector<std::string> call = {"gateway", "call", "agent", "--params", R"({"message":"x"})", "--json"};
  EXPECT_NE(run(call).results.find("accepted"), std::string::npos);
  std::vector<std::string> final_call = call;
  final_call.emplace_back("--expect-final");
  EXPECT_NE(run(final_call).results.find("payloads"), std::string::npos);
}

TEST(CommandsTalkToAGateway, StatusProbeSeparatesReachingFromReading) {
  ScriptedGateway gateway([](JsonView request) {
    if (request["method"].text() == "status")
      return ScriptedReply{
          .frames = {refusal(request, R"({"code":"FORBIDDEN","message":"missing scope: operator.read"})")}};
    return ScriptedReply{.frames = {response(request, R"({"type":"hello-ok","server":{"version":"9"},
        "auth":{"role":"operator","scopes":[]}})")}};
  });
  CommandRun run;
  point_at(run, gateway.port());
  const CommandResult reached = run({"gateway", "status"});
  EXPECT_EQ(reached.exit_code, 0);
  EXPECT_NE(reached.results.find("\nConnectivity probe: ok\n"), std::string::npos);
  EXPECT_NE(reached.results.find("\nCapability: connected-no-operator-scope\n"), std::string::npos);
  const CommandResult read = run({"gateway", "status", "--require-rpc"});
  EXPECT_EQ(read.exit_code, 1);
  EXPECT_NE(read.notes.find("Read probe: failed"), std::string::npos);
}

TEST(CommandsTalkToAGateway, StatusLinesStandInTheirFixedOrder) {
  ScriptedGateway gateway(
      after_hello([](JsonView request) { return ScriptedReply{.frames = {response(request, "{}")}}; }));
  CommandRun run;
  point_at(run, gateway.port());
  const std::string text = run({"gateway", "status"}).results;
  std::size_t before = 0;
  for (const char* line : {"Service:", "Gateway:", "Probe target:", "Runtime:", "Connectivity probe:", "Capability:"}) {
    const std::size_t at = text.find(line);
    ASSERT_NE(at, std::string::npos) << line;
    EXPECT_GE(at, before) << line;
    before = at;
  }
}

TEST(CommandsTalkToAGateway, WrongTokenIsTheGatewaysWordEverywhere) {
  ScriptedGateway gateway([](JsonView request) {
    return ScriptedReply{
        .frames = {refusal(request, R"({"code":"INVALID_REQUEST","message":"unauthorized: gateway token mismatch",
            "details":{"code":"AUTH_TOKEN_MISMATCH"}})")},
        .close_code = 1008};
  });
  CommandRun run;
  point_at(run, gateway.port());
  const CommandResult health = run({"health"});
  EXPECT_EQ(health.exit_code, 1);
  EXPECT_EQ(health.notes.rfind("unauthorized: gateway token mismatch", 0), 0u);
  EXPECT_EQ(run({"status"}).exit_code, 0);
  EXPECT_EQ(run({"logs"}).exit_code, 1);
  const auto status = Json::parse(run({"gateway", "status", "--json"}).results);
  EXPECT_EQ(status.value()["rpc"]["connectFailure"]["kind"].text(), "auth-rejected");
  EXPECT_EQ(status.value()["rpc"]["connectFailure"]["detailCode"].text(), "AUTH_TOKEN_MISMATCH");
}

TEST(CommandsTalkToAGateway, LogsPrintsLinesForPeopleAndPrograms) {
  ScriptedGateway gateway(after_hello([](JsonView request) {
    return ScriptedReply{.frames = {response(request, R"({"file":"/l","cursor":9,"size":9,"lines":["plain line"]})")}};
  }));
  CommandRun run;
  point_at(run, gateway.port());
  EXPECT_EQ(run({"logs"}).results, "Log file: /l\nplain line\n");
  EXPECT_EQ(run({"logs", "--json"}).results,
            "{\"type\":\"meta\",\"file\":\"/l\",\"sourceKind\":\"file\",\"cursor\":9,\"size\":9}\n"
            "{\"type\":\"log\",\"message\":\"plain line\",\"raw\":\"plain line\"}\n");
}

TEST(CommandsTalkToAGateway, FollowedLogGoesOnWithTheCursorUntilRefused) {
  std::vector<std::int64_t> cursors;
  ScriptedGateway gateway(after_hello([&cursors](JsonView request) {
    cursors.push_back(request["params"]["cursor"].integer(-1));
    if (cursors.size() == 3) return ScriptedReply{.frames = {refusal(request, R"({"message":"enough"})")}};
    return ScriptedReply{.frames = {response(request, R"({"file":"/l","cursor":7,"size":7,"lines":["x"]})")}};
  }));
  CommandRun run;
  point_at(run, gateway.port());
  const CommandResult result = run({"logs", "--follow", "--interval", "50"});
  EXPECT_EQ(result.results, "Log file: /l\nx\nx\n");
  EXPECT_EQ(cursors, (std::vector<std::int64_t>{-1, 7, 7}));
}

}  // namespace
}  // namespace omenia::cli
