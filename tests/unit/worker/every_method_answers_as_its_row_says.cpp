// Every row of the methods, against a whole worker: who may not call is refused, parameters that nobody knows are
// refused by their path, and a good call is answered in the row's shape. A row without a good call here fails.

#include <algorithm>
#include <map>
#include <set>

#include "tests/unit/worker/worker_fixture.h"
#include "worker/config/launch_settings.h"
#include "worker/rpc/methods.h"
#include "worker/startup.h"

namespace omenia::test {
namespace {

struct GoodCall {
  const char* method;
  std::string params;
};

class EveryMethod : public WireTest {
 protected:
  void SetUp() override {
    prepare_with_file();
    context->instance_id = "test";
    ASSERT_TRUE(worker::build(*context).ok());
    client = connected();
    const Json accepted = call(*client, "agent", R"({"message":"hello","sessionKey":"one","idempotencyKey":"r1"})");
    ASSERT_TRUE(accepted["ok"].boolean()) << accepted.dump();
    call(*client, "agent.wait", R"({"runId":"r1"})");
  }

  // Methods that write the configuration need its file, and what a start makes of it.
  void prepare_with_file() {
    constexpr const char* text = R"({"gateway":{"mode":"local","auth":{"mode":"token","token":"s3cret"}},
      "agents":{"defaults":{"model":{"primary":"builtin/echo"}}},
      "models":{"providers":{"spare":{"baseUrl":"http://127.0.0.1:1/v1","apiKey":"k","models":[{"id":"m"}]}}}})";
    write_file(folder / "OmeniaClaw.json", text);
    prepare(text);
    Launch& launch = context->launch;
    launch.config_path = folder / "OmeniaClaw.json";
    const auto settings = effective_settings(worker::flags_of(launch), worker::environment_of(launch),
                                             worker::paths_of(launch), *context->loaded, std::nullopt);
    ASSERT_TRUE(settings.ok()) << settings.error().message;
    launch.listen = settings.value().listen;
    launch.bind_mode = settings.value().bind.value;
  }

  // A row's calls that a node makes are tested with nodes.
  static std::vector<const rpc::MethodRow*> rows() {
    std::vector<const rpc::MethodRow*> of_operators;
    for (const rpc::MethodRow& row : rpc::method_rows())
      if (row.scope != rpc::MethodScope::node) of_operators.push_back(&row);
    return of_operators;
  }

  std::string first_entry() {
    return std::string(call(*client, "chat.history", R"({"sessionKey":"one"})")["payload"]["messages"]
                           .at(0)["__openclaw"]["id"]
                           .text());
  }
  std::string patch(std::string_view raw) {
    const Json config = call(*client, "config.get");
    JsonWriter params;
    params.begin_object().member("raw", raw).member("baseHash", config["payload"]["hash"].text());
    return params.end_object().take();
  }

  void expect_answer(const GoodCall& good) {
    const rpc::MethodRow* row = rpc::find_method(good.method);
    ASSERT_NE(row, nullptr) << good.method;
    const Json frame = call(*client, good.method, good.params);
    EXPECT_TRUE(frame["ok"].boolean()) << good.method << " " << frame.dump();
    if (!frame["ok"].boolean()) return;
    EXPECT_EQ(rpc::problems_of(frame["payload"], row->result), "") << good.method << " " << frame["payload"].dump();
    called.insert(good.method);
  }

  std::unique_ptr<WireClient> client;
  std::set<std::string_view> called;
};

