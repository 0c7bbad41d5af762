#pragma once
// RunFeed: what runs do, told to the connections of the control protocol as `agent`, `chat`, `session.message` and
// `sessions.changed` events. `agent` events go out as things happen; the text in `chat` deltas is paced, and all text
// is held back from a connection that takes nothing at the moment.

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "shared/json/writer.h"
#include "shared/loop/loop.h"
#include "worker/agents/run.h"

namespace omenia::worker {

struct Context;

class RunFeed final : public agents::RunObserver {
 public:
  explicit RunFeed(Context& context) : context_(context) {}

  void preparing(agents::Run& run, std::string_view phase) override;
  void started(agents::Run& run) override;
  void model_called(agents::Run& run) override;
  void text_added(agents::Run& run, std::string_view piece) override;
  void stored(agents::Run& run, const state::EntryRow& entry) override;
  void ended(agents::Run& run, const agents::RunOutcome& outcome) override;

  void flush(agents::Run& run);   // Tells the text that is held back for the pace.
  void resume(agents::Run& run);  // Another worker has told the run's text so far.

 private:
  // Text that chat deltas have not told yet, by run.
  struct Pace {
    std::size_t told_bytes = 0;
    std::unique_ptr<Timer> timer;
  };

  void tell_agent_text(agents::Run& run, std::size_t told_bytes, bool last);
  void tell_chat_text(agents::Run& run, std::size_t told_bytes, bool last);
  // `write` adds the members of its own. Called when somebody hears the event; it has its number in any case.
  using Write = std::function<void(JsonWriter& members)>;
  void send_agent(agents::Run& run, std::string_view stream, const Write& write);
  void send_chat(agents::Run& run, std::string_view state, const Write& write);
  void send_status(agents::Run& run, std::string_view phase);
  void send_session_changed(agents::Run& run, std::string_view phase);

  Context& context_;
  std::unordered_map<std::string, Pace> paces_;
};

}  // namespace omenia::worker
