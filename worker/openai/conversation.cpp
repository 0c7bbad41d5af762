#include "worker/openai/conversation.h"

#include <algorithm>
#include <utility>

#include "worker/openai/request_fields.h"

namespace omenia::openai {

void Conversation::add_system(const std::string& text) {
  append_paragraph(system_, text);
}

Result<Turn> Conversation::take_turn(std::string_view missing) {
  std::vector<Line> lines = std::exchange(lines_, {});
  const auto last = std::find_if(lines.rbegin(), lines.rend(), [](const Line& line) { return line.answerable; });
  if (last == lines.rend()) return invalid(std::string(missing));
  lines.erase(last.base(), lines.end());
  Line current = std::move(lines.back());
  lines.pop_back();
  if (current.text.empty()) current.text = current.placeholder;
  std::erase_if(lines, [](const Line& line) { return line.text.empty() && !line.placeholder.empty(); });
  Turn turn;
  turn.content = current.content;
  if (lines.empty() && !current.speaker.starts_with("Tool:")) {
    turn.text = std::move(current.text);
    return turn;
  }
  if (!lines.empty()) {
    turn.text = "[Chat messages since your last reply - for context]\n";
    for (const Line& line : lines) turn.text.append(line.speaker).append(": ").append(line.text).append("\n");
    turn.text.append("\n");
  }
  turn.text.append("[Current message - respond to this]\n");
  turn.text.append(current.speaker).append(": ").append(current.text);
  return turn;
}

void append_paragraph(std::string& text, std::string_view paragraph) {
  if (!paragraph.empty()) text.append(text.empty() ? "" : "\n\n").append(paragraph);
}

std::string text_of_content(JsonView content) {
  if (content.is_string()) return trimmed(content.text());
  std::string text;
  for (JsonView part = content.is_array() ? content.first() : JsonView(); part; part = part.next()) {
    const std::string_view type = part["type"].text();
    const bool is_text = (type == "text" || type == "input_text" || type == "output_text") && part["text"];
    const std::string_view said = (is_text ? part["text"] : part["input_text"]).text();
    if (!said.empty()) text.append(text.empty() ? "" : "\n").append(said);
  }
  return trimmed(text);
}

std::string call_line(std::string_view id, std::string_view name, std::string_view arguments) {
  std::string line("tool_call id=");
  return line.append(id).append(" name=").append(name).append(" arguments=").append(arguments);
}

}  // namespace omenia::openai
