#pragma once
// Store: everything that must survive. One writer thread takes units of work, many share one commit; a second thread
// answers reads from its own snapshot. Both answer on the loop. What `write` has answered is on disk, unless its caller
// asked for less.
// No SQLite type appears here or in the repositories, so that a second backend can stand beside it.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/base/ensure.h"
#include "shared/base/pending.h"
#include "shared/base/result.h"
#include "state/device_tokens.h"
#include "state/devices.h"
#include "state/entries.h"
#include "state/groups.h"
#include "state/health.h"
#include "state/idempotency.h"
#include "state/job.h"
#include "state/meta.h"
#include "state/node_work.h"
#include "state/nodes.h"
#include "state/pairing_requests.h"
#include "state/runs.h"
#include "state/search.h"
#include "state/sessions.h"
#include "state/setup_codes.h"
#include "state/system_events.h"
#include "state/turns.h"
#include "state/usage.h"

namespace omenia {
class Loop;
}

namespace omenia::state {

class Database;  // SQLite behind it; database.h is for state/ alone.

// The repositories of one unit of work, all inside its transaction.
struct Tables {
  Meta& meta;
  Sessions& sessions;
  Entries& entries;
  Runs& runs;
  Idempotency& idempotency;
  Devices& devices;
  DeviceTokens& device_tokens;
  PairingRequests& pairing_requests;
  Nodes& nodes;
  SetupCodes& setup_codes;
  Groups& groups;
  Usage& usage;
  SystemEvents& system_events;
  Search& search;
  NodeWork& node_work;
  Turns& turns;
};

// What became of the journals of processes that are gone.
struct TakenOver {
  std::size_t turns = 0;
  std::vector<std::string> problems;  // A sentence for each that could not be stored; its journal stays where it is.
};

struct StoreOptions {
  std::string directory;  // The state directory; the database is <directory>/state/OmeniaClaw.sqlite.
  // Runs a function on the loop's thread, or drops it. Called until the store is destroyed.
  std::function<void(std::function<void()>)> post;
  // Called on the loop when writes begin to be refused for the disk's sake, and when they are taken again.
  std::function<void(const StoreHealth&)> health_changed{};
  Loop* loop = nullptr;  // Its timers. Without one no turn is noted.
};

class Store {
 public:
  // Opens, migrates (with a copy before), checks. Errors: schema_too_new, storage (names the file and the cause).
  static Result<std::unique_ptr<Store>> open(StoreOptions options);
  ~Store();  // Finishes the units of work it has accepted, answers none of them any more.
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Runs `unit` on the writer thread inside a savepoint of the current group and answers after the group's commit.
  // When `unit` fails its changes are undone and its own error is answered. When the commit fails, every unit of the
  // group gets error storage, and nothing of the group is kept. A full queue answers unavailable at once.
  template <typename T>
  Pending<Result<T>> write(std::function<Result<T>(Tables&)> unit, Durability durability = Durability::synced) {
    return submit<T>(Kind::write, std::move(unit), durability);
  }

  // Whatever ends the process after this, the turn will be in the tables: it is in the journal. It gets there with the
  // turns of the next moments in one commit, and before any unit of work that is given later, unless the disk refuses
  // it. False: not noted (the disk refuses writes, the journal has no room); it has to be written.
  bool note(std::shared_ptr<const TurnRow> turn);
  void hand_over_noted();  // To the tables now: another process is going to look.
  // Stores what processes that are gone have noted and not stored. Error storage: nothing was, try again later.
  Pending<Result<TakenOver>> take_over_journals();

  // Runs `unit` on the reader thread. It sees every write that was answered before this call. It must not change
  // anything.
  template <typename T>
  Pending<Result<T>> read(std::function<Result<T>(Tables&)> unit) {
    return submit<T>(Kind::read, std::move(unit), Durability::logged);
  }

  const std::string& path() const;
  StoreHealth health() const;

 private:
  enum class Kind { read, write };
  struct Threads;

  explicit Store(std::unique_ptr<Threads> threads);
  void enqueue(Kind kind, Job job);
  void give(Kind kind, Job job);

  template <typename T>
  Pending<Result<T>> submit(Kind kind, std::function<Result<T>(Tables&)> unit, Durability durability) {
    Pending<Result<T>> pending;
    auto result = std::make_shared<std::optional<Result<T>>>();
    enqueue(kind, Job{[result, unit = std::move(unit)](Tables& tables) {
                        result->emplace(unit(tables));
                        return (*result)->ok();
                      },
                      [result, resolver = pending.resolver()](const Result<void>& commit) {
                        if (!commit.ok()) return resolver.resolve(Error(commit.error()));
                        ensure(result->has_value(), "a unit of work that was committed has an answer");
                        resolver.resolve(std::move(**result));
                      },
                      durability});
    return pending;
  }

  std::unique_ptr<Threads> threads_;
};

}  // namespace omenia::state
