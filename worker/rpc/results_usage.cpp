// Answers of the methods about what runs have used.

#include "worker/rpc/result_parts.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
using parts::required;

constexpr Field sums_fields[] = {
    {"input", integer, required},
    {"output", integer, required},
    {"cacheRead", integer, required},
    {"cacheWrite", integer, required},
    {"totalTokens", integer, required},
    {"totalCost", number, required},
    {"missingCostEntries", integer, required},
};
constexpr Shape sums{sums_fields, open};
constexpr Field daily_fields[] = {
    {"date", text, required},          {"input", integer, required},
    {"output", integer, required},     {"cacheRead", integer, required},
    {"cacheWrite", integer, required}, {"totalTokens", integer, required},
    {"totalCost", number, required},   {"missingCostEntries", integer, required},
};
constexpr Shape daily{daily_fields, open};

constexpr Field usage_status_fields[] = {
    {"updatedAt", integer, required},
    {.name = "providers", .type = array, .required = true, .item = object},
    {"refreshing", boolean},
};

constexpr Field usage_cost_fields[] = {
    {"updatedAt", integer, required},
    {"days", integer, required},
    {.name = "daily", .type = array, .required = true, .shape = &daily, .item = object},
    {.name = "totals", .type = object, .required = true, .shape = &sums},
    {"cacheStatus", object, required},
};

constexpr Field session_usage_fields[] = {
    {"key", text, required},
    {"sessionId", text, required},
    {"agentId", text, required},
    {"updatedAt", integer, required},
    {.name = "usage", .type = object, .required = true, .shape = &sums},
};
constexpr Shape session_usage{session_usage_fields, open};
constexpr Field aggregates_fields[] = {
    {"sessionCount", integer, required},
    {"messages", object, required},
    {.name = "byModel", .type = array, .required = true, .item = object},
    {.name = "byProvider", .type = array, .required = true, .item = object},
    {.name = "byAgent", .type = array, .required = true, .item = object},
    {.name = "costDaily", .type = array, .required = true, .shape = &daily, .item = object},
    {.name = "daily", .type = array, .required = true, .item = object},
    {"latency", object, required},
};
constexpr Shape aggregates{aggregates_fields, open};
constexpr Field sessions_usage_fields[] = {
    {"updatedAt", integer, required},
    {"startDate", text, required},
    {"endDate", text, required},
    {.name = "sessions", .type = array, .required = true, .shape = &session_usage, .item = object},
    {.name = "totals", .type = object, .required = true, .shape = &sums},
    {.name = "aggregates", .type = object, .required = true, .shape = &aggregates},
    {.name = "creatorOptions", .type = array, .required = true, .item = object},
    {"cacheStatus", object, required},
};

constexpr Field point_fields[] = {
    {"timestamp", integer, required},     {"input", integer, required},
    {"output", integer, required},        {"cacheRead", integer, required},
    {"cacheWrite", integer, required},    {"totalTokens", integer, required},
    {"cost", number, required},           {"cumulativeTokens", integer, required},
    {"cumulativeCost", number, required},
};
constexpr Shape point{point_fields};
constexpr Field timeseries_fields[] = {
    {"sessionId", string, required},
    {.name = "points", .type = array, .required = true, .shape = &point, .item = object},
};

constexpr Field log_fields[] = {
    {"timestamp", integer, required},
    {"role", string, required},
    {"content", string, required},
    {"tokens", integer},
    {"cost", number},
};
constexpr Shape log{log_fields};
constexpr Field logs_fields[] = {
    {.name = "logs", .type = array, .required = true, .shape = &log, .item = object},
};

}  // namespace

const Payload usage_status_result{{usage_status_fields}};
const Payload usage_cost_result{{usage_cost_fields}};
const Payload sessions_usage_result{{sessions_usage_fields}};
const Payload usage_timeseries_result{{timeseries_fields}};
const Payload usage_logs_result{{logs_fields}};

}  // namespace omenia::rpc
