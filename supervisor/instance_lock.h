#pragma once
// InstanceLock: one gateway a state directory. Taken by every supervisor before it binds, held for its life.

#include <string>

#include "shared/base/limits.h"
#include "shared/base/result.h"
#include "shared/os/file_lock.h"
#include "shared/protocol/launch.h"

namespace omenia::supervisor {

class InstanceLock {
 public:
  // Waits up to `wait_ms` for another holder to go. Error: already_running, names the holder and what to do.
  static Result<InstanceLock> take(const Launch& launch, int wait_ms = limits::state_lock_ms_max);

  static Result<InstanceLock> adopt(Fd fd, const Launch& launch);  // From the program that this one replaced.
  int descriptor() const { return lock_.descriptor(); }

 private:
  explicit InstanceLock(FileLock lock) : lock_(std::move(lock)) {}
  FileLock lock_;
};

std::string instance_lock_path(const std::string& state_dir);

}  // namespace omenia::supervisor
