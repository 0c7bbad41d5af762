// HTTP: the list of models against nginx's fixed answer; chat completions and their streams against the model server
// itself and against nginx as a proxy before it.

#include <algorithm>
#include <memory>
#include <vector>

#include "shared/json/writer.h"
#include "tests/bench/load.h"
#include "tests/bench/measurements.h"
#include "tests/bench/nginx.h"
#include "tests/bench/processor.h"
#include "tests/bench/relay.h"
#include "tests/bench/streams.h"
#include "tests/support/gateway.h"
#include "tests/support/note.h"

namespace omenia::bench {

namespace {

using test::Gateway;

// A way to a model server, or to a list of models.
struct Way {
  const char* name;
  int port;
  pid_t process;  // Whose processor time is told; 0: nobody's.
  std::string request;
};

std::string on(int connections, const char* what) {
  return ", " + std::to_string(connections) + " " + what + (connections == 1 ? "" : "s");
}

// The mock, nginx when it is there, and the gateway, for as long as one measurement takes.
class Ways {
 public:
  Ways() : mock_(test::program_path("tests/mock-upstream"), {}, {}) {}

  bool start() {
    if (!mock_.says("\n")) return false;
    mock_port_ = std::stoi(mock_.output());
    gateway_ = std::make_unique<Gateway>(mock_port_);
    nginx_ = Nginx::before(mock_port_);
    return gateway_->start() && runs_all_at_once();
  }
  bool failed(const char* what) const {
    test::note(std::string("bench: ") + what + " failed\n" + gateway_->everything_said());
    return false;
  }

  std::vector<Way> to_models() const {
    std::vector<Way> ways;
    if (nginx_) ways.push_back({"nginx", nginx_->port(), nginx_->pid(), get("mock-key")});
    ways.push_back({"the gateway", gateway_->port(), gateway_->worker_pid(), get(gateway_->token())});
    return ways;
  }
  std::vector<Way> to_completions(const std::string& model, const std::string& more = {}) const {
    const std::string mock = ask("mock-key", "mock-" + model, more);
    std::vector<Way> ways{{"directly", mock_port_, 0, mock}};
    if (nginx_) ways.push_back({"through nginx", nginx_->port(), nginx_->pid(), mock});
    const std::string agent = model == "1" ? "OmeniaClaw" : "OmeniaClaw/" + model;
    ways.push_back(
        {"through the gateway", gateway_->port(), gateway_->worker_pid(), ask(gateway_->token(), agent, more)});
    return ways;
  }
  std::vector<Way> to_streams() {
    auto ways = to_completions("stamped", R"(,"stream":true)");
    if (!relay_) relay_ = std::make_unique<Relay>(mock_port_);
    ways.insert(ways.begin() + 1, {"through a relay of bytes", relay_->port(), 0, ways.front().request});
    return ways;
  }

 private:
  // As many runs at once as there are connections: by itself the gateway lets the others wait, and their waiting would
  // be measured.
  bool runs_all_at_once() {
    auto client = gateway_->client();
    const Json config = client.call("config.get");
    JsonWriter change;
    change.begin_object().member("raw", R"({"agents":{"defaults":{"maxConcurrent":64}}})");
    change.member("baseHash", config["payload"]["hash"].text()).end_object();
    return client.call("config.patch", change.text())["ok"].boolean() || failed("config.patch");
  }
  static std::string get(const std::string& token) {
    return test::HttpRequest{.target = "/v1/models", .token = token}.text();
  }
  static std::string ask(const std::string& token, const std::string& model, const std::string& more) {
    return test::HttpRequest{.method = "POST",
                             .target = "/v1/chat/completions",
                             .token = token,
                             .body = test::chat_body(model, "hello", more)}
        .text();
  }

