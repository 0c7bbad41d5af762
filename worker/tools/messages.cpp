#include "worker/tools/messages.h"

#include "shared/base/limits.h"
#include "shared/base/utf8.h"
#include "worker/agents/transcript.h"

namespace omenia::tools {

namespace {

std::string shortened(std::string text) {
  const std::string_view prefix = utf8_prefix(text, limits::tool_history_block_chars_max);
  return prefix.size() == text.size() ? std::move(text) : std::string(prefix) + "…";
}

std::string shown(const ToolHost& host, const state::EntryRow& entry) {
  const auto body = Json::parse(entry.body);
  const std::string text = body.ok() ? agents::text_of(body.value()["content"]) : std::string();
  JsonWriter writer;
  writer.begin_object().member("role", entry.role).member("seq", entry.seq).member("timestamp", entry.created_ms);
  writer.member("text", shortened(host.without_secrets(text)));
  return writer.end_object().take();
}

}  // namespace

bool write_messages(JsonWriter& writer, const ToolHost& host, const std::vector<state::EntryRow>& entries,
                    std::size_t bytes_max) {
  std::vector<std::string> messages;  // The newest first.
  std::size_t bytes = 0;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    std::string message = shown(host, *entry);
    bytes += message.size();
    if (bytes > bytes_max) break;
    messages.push_back(std::move(message));
  }
  writer.begin_array();
  for (auto message = messages.rbegin(); message != messages.rend(); ++message) writer.raw(*message);
  writer.end_array();
  return messages.size() < entries.size();
}

}  // namespace omenia::tools
