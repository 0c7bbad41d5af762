#pragma once
// Job: one unit of work on its way through a store thread and back.

#include <functional>

#include "shared/base/result.h"

namespace omenia::state {

struct Tables;

struct Job {
  std::function<bool(Tables&)> run;                        // On a store thread. False: its changes are to be undone.
  std::function<void(const Result<void>& commit)> answer;  // On the loop; `commit` is the error of the group, if any.
};

}  // namespace omenia::state