  test::ChildProcess mock_;
  int mock_port_ = 0;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<Nginx> nginx_;
  std::unique_ptr<Relay> relay_;
};

// Its figures, and what is added to those of `base`.
LoadResult measure_load(Table& table, const std::string& what, const Way& way, int connections, const Effort& effort,
                        const LoadResult* base) {
  const double before_us = way.process > 0 ? processor_us_of(way.process) : 0;
  LoadResult load = run_load(way.port, way.request, connections, effort.load_ms);
  const std::string name = what + " " + way.name + on(connections, "connection");
  table.add(name + ", answers", "1/s", load.per_second);
  table.add(name + ", p50", "ms", load.times.quantile_ms(0.5));
  table.add(name + ", p99", "ms", load.times.quantile_ms(0.99));
  if (base) {
    table.add(name + ", added p50", "ms", load.times.quantile_ms(0.5) - base->times.quantile_ms(0.5));
    table.add(name + ", added p99", "ms", load.times.quantile_ms(0.99) - base->times.quantile_ms(0.99));
  }
  const auto answers = static_cast<double>(std::max<std::size_t>(load.times.count(), 1));
  if (way.process > 0)
    table.add(name + ", processor time of one", "us", (processor_us_of(way.process) - before_us) / answers);
  return load;
}

}  // namespace

bool measure_models(Table& table, const Effort& effort) {
  Ways ways;
  if (!ways.start()) return false;
  for (const int connections : {1, 64}) {
    std::vector<double> per_second;
    for (const Way& way : ways.to_models()) {
      const LoadResult load = measure_load(table, "models:", way, connections, effort, nullptr);
      if (load.failures > 0) return ways.failed("GET /v1/models");
      per_second.push_back(load.per_second);
    }
    if (per_second.size() == 2)
      table.add("models: gateway to nginx" + on(connections, "connection"), "x", per_second[1] / per_second[0]);
  }
  return true;
}

bool measure_completions(Table& table, const Effort& effort) {
  Ways ways;
  if (!ways.start()) return false;
  for (const int connections : {1, 16, 64}) {
    LoadResult direct;
    std::vector<double> per_second;
    for (const Way& way : ways.to_completions("1")) {
      const bool is_direct = per_second.empty();
      LoadResult load = measure_load(table, "chat", way, connections, effort, is_direct ? nullptr : &direct);
      if (load.failures > 0) return ways.failed("POST /v1/chat/completions");
      per_second.push_back(load.per_second);
      if (is_direct) direct = std::move(load);
    }
    if (per_second.size() == 3)
      table.add("chat: gateway to nginx" + on(connections, "connection"), "x", per_second[2] / per_second[1]);
  }
  return true;
}

bool measure_streams(Table& table, const Effort& effort) {
  Ways ways;
  if (!ways.start()) return false;
  for (const int streams : {1, 32}) {
    StreamResult direct;
    bool is_direct = true;
    for (const Way& way : ways.to_streams()) {
      StreamResult result = run_streams(way.port, way.request, streams, effort.load_ms);
      if (result.failures > 0) return ways.failed("a streamed completion");
      const std::string name = "stream " + std::string(way.name) + on(streams, "stream");
      table.add(name + ", first text, p50", "ms", result.first.quantile_ms(0.5));
      table.add(name + ", one piece, p50", "ms", result.pieces.quantile_ms(0.5));
      table.add(name + ", one piece, p99", "ms", result.pieces.quantile_ms(0.99));
      if (is_direct) {
        direct = std::move(result);
      } else {
        const auto added = [&](double share) {
          return result.pieces.quantile_ms(share) - direct.pieces.quantile_ms(share);
        };
        table.add(name + ", added to first text, p50", "ms",
                  result.first.quantile_ms(0.5) - direct.first.quantile_ms(0.5));
        table.add(name + ", added to one piece, p50", "ms", added(0.5));
        table.add(name + ", added to one piece, p99", "ms", added(0.99));
      }
      is_direct = false;
    }
  }
  return true;
}

}  // namespace omenia::bench
