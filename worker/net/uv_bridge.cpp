#include "worker/net/uv_bridge.h"

#include "shared/base/ensure.h"

namespace omenia::net {

namespace {
constexpr int turns_at_once_max = 4;     // Then libevent's other events get their turn.
constexpr int turns_at_close_max = 100;  // Handles close within a few turns; a leak shall not hang the exit.
}  // namespace

UvBridge::UvBridge(Loop& loop) : next_timer_(loop, [this] { pump(); }), soon_(loop, [this] { pump(); }) {
  ensure(uv_loop_init(&uv_) == 0, "libuv makes a loop");
  readable_ = std::make_unique<Watch>(loop, uv_backend_fd(&uv_), Watch::For::reading, [this] { pump(); });
}

UvBridge::~UvBridge() {
  readable_.reset();
  settle();
  uv_loop_close(&uv_);
}

bool UvBridge::settle() {
  for (int turn = 0; turn < turns_at_close_max; ++turn)
    if (uv_run(&uv_, UV_RUN_NOWAIT) == 0) return true;
  return false;
}

void UvBridge::kick() {
  soon_.start(0);
}

void UvBridge::pump() {
  for (int turn = 0; turn < turns_at_once_max; ++turn) {
    uv_run(&uv_, UV_RUN_NOWAIT);
    if (uv_backend_timeout(&uv_) != 0) break;
  }
  const int wait_ms = uv_backend_timeout(&uv_);
  if (wait_ms < 0) {
    next_timer_.stop();
  } else {
    next_timer_.start(wait_ms);
  }
}

}  // namespace omenia::net
