// Mappings of webhooks: what they make of a sender's words.
#include "tests/flow/hooks_flow.h"

namespace omenia::test {
namespace {

TEST_F(Hooks, AreMappedByPathAndSource) {
  start(R"(, mappings: [
    {match: {path: 'mail', source: 'outlook'}, messageTemplate: 'outlook says {{subject}}'},
    {match: {path: 'mail'}, name: 'Post of {{payload.from.name}}', messageTemplate:
      '{{subject}}|{{payload.parts[1].text}}|{{headers.X-Kind}}|{{query.box}}|{{path}}|{{none}}|{{parts}}|{{size}}'},
    {match: {source: 'bell'}, action: 'wake', textTemplate: 'the bell: {{who}}', wakeMode: 'next-heartbeat'}])");
  const std::string mail =
      R"({"subject":"hi {{path}}","from":{"name":"Ann"},"parts":[{"text":"a"},{"text":"b"}],"size":7})";
  run_id_of(send("/hooks/mail?box=in%20box", mail, "x-kind: urgent\r\n"));
  ASSERT_TRUE(mock.wait_for_requests(1));
  EXPECT_THAT(heard()[0], AllOf(HasSubstr("from \"Post of Ann\""),
                                HasSubstr(R"(hi {{path}}|b|urgent|in box|mail||[{"text":"a"},{"text":"b"}]|7)")));
  run_id_of(send("/hooks/mail", R"({"source":"outlook","subject":"s"})"));
  ASSERT_TRUE(mock.wait_for_requests(2));
  EXPECT_THAT(heard()[1], HasSubstr("outlook says s"));
  EXPECT_EQ(send("/hooks/any/where", R"({"source":"bell","who":"Bob"})").body,
            R"({"ok":true,"mode":"next-heartbeat","eventOutcome":"queued"})");
  EXPECT_EQ(send("/hooks/other", R"({"source":"unknown"})").status, 404);
}

TEST_F(Hooks, NeverPutCredentialsIntoATemplate) {
  start(R"(, mappings: [{match: {path: 'x'}, allowUnsafeExternalContent: true, messageTemplate:
    'auth={{headers.authorization}} own={{headers.x-omeniaclaw-token}} cookie={{headers.Cookie}} end'}])");
  run_id_of(send("/hooks/x", "{}", "Cookie: a=b\r\nx-omeniaclaw-token: the-token-of-hooks\r\n"));
  ASSERT_TRUE(mock.wait_for_requests(1));
  EXPECT_EQ(heard()[0], "auth= own= cookie= end");
}

TEST_F(Hooks, OfAListAreOneRunForEachElement) {
  start(
      R"(, mappings: [{match: {path: 'batch'}, agentId: 'echo', forEach: 'items', messageTemplate: 'item {{items[0].t}}'}])");
  const std::string body = R"({"items":[{"t":"a"},{"t":"b"}]})";
  const HttpAnswer answer = send("/hooks/batch", body);
  EXPECT_EQ(answer.status, 200) << answer.body;
  const Json told = answer.json();
  EXPECT_EQ(told["dispatched"].integer(), 2);
  ASSERT_EQ(told["runIds"].size(), 2u);
  EXPECT_EQ(told["runId"].text(), told["runIds"].at(0).text());
  EXPECT_EQ(send("/hooks/batch", body).body, answer.body) << "sent again at once, it is the same";
  ASSERT_TRUE(mock.wait_for_requests(2));
  EXPECT_EQ(mock.requests().size(), 2u);

  const HttpAnswer empty = send("/hooks/batch", R"({"items":[]})");
  EXPECT_EQ(empty.status, 204);
  EXPECT_EQ(empty.body, "");
  EXPECT_THAT(refusal("/hooks/batch", R"({"items":"x"})"), HasSubstr("must be a list"));
  EXPECT_THAT(refusal("/hooks/batch", "{}"), HasSubstr("must be a list"));
  std::string many = R"({"items":[)";
  for (int i = 0; i < 201; ++i) many += i == 0 ? "{}" : ",{}";
  EXPECT_THAT(refusal("/hooks/batch", many + "]}"), HasSubstr("more than 200"));
}

