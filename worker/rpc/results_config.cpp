// Answers of the methods about the configuration.

#include "worker/rpc/result_parts.h"
#include "worker/rpc/shapes.h"

namespace omenia::rpc {

namespace {

using enum JsonType;
using parts::required;

constexpr Field config_get_fields[] = {
    {"path", text, required},
    {"exists", boolean, required},
    {.name = "raw", .type = string, .required = true, .nullable = true},
    {"parsed", object, required},
    {"valid", boolean, required},
    {"config", object, required},
    {"runtimeConfig", object, required},
    {"hash", text, required},
    {.name = "issues", .type = array, .required = true, .shape = &parts::issue, .item = object},
    {.name = "warnings", .type = array, .required = true, .shape = &parts::issue, .item = object},
    {"appliedConfigHash", text, required},
};

constexpr Field reload_fields[] = {
    {.name = "action", .type = string, .required = true, .allowed = "none|ignore|apply|swap|invalid"},
    {"class", string, required},
    {"mode", string, required},
    {"text", string, required},
    {"note", string},
    {.name = "changes", .type = array, .required = true, .item = object},
    {.name = "problems", .type = array, .required = true, .shape = &parts::issue, .item = object},
};
constexpr Shape reload{reload_fields};

constexpr Field config_write_fields[] = {
    {"ok", boolean, required},
    {"path", text, required},
    {"hash", text, required},
    {"config", object, required},
    {.name = "changedPaths", .type = array, .required = true, .item = text},
    {"file", text},
    {"noop", boolean},
    {"reloadError", text},
    {.name = "reload", .type = object, .shape = &reload},
    {"restart", object},
};

constexpr Field config_plan_fields[] = {
    {"ok", boolean, required},
    {"path", text, required},
    {"appliedConfigHash", text, required},
    {.name = "reload", .type = object, .required = true, .shape = &reload},
};

constexpr Field config_schema_fields[] = {
    {"schema", object, required},
    {"uiHints", object, required},
    {"version", text, required},
    {"generatedAt", text, required},
};

constexpr Field config_lookup_fields[] = {
    {"path", text, required},
    {"schema", object, required},
    {"reloadKind", text, required},
    {"hint", object},
    {"hintPath", text},
    {.name = "children", .type = array, .required = true, .item = object},
};

}  // namespace

const Payload config_get_result{{config_get_fields, open}};
const Payload config_write_result{{config_write_fields}};
const Payload config_plan_result{{config_plan_fields}};
const Payload config_schema_result{{config_schema_fields}};
const Payload config_lookup_result{{config_lookup_fields}};

}  // namespace omenia::rpc
