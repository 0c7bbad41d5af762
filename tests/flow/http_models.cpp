// /v1/models: agents, not provider models; every id listed can be used.
#include "tests/flow/flow.h"

namespace omenia::test {
namespace {

TEST_F(FlowNotStarted, TheListHasTheNamesOfTheAgents) {
  gateway.instance().configure(0, R"(,"agents":{"entries":{"main":{},"work":{}}})");
  ASSERT_TRUE(gateway.start());
  EXPECT_EQ(gateway.get("/v1/models").body,
            R"({"object":"list","data":[)"
            R"({"id":"OmeniaClaw","object":"model","created":0,"owned_by":"OmeniaClaw","permission":[]},)"
            R"({"id":"OmeniaClaw/default","object":"model","created":0,"owned_by":"OmeniaClaw","permission":[]},)"
            R"({"id":"OmeniaClaw/main","object":"model","created":0,"owned_by":"OmeniaClaw","permission":[]},)"
            R"({"id":"OmeniaClaw/work","object":"model","created":0,"owned_by":"OmeniaClaw","permission":[]}]})");
}

TEST_F(FlowNotStarted, EveryListedModelAnswers) {
  gateway.instance().configure(0, R"(,"agents":{"entries":{"main":{},"work":{}}})");
  ASSERT_TRUE(gateway.start());
  const Json list = gateway.get("/v1/models").json();
  for (JsonView model = list["data"].first(); model; model = model.next()) {
    const HttpAnswer answer = gateway.post("/v1/chat/completions", chat_body(std::string(model["id"].text()), "hi"));
    EXPECT_EQ(answer.status, 200) << model["id"].text();
    EXPECT_EQ(answer.json()["model"].text(), model["id"].text());
  }
}

TEST_F(Flow, OneModelIsFoundWithAnEncodedSlashOrAPlainOne) {
  for (const char* path : {"/v1/models/OmeniaClaw%2Fdefault", "/v1/models/OmeniaClaw/default?x=1"}) {
    const HttpAnswer answer = gateway.get(path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.json()["id"].text(), "OmeniaClaw/default");
  }
}

TEST_F(Flow, AnUnknownModelIsNamed) {
  const HttpAnswer unknown = gateway.get("/v1/models/OmeniaClaw/nobody");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.json()["error"]["message"].text(), "Model 'OmeniaClaw/nobody' not found.");
  EXPECT_EQ(unknown.json()["error"]["type"].text(), "invalid_request_error");
  EXPECT_EQ(gateway.get("/v1/models/gpt-4o").status, 400);
  EXPECT_EQ(gateway.get("/v1/models/").json()["error"]["message"].text(), "Missing model id.");
  EXPECT_EQ(gateway.get("/v1/models/%zz").status, 400);
}

TEST_F(FlowNotStarted, ASwitchedOffEndpointIsAnUnknownPath) {
  gateway.instance().configure(mock.port());
  std::string config = read_file(gateway.instance().config_path());
  config.insert(config.find("\"mode\":\"local\""), R"("http":{"endpoints":{"chatCompletions":{"enabled":false}}},)");
  gateway.instance().write_config(config);
  ASSERT_TRUE(gateway.start());
  EXPECT_EQ(gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi")).status, 404);
  EXPECT_EQ(gateway.get("/v1/models").status, 200);
}

}  // namespace
}  // namespace omenia::test
