// Frames, parameters and the router: what is no request, no method, not allowed or not well-formed never gets further.
#include <gmock/gmock.h>

#include <set>

#include "shared/base/limits.h"
#include "worker/rpc/frames.h"
#include "worker/rpc/methods.h"
#include "worker/rpc/router.h"

namespace omenia::rpc {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string problems(std::string_view frame) {
  const auto json = Json::parse(frame);
  return json.ok() ? request_problems(json.value()) : "no JSON";
}

// "" when the call is allowed. The caller has the role that the method is for, unless one is given.
std::string refusal(std::string_view method, std::string_view params,
                    const auth::ScopeSet& scopes = auth::ScopeSet::all(),
                    std::optional<auth::Role> role = std::nullopt) {
  const auto json = Json::parse(params);
  EXPECT_TRUE(json.ok()) << params;
  const auto row = authorize(role.value_or(is_node_method(method) ? auth::Role::node : auth::Role::operator_), scopes,
                             method, json.value());
  return row.ok() ? "" : row.error().message;
}

TEST(AFrame, IsARequestWithTypeIdAndMethod) {
  EXPECT_EQ(problems(R"({"type":"req","id":"1","method":"health"})"), "");
  EXPECT_EQ(problems(R"({"type":"req","id":"1","method":"health","params":null})"), "");
  EXPECT_EQ(problems(R"({"type":"req","id":"1","method":"x","params":[1],"traceparent":"","expectedProfileId":"p"})"),
            "");
  EXPECT_EQ(problems(R"({"type":"req","id":"日本 \"","method":"no.such"})"), "");
}

TEST(AFrame, IsNoneWithAnythingElse) {
  for (const char* frame :
       {"7", "null", "[]", "\"x\"", "{}", "true", R"({"type":"req","id":"1"})", R"({"type":"req","method":"m"})",
        R"({"id":"1","method":"m"})", R"({"type":"res","id":"1","method":"m"})",
        R"({"type":"REQ","id":"1","method":"m"})", R"({"type":"req","id":1,"method":"m"})",
        R"({"type":"req","id":"","method":"m"})", R"({"type":"req","id":null,"method":"m"})",
        R"({"type":"req","id":"1","method":""})", R"({"type":"req","id":"1","method":["m"]})",
        R"({"type":"req","id":"1","method":"m","extra":1})", R"({"type":"req","id":"1","method":"m","traceparent":7})",
        R"({"type":"req","id":"1","method":"m","Params":{}})"})
    EXPECT_NE(problems(frame), "") << frame;
  const std::string long_id(257, 'x');
  EXPECT_THAT(problems(R"({"type":"req","id":")" + long_id + R"(","method":"m"})"), HasSubstr("/id"));
  EXPECT_THAT(problems(R"({"type":"req","id":"1","method":"m","traceparent":")" + std::string(129, 'x') + R"("})"),
              HasSubstr("/traceparent"));
}

TEST(AFrame, TellsAtMostEightProblems) {
  std::string frame = "{";
  for (int i = 0; i < 1000; ++i) frame += "\"x" + std::to_string(i) + "\":1,";
  frame.back() = '}';
  EXPECT_LT(problems(frame).size(), 2000u);
}

Json response(const Result<Answer>& answer, std::string_view id = "q1") {
  auto json = Json::parse(response_frame(id, answer));
  EXPECT_TRUE(json.ok());
  return json.ok() ? std::move(json).value() : Json::object();
}

TEST(AResponse, CarriesThePayload) {
  const Json frame = response(Answer{R"([1,{"a":null}])"}, "\"q\" 日本\n");
  EXPECT_EQ(frame["type"].text(), "res");
  EXPECT_EQ(frame["id"].text(), "\"q\" 日本\n");
  EXPECT_TRUE(frame["ok"].boolean());
  EXPECT_EQ(frame["payload"].dump(), R"([1,{"a":null}])");
  EXPECT_FALSE(frame["error"]);
  EXPECT_TRUE(response(Answer{"null"})["payload"].is_null());
}

TEST(AResponse, CarriesTheError) {
  const Json frame = response(Error{ErrorCode::invalid_request, "bad \"x\"", R"({"code":"C"})", {}});
  EXPECT_FALSE(frame["ok"].boolean(true));
  EXPECT_FALSE(frame["payload"]);
  EXPECT_EQ(frame["error"]["code"].text(), "INVALID_REQUEST");
  EXPECT_EQ(frame["error"]["message"].text(), "bad \"x\"");
  EXPECT_EQ(frame["error"]["details"]["code"].text(), "C");
  EXPECT_FALSE(frame["error"]["retryable"]);
}

TEST(AResponse, SaysWhenTryingAgainHelps) {
  EXPECT_TRUE(response(fail(ErrorCode::unavailable, "x"))["error"]["retryable"].boolean());
  EXPECT_TRUE(response(fail(ErrorCode::draining, "x"))["error"]["retryable"].boolean());
  const Json locked = response(Error{ErrorCode::unauthorized, "x", {}, 1500});
  EXPECT_TRUE(locked["error"]["retryable"].boolean());
  EXPECT_EQ(locked["error"]["retryAfterMs"].integer(), 1500);
}

TEST(AResponse, OfAFailedRunCarriesBoth) {
  const Json frame = response(Answer{R"({"status":"error"})", fail(ErrorCode::unavailable, "why")});
  EXPECT_FALSE(frame["ok"].boolean(true));
  EXPECT_EQ(frame["payload"]["status"].text(), "error");
  EXPECT_EQ(frame["error"]["message"].text(), "why");
}

TEST(AMethod, ThatIsUnknownIsNamedToAnAdminAlone) {
  EXPECT_EQ(refusal("no.such", "{}"), "unknown method: no.such");
  EXPECT_EQ(refusal("no.such", "{}", {auth::Scope::write}), "missing scope: operator.admin");
  EXPECT_EQ(refusal("", "{}"), "unknown method: ");
  for (const char* odd : {"HEALTH", " health", "health ", "health\n", "chat", "chat.", "__proto__", "chat.send.x"})
    EXPECT_THAT(refusal(odd, "{}"), StartsWith("unknown method: ")) << odd;
}

TEST(AMethod, ConnectComesFirstOrNotAtAll) {
  EXPECT_EQ(refusal("connect", "{}"), "connect is only valid as the first request");
}

TEST(AMethod, NeedsItsScope) {
  for (const MethodRow& row : method_rows()) {
    auto scope = required_scope(row.scope);
    if (row.traits.call_scope) scope = row.traits.call_scope(Json::object());
    const std::string message = refusal(row.name, "{}", {});
    if (!scope) {
      EXPECT_EQ(message.find("missing scope"), std::string::npos) << row.name;
      continue;
    }
    EXPECT_EQ(message, "missing scope: " + std::string(name_of(*scope))) << row.name;
    EXPECT_EQ(refusal(row.name, "{}", {*scope}).find("missing scope"), std::string::npos) << row.name;
    // What comes first is told first: who may not call learns nothing of the parameters.
    EXPECT_THAT(refusal(row.name, R"({"x":1})", {}), StartsWith("missing scope")) << row.name;
  }
  EXPECT_EQ(refusal("health", "{}", {}), "");
  EXPECT_EQ(refusal("chat.send", "{}", {auth::Scope::read}), "missing scope: operator.write");
  EXPECT_EQ(refusal("status", "{}", {auth::Scope::approvals}), "missing scope: operator.read");
}

TEST(AMethod, NeedsAsMuchAsItsParametersAskFor) {
  const auth::ScopeSet write{auth::Scope::write};
  EXPECT_EQ(refusal("agent", R"({"message":"/newer","idempotencyKey":"k"})", write), "missing scope: operator.admin");
  EXPECT_EQ(refusal("agent", R"({"message":"new","idempotencyKey":"k"})", write), "");
  const auto asked = [](CallScope scope, std::string_view params) { return scope(Json::parse(params).value()); };
  EXPECT_EQ(asked(sessions_patch_scope, R"({"key":"main","label":"x","pinned":true})"), auth::Scope::write);
  EXPECT_EQ(asked(sessions_patch_scope, R"({"key":"main","permissionMode":"full"})"), auth::Scope::admin);
  EXPECT_EQ(asked(sessions_patch_scope, R"({"key":"main","execHost":"x"})"), auth::Scope::admin);
  EXPECT_EQ(asked(sessions_patch_many_scope, R"({"targets":[],"patch":{"archived":true}})"), auth::Scope::write);
  EXPECT_EQ(asked(sessions_patch_many_scope, R"({"targets":[],"patch":{"key":"x"}})"), auth::Scope::admin);
  EXPECT_EQ(asked(sessions_delete_scope, R"({"key":"main"})"), auth::Scope::admin);
  EXPECT_EQ(asked(sessions_delete_scope, R"({"key":"main","archivedOnly":true})"), auth::Scope::write);
  EXPECT_EQ(asked(sessions_delete_scope, R"({"key":"main","archivedOnly":true,"emitLifecycleHooks":true})"),
            auth::Scope::admin);
  EXPECT_EQ(asked(sessions_create_scope, R"({"label":"x"})"), auth::Scope::write);
  EXPECT_EQ(asked(sessions_create_scope, R"({"incognito":false})"), auth::Scope::admin);
  EXPECT_EQ(asked(node_invoke_scope, R"({"command":"canvas.show"})"), auth::Scope::write);
  EXPECT_EQ(asked(node_invoke_scope, R"({"command":"system.run"})"), auth::Scope::admin);
  EXPECT_EQ(asked(node_invoke_scope, R"({"command":"browser.proxy.open"})"), auth::Scope::admin);
  EXPECT_EQ(asked(sessions_patch_scope, "7"), auth::Scope::write) << "checked later, as any parameters";
}

TEST(AMethod, IsForOneRole) {
  EXPECT_EQ(refusal("node.event", "{}", auth::ScopeSet::all(), auth::Role::operator_), "unauthorized role: operator");
  EXPECT_EQ(refusal("chat.send", "{}", auth::ScopeSet::all(), auth::Role::node), "unauthorized role: node");
  EXPECT_EQ(refusal("no.such", "{}", auth::ScopeSet::all(), auth::Role::node), "unauthorized role: node");
  EXPECT_EQ(refusal("health", "{}", {}, auth::Role::node), "");
}

TEST(AMethod, ToldOfAMissingScopeSaysWhichInItsDetails) {
  const Json details = Json::parse(auth::missing_scope(auth::Scope::write).details).value();
  EXPECT_EQ(details["code"].text(), "MISSING_SCOPE");
  EXPECT_EQ(details["missingScope"].text(), "operator.write");
  EXPECT_EQ(details["requiredScopes"].at(0).text(), "operator.write");
}

TEST(AMethod, HasOneNameAndADescription) {
  std::set<std::string_view> names;
  for (const MethodRow& row : method_rows()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(find_method(row.name), &row);
    EXPECT_NE(row.handler, nullptr);
    EXPECT_FALSE(row.doc.empty());
  }
  EXPECT_EQ(find_method("no.such"), nullptr);
}

TEST(Parameters, AreAnObject) {
  for (const MethodRow& row : method_rows())
    for (const char* params : {"[]", "7", "\"x\"", "true", "null"})
      EXPECT_THAT(refusal(row.name, params), HasSubstr("root: must be object")) << row.name << params;
}

TEST(Parameters, ThatNobodyKnowsAreRefused) {
  for (const MethodRow& row : method_rows())
    EXPECT_THAT(refusal(row.name, R"({"noSuchParameter":1})"), HasSubstr("unexpected property 'noSuchParameter'"))
        << row.name;
}

TEST(Parameters, OfTheWrongTypeAreRefusedEach) {
  const std::pair<JsonType, const char*> wrong[] = {
      {JsonType::string, "7"},  {JsonType::text, "[]"},   {JsonType::integer, "1.5"}, {JsonType::number, "\"1\""},
      {JsonType::boolean, "1"}, {JsonType::object, "[]"}, {JsonType::array, "{}"}};
  for (const MethodRow& row : method_rows())
    for (const Field& field : row.params.fields)
      for (const auto& [type, value] : wrong) {
        if (field.type != type) continue;
        const std::string params = "{\"" + std::string(field.name) + "\":" + value + "}";
        EXPECT_THAT(refusal(row.name, params), HasSubstr("at /" + std::string(field.name) + ": must be"))
            << row.name << params;
      }
}

TEST(Parameters, ThatAreNumbersKeepToTheirBounds) {
  EXPECT_EQ(refusal("logs.tail", R"({"cursor":0,"limit":1,"maxBytes":1000000})"), "");
  for (const char* params : {R"({"limit":0})", R"({"limit":5001})", R"({"limit":-1})", R"({"limit":1e300})",
                             R"({"limit":0.5})", R"({"cursor":-1})", R"({"maxBytes":1000001})", R"({"limit":null})"})
    EXPECT_NE(refusal("logs.tail", params), "") << params;
  EXPECT_NE(refusal("chat.history", R"({"sessionKey":"main","limit":1001})"), "");
  EXPECT_EQ(refusal("chat.history", R"({"sessionKey":"main","limit":1000})"), "");
}

TEST(Parameters, ThatARunNeedsAreDemanded) {
  EXPECT_EQ(refusal("agent", R"({"message":"x","idempotencyKey":"k"})"), "");
  EXPECT_EQ(refusal("agent", R"({"message":"x"})"),
            "invalid agent params: must have required property 'idempotencyKey'");
  EXPECT_THAT(refusal("agent", R"({"message":"","idempotencyKey":"k"})"), HasSubstr("/message"));
  EXPECT_THAT(refusal("agent", R"({"message":"x","idempotencyKey":""})"), HasSubstr("/idempotencyKey"));
  EXPECT_THAT(refusal("agent", R"({"message":"x","idempotencyKey":")" + std::string(257, 'k') + "\"}"),
              HasSubstr("/idempotencyKey"));
  EXPECT_THAT(refusal("agent", R"({"message":"x","idempotencyKey":"k","timeout":-1})"), HasSubstr("/timeout"));
  EXPECT_THAT(refusal("agent", R"({"message":"x","idempotencyKey":"k","sessionKey":")" + std::string(513, 'k') + "\"}"),
              HasSubstr("/sessionKey"));
  EXPECT_THAT(refusal("chat.send", R"({"sessionKey":"main","message":"x","idempotencyKey":"k","queueMode":"never"})"),
              HasSubstr("allowed values"));
}

TEST(Parameters, WithBadThingsInListsAreRefused) {
  EXPECT_EQ(refusal("chat.history", R"({"sessionKey":"main","inputRunIds":["a"]})"), "");
  EXPECT_THAT(refusal("chat.history", R"({"sessionKey":"main","inputRunIds":["a",7]})"), HasSubstr("/inputRunIds/1"));
  std::string many = R"({"sessionKey":"main","inputRunIds":[)";
  for (int i = 0; i < 51; ++i) many += i == 0 ? "\"a\"" : ",\"a\"";
  EXPECT_THAT(refusal("chat.history", many + "]}"), HasSubstr("more than 50"));
}

}  // namespace
}  // namespace omenia::rpc
