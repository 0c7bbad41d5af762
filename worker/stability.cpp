#include "worker/stability.h"

#include <map>

#include "shared/base/clock.h"
#include "shared/base/limits.h"
#include "worker/process_memory.h"

namespace omenia::worker {

void Stability::record(std::string_view type, const std::function<void(JsonWriter&)>& write) {
  JsonWriter writer;
  writer.begin_object().member("seq", next_seq_++).member("ts", wall_ms()).member("type", type);
  write(writer);
  events_.push_back({std::string(type), writer.end_object().take()});
  if (events_.size() > limits::stability_events_max) events_.pop_front();
}

// What was stopped by a person or by a restart is no disturbance.
void Stability::ended(agents::Run& run, const agents::RunOutcome& outcome) {
  if (outcome.status != agents::RunStatus::failed && outcome.status != agents::RunStatus::timed_out) return;
  record(stability_run_failed, [&](JsonWriter& writer) {
    writer.member("source", run.request.origin).member("provider", outcome.provider).member("model", outcome.model);
    writer.member("outcome", agents::stored_name(outcome.status));
    writer.member("durationMs", outcome.started_ms > 0 ? outcome.ended_ms - outcome.started_ms : 0);
    if (outcome.error) writer.member("reason", omenia::row_of(outcome.error->code).name);
  });
}

std::string Stability::to_json() const {
  const auto count = static_cast<std::int64_t>(events_.size());
  std::map<std::string, std::int64_t> by_type;
  for (const Event& event : events_) ++by_type[event.type];
  JsonWriter writer(events_.size() * 128 + 512);
  writer.begin_object().member("generatedAt", iso_utc(wall_ms())).member("capacity", limits::stability_events_max);
  writer.member("count", count).member("dropped", next_seq_ - 1 - count).member("firstSeq", next_seq_ - count);
  writer.member("lastSeq", next_seq_ - 1).key("events").begin_array();
  for (const Event& event : events_) writer.raw(event.text);
  writer.end_array().key("summary").begin_object().key("byType").begin_object();
  for (const auto& [type, number] : by_type) writer.member(type, number);
  writer.end_object().key("memory").begin_object().member("rssBytes", resident_bytes()).end_object();
  const auto large = by_type.find(std::string(stability_slow_reader));
  writer.key("payloadLarge").begin_object().member("count", large == by_type.end() ? 0 : large->second).end_object();
  return writer.end_object().end_object().take();
}

}  // namespace omenia::worker
