#pragma once
// ResponseStream: one run as the events of a response: the message opens at once and grows, function calls come after
// it, and the last event tells the whole.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/json/writer.h"
#include "worker/openai/event_stream.h"
#include "worker/openai/response_object.h"
#include "worker/openai/response_request.h"

namespace omenia::openai {

class ResponseStream final : public agents::RunObserver {
 public:
  // Answers the head and the events up to the empty message at once.
  ResponseStream(worker::Context& context, std::shared_ptr<http::Exchange> exchange, const ResponseRequest& request);

  void text_added(agents::Run& run, std::string_view piece) override;

  void finish(const agents::RunOutcome& outcome);
  void refuse(const Error& error, const providers::Usage& usage = {});  // Ends it as failed.

 private:
  // An event with its number; who calls adds its members and the end of the object.
  JsonWriter event(std::string_view type);
  JsonWriter event_of_text(std::string_view type);
  void send(std::string_view type, JsonWriter& event);
  void send_response(std::string_view type, const ResponseState& state);
  void send_item(std::string_view type, std::size_t index, std::string_view item);
  void open_message();
  std::string close_message(std::string_view status, std::string_view phase);
  std::string send_call(std::size_t index, const providers::ToolCall& call);
  void send_text(std::string_view text);

  EventStream events_;
  ResponseHead head_;
  std::string message_id_;
  providers::ToolChoice tool_choice_;
  std::string text_;  // Told.
  std::string held_;  // Until it is known whether the call is there that was demanded.
  std::int64_t next_number_ = 0;
};

}  // namespace omenia::openai
