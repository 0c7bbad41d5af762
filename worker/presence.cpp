#include "worker/presence.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>

#include "shared/base/clock.h"
#include "shared/base/limits.h"
#include "shared/base/version.h"
#include "shared/json/writer.h"

namespace omenia::worker {

namespace {

bool is_tracked(const rpc::ClientInfo& client) {
  return client.mode != "cli" && client.mode != "backend" && client.mode != "probe";
}

void write_own_entry(JsonWriter& writer, const std::string& instance_id) {
  utsname system{};
  ::uname(&system);
  const std::string host = system.nodename;
  writer.begin_object();
  writer.member("host", host).member("version", version).member("platform", std::string("linux ") + system.release);
  writer.member("deviceFamily", "Linux").member("mode", "gateway").member("reason", "self");
  writer.member("instanceId", instance_id);
  writer.member("text", "Gateway: " + host + " · app " + version + " · mode gateway · reason self");
  writer.member("ts", wall_ms()).end_object();
}

void write_if(JsonWriter& writer, std::string_view name, const std::string& value) {
  if (!value.empty()) writer.member(name, value);
}

void write_if(JsonWriter& writer, std::string_view name, const std::vector<std::string>& values) {
  if (values.empty()) return;
  writer.key(name).begin_array();
  for (const std::string& value : values) writer.value(value);
  writer.end_array();
}

void write_report(JsonWriter& writer, const PresenceReport& report, std::int64_t changed_ms) {
  writer.begin_object();
  write_if(writer, "host", report.host);
  write_if(writer, "ip", report.ip);
  write_if(writer, "version", report.version);
  write_if(writer, "platform", report.platform);
  write_if(writer, "deviceFamily", report.device_family);
  write_if(writer, "modelIdentifier", report.model_identifier);
  write_if(writer, "mode", report.mode);
  if (report.last_input_seconds) writer.member("lastInputSeconds", *report.last_input_seconds);
  writer.member("reason", report.reason.empty() ? "reported" : report.reason).member("text", report.text);
  write_if(writer, "deviceId", report.device_id);
  write_if(writer, "instanceId", report.instance_id);
  write_if(writer, "roles", report.roles);
  write_if(writer, "scopes", report.scopes);
  write_if(writer, "tags", report.tags);
  writer.member("ts", changed_ms).end_object();
}

}  // namespace

const std::string& PresenceReport::name() const {
  for (const std::string* part : {&instance_id, &device_id, &host})
    if (!part->empty()) return *part;
  return text;
}

Presence::Presence(Loop& loop, std::string instance_id, std::function<void()> changed)
    : instance_id_(std::move(instance_id)), changed_(std::move(changed)), telling_(loop, [this] { tell(); }) {}

bool Presence::join(const std::string& connection_id, const rpc::ClientInfo& client, const auth::ScopeSet& scopes) {
  if (!is_tracked(client)) return false;
  forget_old();
  std::erase_if(entries_, [&](const Entry& entry) {
    return !entry.connected && !client.instance_id.empty() && entry.client.instance_id == client.instance_id;
  });
  if (entries_.size() >= limits::presence_entries_max) forget_one();
  const std::int64_t now_ms = wall_ms();
  entries_.push_back({connection_id, client, scopes.names(), now_ms, now_ms, true});
  return true;
}

void Presence::leave(const std::string& connection_id) {
  const auto entry =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.connection_id == connection_id; });
  if (entry == entries_.end()) return;
  entry->connected = false;
  entry->changed_ms = wall_ms();
  announce();
}

void Presence::report(PresenceReport report) {
  forget_old();
  std::erase_if(reported_, [&](const Reported& earlier) { return earlier.report.name() == report.name(); });
  if (reported_.size() >= limits::presence_entries_max) reported_.erase(reported_.begin());
  reported_.push_back({std::move(report), wall_ms()});
  announce();
}

void Presence::announce() {
  if (!telling_.running()) telling_.start(std::max<std::int64_t>(0, next_telling_ms_ - steady_ms()));
}

void Presence::tell() {
  next_telling_ms_ = steady_ms() + limits::presence_pace_ms;
  forget_old();
  ++version_;
  changed_();
}

void Presence::forget_old() {
  const std::int64_t oldest_ms = wall_ms() - limits::presence_age_ms_max;
  std::erase_if(entries_, [&](const Entry& entry) { return !entry.connected && entry.changed_ms < oldest_ms; });
  std::erase_if(reported_, [&](const Reported& reported) { return reported.changed_ms < oldest_ms; });
}

void Presence::forget_one() {
  const auto gone = std::find_if(entries_.begin(), entries_.end(), [](const Entry& entry) { return !entry.connected; });
  entries_.erase(gone == entries_.end() ? entries_.begin() : gone);
}

std::string Presence::to_json() const {
  JsonWriter writer(512);
  writer.begin_array();
  write_own_entry(writer, instance_id_);
  for (const Entry& entry : entries_) {
    const rpc::ClientInfo& client = entry.client;
    writer.begin_object().member("clientId", client.id).member("mode", client.mode);
    writer.member("host", client.display_name.empty() ? client.id : client.display_name);
    write_if(writer, "version", client.version);
    write_if(writer, "platform", client.platform);
    write_if(writer, "deviceFamily", client.device_family);
    write_if(writer, "modelIdentifier", client.model_identifier);
    write_if(writer, "instanceId", client.instance_id);
    write_if(writer, "timeZone", client.time_zone);
    write_if(writer, "deviceId", client.device_id);
    writer.member("onlineSince", entry.online_since_ms).member("ts", entry.changed_ms);
    writer.member("reason", entry.connected ? "connect" : "disconnect");
    writer.member("text", "Node: " + client.id + " · mode " + client.mode);
    writer.key("roles").begin_array().value(client.role).end_array();
    writer.key("scopes").begin_array();
    for (const std::string_view scope : entry.scopes) writer.value(scope);
    writer.end_array().end_object();
  }
  for (const Reported& reported : reported_) write_report(writer, reported.report, reported.changed_ms);
  return writer.end_array().take();
}

}  // namespace omenia::worker
