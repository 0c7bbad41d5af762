// See lws_context.h.

#include "cli/lws_context.h"

#include <algorithm>

#include "shared/base/clock.h"

namespace omenia::cli {

LwsContext::LwsContext(const lws_protocols* protocols, void* user, bool tls) {
  lws_set_log_level(0, nullptr);
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN;
  info.protocols = protocols;
  info.options = LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
  if (tls) info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
  info.http_proxy_address = "";
  info.user = user;
  context_ = lws_create_context(&info);
}

LwsContext::~LwsContext() {
  if (context_ == nullptr) return;
  lws_sul_cancel(&alarm_);
  lws_context_destroy(context_);
}

bool LwsContext::serve(std::int64_t deadline_steady_ms) {
  const std::int64_t left_ms = deadline_steady_ms - steady_ms();
  if (left_ms <= 0) return false;
  alarm_.rung = false;
  const auto ring = [](lws_sorted_usec_list_t* alarm) { static_cast<Alarm*>(alarm)->rung = true; };
  lws_sul_schedule(context_, 0, &alarm_, ring, left_ms * LWS_US_PER_MS);
  const bool served = lws_service(context_, 0) >= 0;
  lws_sul_cancel(&alarm_);
  return served && !alarm_.rung;
}

}  // namespace omenia::cli
