#include "worker/revocation.h"

#include "worker/context.h"
#include "worker/ws/session.h"

namespace omenia::worker {

namespace {

constexpr int close_invalidated = 4001;

}  // namespace

void close_device(Context& context, const std::string& device_id, std::optional<auth::Role> role,
                  std::string_view reason, const std::string& answering) {
  const std::string close_reason = "client invalidated: " + std::string(reason);
  const auto concerns = [device_id, role](const ws::Session& session) {
    return session.grant().device_id == device_id && (!role || session.role() == *role);
  };
  context.hub.close_where([&](const ws::Session& session) { return concerns(session) && session.id() != answering; },
                          close_invalidated, close_reason);
  // Posted work comes after the answer that is sent when the handler returns.
  context.loop.post([&context, concerns, answering, close_reason] {
    context.hub.close_where([&](const ws::Session& session) { return concerns(session) && session.id() == answering; },
                            close_invalidated, close_reason);
  });
}

std::set<std::string> connected_devices(const Context& context) {
  std::set<std::string> ids;
  context.hub.for_each([&ids](const ws::Session& session) {
    if (!session.grant().device_id.empty()) ids.insert(session.grant().device_id);
  });
  return ids;
}

}  // namespace omenia::worker
