// Parameters of the methods about the gateway itself and its models.

#include "shared/base/limits.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;

constexpr Field health_fields[] = {{"probe", boolean}};

constexpr Field status_fields[] = {{"includeChannelSummary", boolean}};

constexpr Field logs_tail_fields[] = {
    {.name = "cursor", .type = integer, .min = 0},
    {.name = "limit", .type = integer, .min = 1, .max = limits::logs_tail_lines_max},
    {.name = "maxBytes", .type = integer, .min = 1, .max = static_cast<std::int64_t>(limits::logs_tail_bytes_max)},
};

constexpr Field models_list_fields[] = {
    {"agentId", text},
    {"sessionKey", text},
    {"authProfileId", string},
    {"provider", text},
    {"includeDetails", boolean},
    {"includeProviderCapabilities", boolean},
    {"includeDefaultModels", boolean},
    {"preparedOnly", boolean},
    {"refresh", boolean},
    {.name = "view", .type = string, .allowed = "default|configured|provider-config|all"},
};

}  // namespace

const Shape no_params{{}};
const Shape health_params{health_fields};
const Shape status_params{status_fields};
const Shape logs_tail_params{logs_tail_fields};
const Shape models_list_params{models_list_fields};

}  // namespace omenia::rpc