TEST_F(Hooks, AreKnownAgainByWhatWasSent) {
  start(R"(, mappings: [{match: {path: 'one'}, messageTemplate: '{{now}} {{headers.x-try}} {{what}}'}])");
  const auto sent = [this](const std::string& body, const std::string& headers) {
    return run_id_of(send("/hooks/one", body, headers + "Idempotency-Key: k\r\n"));
  };
  const std::string first = sent(R"({"what":"a"})", "X-Try: 1\r\n");
  EXPECT_EQ(sent(R"({"what":"a"})", "X-Try: 2\r\n"), first) << "though its text has another time";
  EXPECT_NE(sent(R"({"what":"b"})", "X-Try: 1\r\n"), first);
}

TEST_F(Hooks, OfAListMayBeEqual) {
  start(R"(, mappings: [{match: {path: 'batch'}, forEach: 'items', messageTemplate: 'item {{items[0].t}}'}])");
  const std::string body = R"({"items":[{"t":"a"},{"t":"a"}]})";
  const HttpAnswer answer = send("/hooks/batch", body);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_NE(answer.json()["runIds"].at(0).text(), answer.json()["runIds"].at(1).text());
  EXPECT_EQ(send("/hooks/batch", body).body, answer.body);
}

TEST_F(Hooks, OfAListAreBounded) {
  start(R"(, mappings: [{match: {path: 'ring'}, action: 'wake', wakeMode: 'next-heartbeat', forEach: 'items',
    textTemplate: 'ring {{items[0].t}}'}, {match: {path: 'big'}, forEach: 'items', messageTemplate: '{{all}}{{all}}'}])");
  std::string many = R"({"items":[1)";
  for (int i = 0; i < 19; ++i) many += ",1";
  EXPECT_EQ(send("/hooks/ring", many + "]}").status, 200);
  EXPECT_THAT(refusal("/hooks/ring", many + ",1]}"), HasSubstr("more than 20"));
  EXPECT_THAT(refusal("/hooks/big", R"({"all":")" + std::string(200'000, 'x') + "\"," + many.substr(1) + "]}"),
              HasSubstr("bytes"));
}

TEST_F(Hooks, OfAListTellWhatWasNotTaken) {
  start(R"(, allowRequestSessionKey: true, mappings: [{match: {path: 'batch'}, agentId: 'gated', forEach: 'items',
    sessionKey: 'hook:one', model: 'nobody/{{items[0].t}}', messageTemplate: 'item {{items[0].t}}'}])");
  const HttpAnswer answer = send("/hooks/batch", R"({"items":[{"t":"a"},{"t":"b"}]})");
  EXPECT_EQ(answer.status, 502) << answer.body;
  EXPECT_THAT(std::string(answer.json()["error"].text()),
              HasSubstr("hook fan-out incomplete: 0/2 dispatched, 2 failed, 0 pending"));
}

TEST_F(Hooks, WithAMappingThatCannotBeDoneAreTold) {
  start(R"(, mappings: [{match: {path: 'module'}, transform: {module: './x.js'}, messageTemplate: 'm'},
    {match: {path: 'empty'}, messageTemplate: '{{nothing}}'}, {match: {path: 'key'}, sessionKey: 'hook:{{id}}',
    messageTemplate: 'm'}])");
  const HttpAnswer failed = send("/hooks/module", "{}");
  EXPECT_EQ(failed.status, 500);
  EXPECT_EQ(failed.body, R"({"ok":false,"error":"hook mapping failed"})");
  EXPECT_THAT(refusal("/hooks/empty", "{}"), HasSubstr("makes no message"));
  EXPECT_THAT(refusal("/hooks/key", R"({"id":"7"})"), StartsWith("sessionKey is disabled"));
}

}  // namespace
}  // namespace omenia::test
