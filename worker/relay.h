#pragma once
// Relay: joins the worker that serves and those that it has replaced and that still drain. Whoever drains tells what
// its runs do; whoever serves shows them as images, so that its clients see them go on, wait for them and stop them.
// Both tell each other the ends of their runs, for which a session's lane may be waiting.
//
//   run {…}  text {runId, piece}  phase {runId, phase}  started {runId, startedMs}  model {runId, provider, model, api}
//   stored {runId, entry}  ended {outcome}                                       what a run does, from its worker
//   abort {runId, reason}                                                        to its worker

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include "shared/base/fd.h"
#include "shared/json/writer.h"
#include "shared/protocol/control.h"
#include "worker/agents/run.h"

namespace omenia::worker {

struct Context;

class Relay final : public agents::RunObserver {
 public:
  explicit Relay(Context& context);
  ~Relay() override;

  // A socket to the worker of that generation. The draining side shows its runs over it at once.
  void join(std::int64_t generation, Fd socket);
  // This worker drains: its runs are shown to the others from now on.
  void drain();

  void preparing(agents::Run& run, std::string_view phase) override;
  void started(agents::Run& run) override;
  void model_called(agents::Run& run) override;
  void text_added(agents::Run& run, std::string_view piece) override;
  void stored(agents::Run& run, const state::EntryRow& entry) override;
  void ended(agents::Run& run, const agents::RunOutcome& outcome) override;

 private:
  class Link;

  void tell(const agents::Run& run, const JsonWriter& message);  // Over every link, while this worker drains.
  void show_all(Link& link);
  void show(Link& link, const agents::Run& run);

  Context& context_;
  bool draining_ = false;
  std::list<std::unique_ptr<Link>> links_;
};

}  // namespace omenia::worker
