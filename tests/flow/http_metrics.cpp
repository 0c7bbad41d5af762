// GET /metrics of a gateway that has done something of each kind.
#include "tests/flow/reload.h"
#include "tests/support/prometheus.h"

namespace omenia::test {
namespace {

class Metrics : public Reload {
 protected:
  Scrape scrape() {
    const HttpAnswer answer = gateway.get("/metrics");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    Scrape read = read_prometheus(answer.body);
    EXPECT_THAT(read.problems, testing::IsEmpty()) << answer.body;
    return read;
  }
  double value(const char* family, const std::map<std::string, std::string>& labels = {}) {
    return scrape().family(family).value(labels);
  }
};

TEST_F(Metrics, NeedTheCredentialUnlessTheyArePublic) {
  start_with({});
  EXPECT_EQ(status_of("/metrics", ""), 401);
  EXPECT_EQ(status_of("/metrics", "wrong"), 401);
  EXPECT_EQ(status_of("/metrics", gateway.token()), 200);
  EXPECT_EQ(http(gateway.port(), {.method = "HEAD", .target = "/metrics", .token = gateway.token()}).status, 200);
  EXPECT_EQ(http(gateway.port(), {.method = "POST", .target = "/metrics"}).header("Allow"), "GET, HEAD");
  expect_applied({.gateway = "metrics: {public: true}"}, "gateway.metrics.public");
  EXPECT_EQ(status_of("/metrics", ""), 200);
}

TEST_F(Metrics, CountWhatHappensByItsRow) {
  start_with({});
  EXPECT_EQ(gateway.get("/v1/models").status, 200);
  EXPECT_EQ(gateway.get("/v1/models/OmeniaClaw").status, 200);
  EXPECT_EQ(gateway.get("/v1/models/nobody").status, 400);
  EXPECT_EQ(gateway.get("/v1/some-secret-path").status, 404);
  EXPECT_EQ(status_of("/v1/models", "wrong"), 401);
  EXPECT_EQ(gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi")).status, 200);
  WsClient client = gateway.client();
  EXPECT_TRUE(client.call("sessions.list")["ok"].boolean());
  EXPECT_FALSE(client.call("agents.delete", R"({"agentId":"nobody"})")["ok"].boolean());
  EXPECT_FALSE(client.call("no.such.method")["ok"].boolean());
  const Scrape scrape = this->scrape();
  const Family& requests = scrape.family("omeniaclaw_http_requests_total");
  const auto count = [&requests](const char* method, const char* route, const char* status) {
    return requests.value({{"method", method}, {"route", route}, {"status", status}});
  };
  EXPECT_EQ(count("GET", "/v1/models", "2xx"), 1);
  EXPECT_EQ(count("GET", "/v1/models", "4xx"), 1);
  EXPECT_EQ(count("GET", "/v1/models/", "2xx"), 1);
  EXPECT_EQ(count("GET", "/v1/models/", "4xx"), 1);
  EXPECT_EQ(count("POST", "/v1/chat/completions", "2xx"), 1);
  EXPECT_EQ(count("other", "other", "4xx"), 1) << "no path of a client's own becomes a label";
  EXPECT_EQ(scrape.family("omeniaclaw_http_request_duration_seconds").sum(), requests.sum());
  const Family& calls = scrape.family("omeniaclaw_rpc_requests_total");
  EXPECT_EQ(calls.value({{"method", "sessions.list"}, {"outcome", "ok"}}), 1);
  EXPECT_EQ(calls.value({{"method", "agents.delete"}, {"outcome", "error"}}), 1);
  EXPECT_EQ(scrape.family("omeniaclaw_rpc_request_duration_seconds").sum(), calls.sum());
  EXPECT_EQ(scrape.family("omeniaclaw_rpc_refused_total").value(), 1);
  EXPECT_EQ(scrape.family("omeniaclaw_auth_failures_total").value(), 1);
  EXPECT_EQ(scrape.family("omeniaclaw_runs_total").value({{"status", "done"}}), 1);
  EXPECT_GT(scrape.family("omeniaclaw_tokens_total").value({{"kind", "output"}}), 0);
  EXPECT_EQ(scrape.family("omeniaclaw_clients").value({{"role", "operator"}}), 1);
  EXPECT_EQ(scrape.family("omeniaclaw_websockets").value(), 1);
}

// Whoever adds a row sees here that somebody counts it.
TEST_F(Metrics, AreAllThereAndAlmostAllMove) {
  start_with({.auth = "rateLimit: {maxAttempts: 1}"});
  EXPECT_EQ(http(gateway.port(), {.target = "/v1/models", .token = "wrong", .headers = "Origin: http://localhost\r\n"})
                .status,
            401);
  EXPECT_EQ(gateway.post("/v1/chat/completions", chat_body("OmeniaClaw", "hi")).status, 200);
  WsClient client = gateway.client();
  EXPECT_TRUE(client.call("health")["ok"].boolean());
  EXPECT_FALSE(client.call("no.such.method")["ok"].boolean());
  EXPECT_TRUE(eventually([this] { return scrape().family("omeniaclaw_loop_delay_seconds").sum() > 0; })) << "every 5 s";
  const Scrape scrape = this->scrape();
  EXPECT_EQ(scrape.families.size(), 20u);
  for (const Family& family : scrape.families) {
    const bool may_be_none = family.name == "omeniaclaw_runs";
    EXPECT_TRUE(may_be_none || family.sum() > 0) << family.name;
  }
}

TEST_F(Metrics, SayWhichRunsAreUnderWay) {
  gateway.instance().configure(mock.port());
  ASSERT_TRUE(gateway.start());
  WsClient client = gateway.client();
  client.send_request("agent", message("agent:gated:main", "k1"));
  client.send_request("agent", message("agent:gated:main", "k2"));
  EXPECT_TRUE(eventually([this] {
    return value("omeniaclaw_runs", {{"state", "running"}}) == 1 &&
           value("omeniaclaw_runs", {{"state", "waiting"}}) == 1;
  }));
}

TEST_F(Metrics, BeginAnewWithAnotherWorker) {
  start_with({});
  EXPECT_EQ(gateway.get("/v1/models").status, 200);
  EXPECT_EQ(value("omeniaclaw_worker_generation"), 1);
  ASSERT_TRUE(gateway.kill_worker());
  EXPECT_EQ(value("omeniaclaw_worker_generation"), 2);
  EXPECT_EQ(value("omeniaclaw_http_requests_total", {{"method", "GET"}, {"route", "/v1/models"}, {"status", "2xx"}}),
            -1);
}

}  // namespace
}  // namespace omenia::test
