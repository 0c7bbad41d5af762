#include "worker/context.h"

#include <algorithm>

#include "shared/base/clock.h"
#include "shared/base/ids.h"
#include "shared/json/writer.h"
#include "worker/attribution.h"
#include "worker/auth/origin.h"
#include "worker/drain.h"
#include "worker/pipeline.h"

namespace omenia::worker {

Context::Context(Beginnings beginnings)
    : launch(std::move(beginnings.launch)),
      log(std::move(beginnings.log)),
      boot_id(random_uuid()),
      started_ms(wall_ms()),
      loaded(std::make_shared<const LoadedConfig>(std::move(beginnings.loaded))),
      authenticator(std::move(beginnings.auth)),
      outbound(loop, log.logger("net/outbound")),
      monitor(loop, log.logger("gateway"),
              [this](std::int64_t delay_ms) {
                metrics.loop_delay.observe(delay_ms * 1'000);
                if (delay_ms > limits::loop_turn_ms_warn)
                  stability.record(stability_loop_late,
                                   [delay_ms](JsonWriter& writer) { writer.member("durationMs", delay_ms); });
                if (!control) return;
                JsonWriter beat;
                beat.begin_object().member("type", "heartbeat").member("loopDelayMs", delay_ms).end_object();
                control->send(beat.text());
              }),
      presence(loop, boot_id,
               [this] {
                 JsonWriter payload;
                 payload.begin_object().raw_member("presence", presence.to_json()).end_object();
                 hub.broadcast(Event::presence, payload.text(), ws::Audience::everyone, {}, state_version());
               }),
      health(*this),
      run_feed(*this),
      relay(*this),
      tick(loop,
           [this] {
             JsonWriter payload;
             payload.begin_object().member("ts", wall_ms()).end_object();
             hub.broadcast(Event::tick, payload.text());
           }),
      goodbye(loop, [this] { leave_when_closed(*this); }),
      last_call(loop, [this] { leave_when_closed(*this); }),
      followers(*this) {}

Context::~Context() = default;

std::string Context::address(std::string_view plain_scheme, std::string_view tls_scheme) const {
  const ListenAddress& first = launch.listen.front();
  return std::string(tls ? tls_scheme : plain_scheme) + "://" + first.host + ":" + std::to_string(first.port);
}

std::string Context::default_agent() const {
  const Config& settings = loaded->config;
  return settings.default_agent.empty() ? settings.agents.front().id : settings.default_agent;
}

std::vector<std::string> Context::allowed_origins() const {
  std::vector<std::string> origins = loaded->config.allowed_origins;
  if (launch.bind_mode == "loopback" || launch.listen.empty()) return origins;
  for (const char* host : {"localhost", "127.0.0.1"})
    origins.push_back(std::string(tls ? "https://" : "http://") + host + ":" +
                      std::to_string(launch.listen.front().port));
  return origins;
}

bool Context::is_origin_allowed(const http::Request& head) const {
  const bool local = is_direct_local(head, *config());
  return auth::is_origin_allowed({head.header("origin"), head.header("host"), local}, allowed_origins());
}

std::string Context::state_version() const {
  JsonWriter versions;
  versions.begin_object().member("presence", presence.version()).member("health", health.version()).end_object();
  return ",\"stateVersion\":" + versions.text();
}

}  // namespace omenia::worker
