#pragma once
// Conversation: what a request tells of a conversation, and the one turn of an agent that it becomes: what was said
// before is told as context, the last message of the user or of a tool is answered.

#include <string>
#include <vector>

#include "shared/base/result.h"
#include "shared/json/json.h"

namespace omenia::openai {

struct Line {
  std::string speaker;  // User, Assistant, Tool:<call id>.
  std::string text;
  bool answerable = false;    // Of a user or a tool: may be what the turn answers.
  std::string placeholder{};  // Of a user who sent images or files alone: what stands for the text that is missing.
  JsonView content{};         // Of a user: the parts, as they came.
};

struct Turn {
  std::string text;
  JsonView content;  // Of the user's message that is answered; nothing when a tool's result is.
};

class Conversation {
 public:
  void add_system(const std::string& text);  // A paragraph more.
  void add(Line line) { lines_.push_back(std::move(line)); }

  const std::string& system() const { return system_; }
  // Nothing is left of the lines. Error invalid_request, `missing`: nobody is to be answered.
  Result<Turn> take_turn(std::string_view missing);

 private:
  std::string system_;
  std::vector<Line> lines_;
};

void append_paragraph(std::string& text, std::string_view paragraph);  // After a blank line; an empty one not at all.

// Content is a string, or parts of which the text ones count: "text", "input_text", "output_text".
std::string text_of_content(JsonView content);

// "tool_call id=... name=... arguments=..."
std::string call_line(std::string_view id, std::string_view name, std::string_view arguments);

}  // namespace omenia::openai
