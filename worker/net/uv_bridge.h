#pragma once
// UvBridge: a libuv loop run inside the worker's libevent loop, because libwebsockets speaks libuv and not libevent.
// The uv loop's descriptor and next timer are watched; everything still happens on the one thread.

#include <uv.h>

#include "shared/loop/loop.h"

namespace omenia::net {

class UvBridge {
 public:
  explicit UvBridge(Loop& loop);
  ~UvBridge();
  UvBridge(const UvBridge&) = delete;
  UvBridge& operator=(const UvBridge&) = delete;

  uv_loop_t* loop() { return &uv_; }

  // To be called after every library call that was made outside of the library's own callbacks.
  void kick();

  // Runs what is left, without waiting; false when something is still open after many turns.
  bool settle();

 private:
  void pump();
  uv_loop_t uv_;
  Timer next_timer_;
  Timer soon_;
  std::unique_ptr<Watch> readable_;
};

}  // namespace omenia::net
