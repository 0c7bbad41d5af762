#include "worker/devices/node_commands.h"

#include <algorithm>
#include <iterator>

#include "shared/base/limits.h"

namespace omenia::devices {

namespace {

// One row a command, or a family of them that ends with '.'.
struct CommandRow {
  std::string_view name;
  bool admin = false;
};

constexpr CommandRow rows[] = {
    {"system.run", true},
    {"system.run.prepare", true},
    {"system.which", true},
    {"system.execApprovals.get", true},
    {"system.execApprovals.set", true},
    {"browser.proxy", true},
    {"browser.proxy.", true},
    {"fs.listDir", true},
    {"system.notify"},
    {"calendar."},
    {"camera."},
    {"canvas."},
    {"contacts."},
    {"device."},
    {"location.get"},
    {"motion."},
    {"notifications."},
    {"photos.latest"},
    {"reminders."},
    {"screen."},
    {"sms."},
    {"talk."},
};

bool fits(const CommandRow& row, std::string_view command) {
  if (!row.name.ends_with('.')) return row.name == command;
  return command.starts_with(row.name) && command.size() > row.name.size();
}

bool has(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

bool is_known(std::string_view command) {
  return std::any_of(std::begin(rows), std::end(rows), [&](const CommandRow& row) { return fits(row, command); });
}

}  // namespace

std::vector<std::string> offered_commands(const std::vector<std::string>& claimed,
                                          const std::vector<std::string>& allowed,
                                          const std::vector<std::string>& denied) {
  std::vector<std::string> offered;
  for (const std::string& command : claimed) {
    if (offered.size() >= limits::node_commands_max) break;
    if (!is_known(command) && !has(allowed, command)) continue;
    if (!has(denied, command) && !has(offered, command)) offered.push_back(command);
  }
  return offered;
}

bool needs_admin(std::string_view command) {
  return std::any_of(std::begin(rows), std::end(rows),
                     [&](const CommandRow& row) { return row.admin && fits(row, command); });
}

auth::ScopeSet scopes_to_approve(const std::vector<std::string>& commands) {
  auth::ScopeSet scopes{auth::Scope::pairing};
  if (commands.empty()) return scopes;
  const bool admin = std::any_of(commands.begin(), commands.end(), needs_admin);
  scopes.add(admin ? auth::Scope::admin : auth::Scope::write);
  return scopes;
}

}  // namespace omenia::devices
