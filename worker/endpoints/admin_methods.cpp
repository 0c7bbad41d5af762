#include "worker/endpoints/admin_methods.h"

#include <algorithm>

#include "worker/rpc/methods.h"

namespace omenia::endpoints {

namespace {

constexpr std::string_view names[] = {"health",
                                      "status",
                                      "logs.tail",
                                      "usage.status",
                                      "usage.cost",
                                      "gateway.restart.request",
                                      "gateway.suspend.prepare",
                                      "gateway.suspend.status",
                                      "gateway.suspend.resume",
                                      admin_list_method,
                                      "config.get",
                                      "config.schema",
                                      "config.schema.lookup",
                                      "config.set",
                                      "config.patch",
                                      "config.apply",
                                      "channels.status",
                                      "channels.start",
                                      "channels.stop",
                                      "channels.logout",
                                      "web.login.start",
                                      "web.login.wait",
                                      "models.list",
                                      "models.authStatus",
                                      "agents.list",
                                      "agents.create",
                                      "agents.update",
                                      "agents.delete",
                                      "exec.approvals.get",
                                      "exec.approvals.set",
                                      "exec.approvals.node.get",
                                      "exec.approvals.node.set",
                                      "cron.status",
                                      "cron.list",
                                      "cron.get",
                                      "cron.runs",
                                      "cron.add",
                                      "cron.update",
                                      "cron.remove",
                                      "cron.run",
                                      "device.pair.list",
                                      "device.pair.approve",
                                      "device.pair.reject",
                                      "device.pair.remove",
                                      "node.list",
                                      "node.describe",
                                      "node.pair.list",
                                      "node.pair.approve",
                                      "node.pair.reject",
                                      "node.pair.remove",
                                      "node.rename",
                                      "tasks.list",
                                      "tasks.get",
                                      "tasks.cancel",
                                      "doctor.memory.status",
                                      "update.status"};

bool is_served(std::string_view name) {
  return name == admin_list_method || rpc::find_method(name) != nullptr;
}

}  // namespace

bool is_admin_method(std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names) && is_served(name);
}

std::vector<std::string_view> admin_method_names() {
  std::vector<std::string_view> served;
  std::copy_if(std::begin(names), std::end(names), std::back_inserter(served), is_served);
  return served;
}

}  // namespace omenia::endpoints
