#pragma once
// ChatStream: one run as a stream of chat.completion.chunk objects.

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/json/writer.h"
#include "worker/openai/chat_request.h"
#include "worker/openai/event_stream.h"

namespace omenia::openai {

class ChatStream final : public agents::RunObserver {
 public:
  // Answers the head and the first chunk at once.
  ChatStream(worker::Context& context, std::shared_ptr<http::Exchange> exchange, const ChatRequest& chat);

  void text_added(agents::Run& run, std::string_view piece) override;

  void finish(const agents::RunOutcome& outcome);
  void refuse(const Error& error);  // Ends it with the error.

 private:
  JsonWriter chunk() const;
  void send_choice(std::string_view delta_json, std::string_view finish_reason);  // Empty: not the last.
  void send_text(std::string_view text);
  void send_call(std::size_t index, const providers::ToolCall& call);
  void send_usage(const providers::Usage& usage);

  EventStream events_;
  std::string id_;
  std::string model_;
  std::int64_t created_s_;
  bool include_usage_;
  providers::ToolChoice tool_choice_;
  bool said_ = false;
  bool holds_text_;  // Until it is known whether the call is there that was demanded.
  std::string held_;
};

}  // namespace omenia::openai
