#pragma once
// Stability: what has lately disturbed the gateway, kept for who looks into it. A bounded list in memory; the log has
// the same in words.

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "shared/json/writer.h"
#include "worker/agents/run.h"

namespace omenia::worker {

class Stability final : public agents::RunObserver {
 public:
  // `write` adds members to the event's object.
  void record(std::string_view type, const std::function<void(JsonWriter&)>& write);
  std::string to_json() const;  // The answer of diagnostics.stability.

  void ended(agents::Run& run, const agents::RunOutcome& outcome) override;  // Of runs that failed.

 private:
  struct Event {
    std::string type;
    std::string text;  // JSON object.
  };
  std::deque<Event> events_;
  std::int64_t next_seq_ = 1;
};

// Types of events.
inline constexpr std::string_view stability_loop_late = "loop.late";
inline constexpr std::string_view stability_slow_reader = "payload.large";
inline constexpr std::string_view stability_run_failed = "run.failed";

}  // namespace omenia::worker
