#pragma once
// The run function of every command, for the command table. Each returns the exit code.

namespace omenia::cli {

struct Context;
class Arguments;

int run_gateway(Context& context, const Arguments& arguments);
int run_gateway_restart(Context& context, const Arguments& arguments);
int run_gateway_status(Context& context, const Arguments& arguments);
int run_gateway_call(Context& context, const Arguments& arguments);
int run_gateway_health(Context& context, const Arguments& arguments);
int run_health(Context& context, const Arguments& arguments);
int run_status(Context& context, const Arguments& arguments);
int run_logs(Context& context, const Arguments& arguments);
int run_agent(Context& context, const Arguments& arguments);
int run_setup(Context& context, const Arguments& arguments);
int run_devices_list(Context& context, const Arguments& arguments);
int run_devices_approve(Context& context, const Arguments& arguments);
int run_devices_reject(Context& context, const Arguments& arguments);
int run_devices_remove(Context& context, const Arguments& arguments);
int run_devices_rename(Context& context, const Arguments& arguments);
int run_devices_rotate(Context& context, const Arguments& arguments);
int run_devices_revoke(Context& context, const Arguments& arguments);
int run_nodes_list(Context& context, const Arguments& arguments);
int run_nodes_describe(Context& context, const Arguments& arguments);
int run_nodes_approve(Context& context, const Arguments& arguments);
int run_nodes_reject(Context& context, const Arguments& arguments);
int run_nodes_remove(Context& context, const Arguments& arguments);
int run_nodes_rename(Context& context, const Arguments& arguments);
int run_nodes_invoke(Context& context, const Arguments& arguments);
int run_config_file(Context& context, const Arguments& arguments);
int run_config_get(Context& context, const Arguments& arguments);
int run_config_set(Context& context, const Arguments& arguments);
int run_config_unset(Context& context, const Arguments& arguments);
int run_config_patch(Context& context, const Arguments& arguments);
int run_config_plan(Context& context, const Arguments& arguments);
int run_config_schema(Context& context, const Arguments& arguments);
int run_config_explain(Context& context, const Arguments& arguments);
int run_config_history(Context& context, const Arguments& arguments);
int run_config_restore(Context& context, const Arguments& arguments);
int run_config_validate(Context& context, const Arguments& arguments);

}  // namespace omenia::cli
