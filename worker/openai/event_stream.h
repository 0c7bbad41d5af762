#pragma once
// EventStream: server-sent events to one client. Comments keep it open while nothing is said, for the proxies between.

#include <memory>
#include <string_view>

#include "worker/context.h"

namespace omenia::openai {

class EventStream {
 public:
  // Answers the head at once.
  EventStream(worker::Context& context, std::shared_ptr<http::Exchange> exchange);

  void send(std::string_view json);                          // "data: ..."
  void send(std::string_view event, std::string_view json);  // With the line "event: ..." before.
  void finish();                                             // [DONE], and the end.

 private:
  void write(std::string_view text);

  std::shared_ptr<http::Exchange> exchange_;
  std::int64_t quiet_ms_max_;
  Timer keep_alive_;
};

}  // namespace omenia::openai