// In this order: later ones use what earlier ones have made.
const GoodCall good_calls[] = {
    {"health", R"({"probe":true})"},
    {"status", "{}"},
    {"system-presence", "{}"},
    {"logs.tail", R"({"limit":5})"},
    {"models.list", "{}"},
    {"agents.list", "{}"},
    {"sessions.list", R"({"includeDerivedTitles":true,"includeLastMessage":true,"search":"ONE"})"},
    {"sessions.subscribe", R"({"limit":2})"},
    {"sessions.messages.subscribe", R"({"key":"one"})"},
    {"sessions.messages.unsubscribe", R"({"key":"one"})"},
    {"chat.history", R"({"sessionKey":"one"})"},
    {"chat.startup", R"({"sessionKey":"one"})"},
    {"chat.metadata", "{}"},
    {"chat.message.get", R"({"sessionKey":"one","messageId":"none"})"},
    {"chat.inject", R"({"sessionKey":"one","message":"a note","label":"note"})"},
    {"commands.list", "{}"},
    {"chat.send", R"({"sessionKey":"two","message":"hello","idempotencyKey":"r2"})"},
    {"chat.abort", R"({"sessionKey":"three"})"},
    {"agent", R"({"message":"hello","sessionKey":"one","idempotencyKey":"r3"})"},
    {"agent.wait", R"({"runId":"r3"})"},
    {"sessions.describe", R"({"key":"one","includeLastMessage":true})"},
    {"sessions.describe", R"({"key":"nobody"})"},
    {"sessions.resolve", R"({"key":"one"})"},
    {"sessions.resolve", R"({"label":"nobody","allowMissing":true})"},
    {"sessions.preview", R"({"keys":["one","nobody"]})"},
    {"sessions.get", R"({"key":"one"})"},
    {"sessions.branches.list", R"({"sessionKey":"one"})"},
    {"sessions.patch", R"({"key":"one","label":"One","pinned":true,"icon":"star","model":"builtin/echo"})"},
    {"sessions.patchMany", R"({"targets":[{"key":"one"},{"key":"agent:nobody:x"}],"patch":{"unread":false}})"},
    {"sessions.create", R"({"label":"Made","message":"hello","idempotencyKey":"c1"})"},
    {"sessions.send", R"({"key":"one","message":"hello","idempotencyKey":"r4"})"},
    {"sessions.steer", R"({"key":"one","message":"hello"})"},
    {"sessions.abort", R"({"key":"three"})"},
    {"sessions.groups.put", R"({"names":["Work","Home"],"sectionOrder":["a"]})"},
    {"sessions.groups.list", "{}"},
    {"sessions.groups.rename", R"({"name":"Work","to":"Office"})"},
    {"sessions.groups.update", R"({"name":"Office","cwd":"/tmp","worktree":true})"},
    {"sessions.groups.defaults", "{}"},
    {"sessions.groups.delete", R"({"name":"Office"})"},
    {"sessions.usage", "{}"},
    {"sessions.usage.timeseries", R"({"key":"one"})"},
    {"sessions.usage.logs", R"({"key":"one"})"},
    {"usage.cost", R"({"days":3,"mode":"specific","utcOffset":"UTC+2"})"},
    {"usage.status", "{}"},
    {"tasks.list", R"({"limit":1,"status":["completed","running"]})"},
    {"tasks.get", R"({"taskId":"r1"})"},
    {"tasks.cancel", R"({"taskId":"r1"})"},
    {"sessions.reset", R"({"key":"two"})"},
    {"sessions.delete", R"({"key":"two","deleteTranscript":true})"},
    {"agent.identity.get", R"({"agentId":"main"})"},
    {"agents.create", R"({"name":"Research Desk"})"},
    {"agents.update", R"({"agentId":"research-desk","name":"Desk","model":"builtin/echo"})"},
    {"agents.delete", R"({"agentId":"research-desk"})"},
    {"models.authStatus", "{}"},
    {"models.probe", R"({"provider":"builtin"})"},
    {"models.authLogout", R"({"provider":"spare","credentialType":"api_key"})"},
    {"sessions.search", R"({"query":"hello","limit":3,"scope":{"archived":"all"}})"},
    {"sessions.compact", R"({"key":"one","maxLines":1})"},
    {"sessions.cleanup", R"({"enforce":true,"allAgents":true})"},
    {"gateway.restart.preflight", "{}"},
    {"diagnostics.stability", "{}"},
    {"wake", R"({"mode":"next-heartbeat","text":"It rains."})"},
    {"system-event", R"({"text":"Node: desk","host":"desk","lastInputSeconds":1.5})"},
    {"config.get", "{}"},
    {"config.plan", "{}"},
    {"config.schema", "{}"},
    {"config.schema.lookup", R"({"path":"gateway.port"})"},
    {"secrets.reload", "{}"},
    {"system.info", "{}"},
    {"update.status", "{}"},
    {"last-heartbeat", "{}"},
    {"channels.status", "{}"},
    {"question.list", "{}"},
    {"exec.approval.list", "{}"},
    {"plugin.approval.list", "{}"},
    {"openclaw.approval.list", "{}"},
    {"exec.approvals.get", "{}"},
    {"taskSuggestions.list", "{}"},
    {"plugins.controlUi.list", "{}"},
    {"controlUi.sessionPullRequests.subscribe", R"({"sessionKeys":["one"]})"},
    {"users.prefs.get", "{}"},
    {"sessions.observer.visibility", R"({"visible":true})"},
    {"sessions.viewers.set", R"({"sessionKeys":["one"]})"},
    {"sessions.catalog.list", "{}"},
    {"board.get", R"({"sessionKey":"one"})"},
    {"projects.list", "{}"},
    {"sessions.github.options", R"({"sessionKey":"one"})"},
    {"talk.catalog", "{}"},
    {"session.members.listEvidence", R"({"sessionKey":"one"})"},
    {"session.discussion.info", R"({"sessionKey":"one"})"},
    {"progressCard.get", R"({"sessionKey":"one"})"},
    {"mentions.list", "{}"},
    {"sessions.companion.state", R"({"sessionKey":"one"})"},
    {"cron.list", "{}"},
    {"cron.status", "{}"},
    {"skills.status", "{}"},
    {"gateway.identity.get", "{}"},
    {"device.pair.list", "{}"},
    {"device.pair.setupCode", "{}"},
    {"node.list", "{}"},
    {"node.pair.list", "{}"},
};

