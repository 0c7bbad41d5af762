#include "worker/openai/event_stream.h"

#include <string>

namespace omenia::openai {

EventStream::EventStream(worker::Context& context, std::shared_ptr<http::Exchange> exchange)
    : exchange_(std::move(exchange)),
      quiet_ms_max_(context.config()->stream_keep_alive_ms),
      keep_alive_(context.loop, [this] { write(": keepalive\n\n"); }) {
  exchange_->begin_event_stream();
  keep_alive_.start(quiet_ms_max_);
}

void EventStream::send(std::string_view json) {
  std::string text("data: ");
  write(text.append(json).append("\n\n"));
}

void EventStream::send(std::string_view event, std::string_view json) {
  std::string text("event: ");
  write(text.append(event).append("\ndata: ").append(json).append("\n\n"));
}

void EventStream::finish() {
  keep_alive_.stop();
  exchange_->write("data: [DONE]\n\n");
  exchange_->finish();
}

void EventStream::write(std::string_view text) {
  exchange_->write(text);
  keep_alive_.start(quiet_ms_max_);
}

}  // namespace omenia::openai
