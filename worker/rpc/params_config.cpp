// Parameters of the methods about the configuration.

#include "shared/base/limits.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
constexpr bool required = true;

constexpr Field config_set_fields[] = {{"raw", text, required}, {"baseHash", text}};

constexpr Field config_apply_fields[] = {
    {"raw", text, required},     {"baseHash", text}, {"sessionKey", string},
    {"deliveryContext", object}, {"note", string},   {.name = "restartDelayMs", .type = integer, .min = 0},
};

constexpr Field config_patch_fields[] = {
    {"raw", text, required},
    {"baseHash", text},
    {"sessionKey", string},
    {"deliveryContext", object},
    {"note", string},
    {.name = "restartDelayMs", .type = integer, .min = 0},
    {.name = "replacePaths",
     .type = array,
     .max = static_cast<std::int64_t>(limits::config_patch_paths_max),
     .item = text},
};

constexpr Field config_lookup_fields[] = {{.name = "path", .type = text, .required = true, .max = 1024}};

}  // namespace

const Shape config_set_params{config_set_fields};
const Shape config_apply_params{config_apply_fields};
const Shape config_patch_params{config_patch_fields};
const Shape config_lookup_params{config_lookup_fields};

}  // namespace omenia::rpc
