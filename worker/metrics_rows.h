#pragma once
// GET /metrics: the worker's figures as Prometheus reads them. One row a family, in metrics_rows.cpp; labels take only
// values that the product's own tables have.

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "worker/context.h"
#include "worker/metrics_text.h"

namespace omenia::worker {

struct MetricRow {
  std::string_view name;
  std::string_view type;  // counter, gauge, histogram
  std::string_view doc;
  void (*collect)(const Context& context, MetricsText& text);
};

std::span<const MetricRow> metric_rows();

std::string metrics_text(const Context& context);
void serve_metrics(Context& context, std::shared_ptr<http::Exchange> exchange);

}  // namespace omenia::worker
