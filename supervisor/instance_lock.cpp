#include "supervisor/instance_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#include <utility>

#include "shared/base/clock.h"
#include "shared/json/writer.h"
#include "shared/os/process.h"
#include "supervisor/listener.h"

namespace omenia::supervisor {

namespace {

std::string note_of(const Launch& launch) {
  JsonWriter json;
  json.begin_object()
      .member("pid", static_cast<std::int64_t>(::getpid()))
      .member("createdAt", iso_utc(wall_ms()))
      .member("configPath", launch.config_path)
      .member("stateDir", launch.state_dir)
      .member("port", launch.listen.front().port)
      .member("startTime", process_start_time(::getpid()))
      .end_object();
  return json.take() + "\n";
}

// The port in the way is the holder's, which need not be the one we were asked to open.
Error already_running(const std::string& note, int wait_ms) {
  const auto holder = Json::parse(note);
  const std::int64_t pid = holder.ok() ? holder.value()["pid"].integer() : 0;
  std::string text = "Gateway failed to start: gateway already running (pid " +
                     (pid == 0 ? "unknown" : std::to_string(pid)) + "); lock timeout after " + std::to_string(wait_ms) +
                     "ms";
  text.append("\n").append(row_of(ErrorCode::already_running).hint);
  const std::string diagnosis = port_diagnosis(static_cast<int>(holder.ok() ? holder.value()["port"].integer() : 0));
  if (!diagnosis.empty()) text += "\n" + diagnosis;
  return fail(ErrorCode::already_running, std::move(text));
}

}  // namespace

std::string instance_lock_path(const std::string& state_dir) {
  return state_dir + "/tmp/gateway.state.lock";
}

Result<InstanceLock> InstanceLock::adopt(Fd fd, const Launch& launch) {
  ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC);
  FileLock lock = FileLock::adopt(std::move(fd));
  TRY(lock.write(note_of(launch)));
  return InstanceLock(std::move(lock));
}

Result<InstanceLock> InstanceLock::take(const Launch& launch, int wait_ms) {
  const std::string path = instance_lock_path(launch.state_dir);
  const std::int64_t deadline_ms = steady_ms() + wait_ms;
  for (;;) {
    TRY_ASSIGN(auto lock, FileLock::try_take(path));
    if (lock) {
      TRY(lock->write(note_of(launch)));
      return InstanceLock(std::move(*lock));
    }
    if (steady_ms() >= deadline_ms) return already_running(FileLock::note_of_holder(path), wait_ms);
    std::this_thread::sleep_for(std::chrono::milliseconds(limits::state_lock_poll_ms));
  }
}

}  // namespace omenia::supervisor
