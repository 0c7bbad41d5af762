#pragma once
// FuzzWorker: a whole worker on the fuzzer's own thread, in a folder of its own, which inputs are thrown at one after
// another. It is made once; what an input leaves behind is part of what the next one meets.

#include <memory>
#include <string>
#include <string_view>

#include "shared/base/fd.h"
#include "worker/context.h"

namespace omenia::fuzz {

inline constexpr const char* hooks_token = "the-token-of-hooks";

class FuzzWorker {
 public:
  static FuzzWorker& instance();
  ~FuzzWorker();

  worker::Context& context() { return *context_; }
  Fd client_of_a_web_socket();  // The other end was adopted; its upgrade is on its way.
  Fd client_of_the_port();      // A connection to the HTTP server.

  void turn(int times);  // Of the loop, without waiting.
  void send(const Fd& client, std::string_view bytes);
  void drain(const Fd& client);  // Reads what has come and forgets it.
  void leave(Fd client);         // Breaks the connection and waits until the worker has noticed.

 private:
  FuzzWorker();

  std::string folder_;
  std::unique_ptr<worker::Context> context_;
  int port_ = 0;
};

}  // namespace omenia::fuzz