// Their good calls take a paired device or a supervisor, and are made in tests/flow/devices.cpp, nodes.cpp and
// restart_command.cpp and in devices_ask_for_more.cpp; builds with sanitizers hold those answers against the rows too.
constexpr std::string_view elsewhere[] = {
    "device.scopes.requestUpgrade",
    "device.scopes.waitUpgrade",
    "node.pending.enqueue",
    "gateway.restart.request",
    "device.pair.approve",
    "device.pair.reject",
    "device.pair.remove",
    "device.pair.rename",
    "device.token.rotate",
    "device.token.revoke",
    "node.describe",
    "node.pair.approve",
    "node.pair.reject",
    "node.pair.remove",
    "device.pair.setupStatus",
    "node.rename",
    "node.invoke",
};

bool is_called_elsewhere(std::string_view method) {
  return std::find(std::begin(elsewhere), std::end(elsewhere), method) != std::end(elsewhere);
}

TEST_F(EveryMethod, AnswersAGoodCallInItsShape) {
  for (const GoodCall& good : good_calls) {
    expect_answer(good);
    if (HasFailure()) return;
  }
  JsonWriter forked;
  forked.begin_object().member("sessionKey", "one").member("entryId", first_entry()).end_object();
  const std::string entry = forked.take();
  expect_answer({"sessions.fork", entry});
  expect_answer({"sessions.rewind", entry});
  constexpr const char* whole =
      R"({"gateway":{"mode":"local","auth":{"mode":"token","token":"s3cret"}},"logging":{"level":"info"}})";
  expect_answer({"config.patch", patch(R"({"logging":{"level":"debug"}})")});
  expect_answer({"config.set", patch(whole)});
  expect_answer({"config.apply", patch(whole)});
  for (const rpc::MethodRow* row : rows())
    EXPECT_NE(called.contains(row->name), is_called_elsewhere(row->name)) << "no good call of " << row->name;
}

TEST_F(EveryMethod, IsRefusedToWhoHasNoScope) {
  auto nobody = connected({.scopes = {}});
  for (const rpc::MethodRow* row : rows()) {
    if (!rpc::required_scope(row->scope)) continue;
    const Json frame = call(*nobody, row->name);
    EXPECT_EQ(frame["error"]["code"].text(), "FORBIDDEN") << row->name << frame.dump();
    EXPECT_EQ(frame["error"]["details"]["code"].text(), "MISSING_SCOPE") << row->name;
  }
}

TEST_F(EveryMethod, RefusesParametersThatNobodyKnows) {
  for (const rpc::MethodRow* row : rows()) {
    const Json frame = call(*client, row->name, R"({"noSuchParameter":{"x":[1]}})");
    EXPECT_EQ(frame["error"]["code"].text(), "INVALID_REQUEST") << row->name << frame.dump();
    EXPECT_THAT(std::string(frame["error"]["message"].text()),
                testing::HasSubstr("at root: unexpected property 'noSuchParameter'"))
        << row->name;
  }
}

}  // namespace
}  // namespace omenia::test
