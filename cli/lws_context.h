#pragma once
// A libwebsockets context for one outgoing connection at a time: no listening, no certificates loaded, no proxy taken
// from the environment (a credential goes where the target says), and a timer that ends a wait.

#include <libwebsockets.h>

#include <cstdint>
#include <memory>

namespace omenia::cli {

class LwsContext {
 public:
  // `protocols` ends with LWS_PROTOCOL_LIST_TERM and outlives the context; `user` is what callbacks get from
  // lws_context_user.
  // `tls`: also for wss; who it is that answers is for the protocol's callback to say.
  LwsContext(const lws_protocols* protocols, void* user, bool tls = false);
  LwsContext(const LwsContext&) = delete;
  LwsContext& operator=(const LwsContext&) = delete;
  ~LwsContext();

  lws_context* get() const { return context_; }  // Null when the system has no memory or descriptors left.

  // Serves the sockets until something happened or the deadline passed; false at the deadline.
  bool serve(std::int64_t deadline_steady_ms);

 private:
  struct Alarm : lws_sorted_usec_list_t {
    bool rung = false;
  };
  lws_context* context_ = nullptr;
  Alarm alarm_{};
};

}  // namespace omenia::cli
