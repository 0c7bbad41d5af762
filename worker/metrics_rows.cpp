#include "worker/metrics_rows.h"

#include <sys/resource.h>

#include <algorithm>

#include "shared/base/version.h"
#include "worker/process_memory.h"
#include "worker/routes.h"
#include "worker/rpc/methods.h"
#include "worker/ws/session.h"

namespace omenia::worker {

namespace {

// What the figures of the route are called; the last ones are of no row.
std::pair<std::string_view, std::string_view> name_of_route(std::size_t index) {
  if (index >= route_rows().size()) return {"other", "other"};
  return {route_rows()[index].method, route_rows()[index].path};
}

void collect_build(const Context&, MetricsText& text) {
  text.sample(std::uint64_t{1}, {{"version", version}, {"commit", commit}});
}

void collect_start(const Context& context, MetricsText& text) {
  text.sample(static_cast<double>(context.started_ms) / 1e3);
}

void collect_generation(const Context& context, MetricsText& text) {
  text.sample(static_cast<std::uint64_t>(context.generation));
}

void collect_memory(const Context&, MetricsText& text) {
  text.sample(resident_bytes());
}

void collect_processor(const Context&, MetricsText& text) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  text.sample(seconds(usage.ru_utime) + seconds(usage.ru_stime));
}

void collect_loop(const Context& context, MetricsText& text) {
  text.sample(context.metrics.loop_delay);
}

void collect_http_connections(const Context& context, MetricsText& text) {
  text.sample(std::uint64_t{context.server->connections()});
}

void collect_web_sockets(const Context& context, MetricsText& text) {
  text.sample(std::uint64_t{context.web_sockets->open_sockets()});
}

void collect_clients(const Context& context, MetricsText& text) {
  std::uint64_t nodes = 0;
  context.hub.for_each([&nodes](const ws::Session& session) { nodes += session.is_node() ? 1 : 0; });
  text.sample(std::uint64_t{context.hub.connected()} - nodes, {{"role", "operator"}});
  text.sample(nodes, {{"role", "node"}});
}

// Not there while the port is plain.
void collect_handshakes(const Context& context, MetricsText& text) {
  if (!context.tls) return;
  text.sample(context.tls->counts().opened, {{"outcome", "ok"}});
  text.sample(context.tls->counts().failed, {{"outcome", "error"}});
}

void collect_requests(const Context& context, MetricsText& text) {
  constexpr std::string_view classes[] = {"1xx", "2xx", "3xx", "4xx", "5xx"};
  for (std::size_t i = 0; i < context.metrics.routes.size(); ++i) {
    const auto& counts = context.metrics.routes[i].by_class;
    const auto [method, path] = name_of_route(i);
    for (std::size_t status = 0; status < counts.size(); ++status)
      if (counts[status].value() > 0)
        text.sample(counts[status], {{"method", method}, {"route", path}, {"status", classes[status]}});
  }
}

void collect_request_times(const Context& context, MetricsText& text) {
  for (std::size_t i = 0; i < context.metrics.routes.size(); ++i) {
    const Metrics::OfRoute& counts = context.metrics.routes[i];
    const bool was_asked = std::any_of(counts.by_class.begin(), counts.by_class.end(),
                                       [](const Counter& counter) { return counter.value() > 0; });
    const auto [method, path] = name_of_route(i);
    if (was_asked) text.sample(counts.duration, {{"method", method}, {"route", path}});
  }
}

void collect_calls(const Context& context, MetricsText& text) {
  for (std::size_t i = 0; i < context.metrics.methods.size(); ++i) {
    const Metrics::OfMethod& counts = context.metrics.methods[i];
    const std::string_view method = rpc::method_rows()[i].name;
    if (counts.ok.value() > 0) text.sample(counts.ok, {{"method", method}, {"outcome", "ok"}});
    if (counts.failed.value() > 0) text.sample(counts.failed, {{"method", method}, {"outcome", "error"}});
  }
}

void collect_call_times(const Context& context, MetricsText& text) {
  for (std::size_t i = 0; i < context.metrics.methods.size(); ++i) {
    const Metrics::OfMethod& counts = context.metrics.methods[i];
    if (counts.ok.value() + counts.failed.value() > 0)
      text.sample(counts.duration, {{"method", rpc::method_rows()[i].name}});
  }
}

void collect_refused_calls(const Context& context, MetricsText& text) {
  text.sample(context.metrics.refused_calls);
}

void collect_auth_failures(const Context& context, MetricsText& text) {
  text.sample(context.attempts.failures());
}

void collect_lockouts(const Context& context, MetricsText& text) {
  text.sample(context.attempts.lockouts());
}

void collect_active_runs(const Context& context, MetricsText& text) {
  const auto runs = context.runs->ours();
  const auto running = std::count_if(runs.begin(), runs.end(), [](const auto& run) { return run->started_ms > 0; });
  text.sample(static_cast<std::uint64_t>(running), {{"state", "running"}});
  text.sample(runs.size() - static_cast<std::uint64_t>(running), {{"state", "waiting"}});
}

void collect_ended_runs(const Context& context, MetricsText& text) {
  const auto& counts = context.metrics.runs_by_status;
  for (std::size_t i = 0; i < counts.size(); ++i)
    text.sample(counts[i], {{"status", agents::stored_name(static_cast<agents::RunStatus>(i))}});
}

void collect_run_times(const Context& context, MetricsText& text) {
  text.sample(context.metrics.run_duration);
}

void collect_tokens(const Context& context, MetricsText& text) {
  text.sample(context.metrics.tokens_in, {{"kind", "input"}});
  text.sample(context.metrics.tokens_out, {{"kind", "output"}});
  text.sample(context.metrics.tokens_cache_read, {{"kind", "cache_read"}});
  text.sample(context.metrics.tokens_cache_written, {{"kind", "cache_write"}});
}

constexpr std::string_view counter = "counter";
constexpr std::string_view gauge = "gauge";
constexpr std::string_view histogram = "histogram";

constexpr MetricRow rows[] = {
    {"omeniaclaw_build_info", gauge, "1; the labels say which program this is.", collect_build},
    {"omeniaclaw_worker_start_time_seconds", gauge,
     "When this worker started, in seconds since 1970. All counters began at nothing then.", collect_start},
    {"omeniaclaw_worker_generation", gauge, "Number of this worker among all of its state directory.",
     collect_generation},
    {"omeniaclaw_worker_resident_memory_bytes", gauge, "Memory of the worker that is in RAM.", collect_memory},
    {"omeniaclaw_worker_cpu_seconds_total", counter, "Processor time that the worker has used.", collect_processor},
    {"omeniaclaw_loop_delay_seconds", histogram, "How late a timer of the event loop came, measured every 5 seconds.",
     collect_loop},
    {"omeniaclaw_http_connections", gauge, "Open HTTP connections.", collect_http_connections},
    {"omeniaclaw_websockets", gauge, "Open WebSockets, connected or not yet.", collect_web_sockets},
    {"omeniaclaw_clients", gauge, "Clients of the control protocol that are connected.", collect_clients},
    {"omeniaclaw_tls_handshakes_total", counter, "TLS handshakes that were completed or have failed.",
     collect_handshakes},
    {"omeniaclaw_http_requests_total", counter, "HTTP requests that were answered, by row and class of the status.",
     collect_requests},
    {"omeniaclaw_http_request_duration_seconds", histogram,
     "From the head of an HTTP request to the end of its answer, streams included.", collect_request_times},
    {"omeniaclaw_rpc_requests_total", counter, "Calls of methods that were answered.", collect_calls},
    {"omeniaclaw_rpc_request_duration_seconds", histogram, "From a call to its first answer.", collect_call_times},
    {"omeniaclaw_rpc_refused_total", counter, "Calls that were refused for their role, scope or parameters.",
     collect_refused_calls},
    {"omeniaclaw_auth_failures_total", counter, "Wrong credentials, over HTTP and WebSocket.", collect_auth_failures},
    {"omeniaclaw_auth_lockouts_total", counter, "Callers that were locked out for guessing.", collect_lockouts},
    {"omeniaclaw_runs", gauge, "Runs of agents under way in this worker.", collect_active_runs},
    {"omeniaclaw_runs_total", counter, "Runs of agents that have ended, by how.", collect_ended_runs},
    {"omeniaclaw_run_duration_seconds", histogram, "From the start of a run to its end.", collect_run_times},
    {"omeniaclaw_tokens_total", counter, "Tokens that models have told of the runs that have ended.", collect_tokens},
};

}  // namespace

std::span<const MetricRow> metric_rows() {
  return rows;
}

std::string metrics_text(const Context& context) {
  MetricsText text;
  for (const MetricRow& row : rows) {
    text.begin(row.name, row.type, row.doc);
    row.collect(context, text);
  }
  return text.take();
}

void serve_metrics(Context& context, std::shared_ptr<http::Exchange> exchange) {
  http::Response response;
  response.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}, {"Cache-Control", "no-store"}};
  response.body = metrics_text(context);
  exchange->respond(std::move(response));
}

}  // namespace omenia::worker
