#pragma once
// Job: one unit of work on its way through a store thread and back.

#include <functional>

#include "shared/base/result.h"

namespace omenia::state {

struct Tables;

// What an answered write survives.
enum class Durability {
  synced,  // A loss of power: it is on the disk.
  logged,  // The end of every process: it is in the database's log, and on the disk about limits::store_unsynced_ms
           // later.
};

struct Job {
  std::function<bool(Tables&)> run;                        // On a store thread. False: its changes are to be undone.
  std::function<void(const Result<void>& commit)> answer;  // On the loop; `commit` is the error of the group, if any.
  Durability durability = Durability::synced;
};

}  // namespace omenia::state
