#pragma once
// Health: the snapshot that the method `health`, the event and hello-ok carry. Kept as text, made anew every minute and
// on request.

#include <cstdint>
#include <string>

#include "shared/base/result.h"
#include "shared/base/task.h"
#include "shared/loop/loop.h"

namespace omenia::worker {

struct Context;

class Health {
 public:
  explicit Health(Context& context);

  void start();                                              // The first snapshot, and one every minute.
  const std::string& snapshot() const { return snapshot_; }  // "{}" until the first is made.
  std::int64_t version() const { return version_; }
  Task<Result<std::string>> refresh();  // Makes one, tells everybody, answers it.

 private:
  Context& context_;
  Timer timer_;
  std::string snapshot_ = "{}";
  std::int64_t version_ = 1;
  TaskScope scope_;
};

}  // namespace omenia::worker
