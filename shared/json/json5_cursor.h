#pragma once
// Cursor of the JSON5 reader: a position in the text, its line and column, and what is blank.

#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace omenia::json5 {

class Cursor {
 public:
  // `text` is UTF-8.
  explicit Cursor(std::string_view text) : text_(text) {}

  bool at_end() const { return position_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[position_]; }
  bool starts_with(std::string_view word) const { return text_.substr(position_).starts_with(word); }
  std::string_view character() const;   // The whole character here; empty at the end.
  void advance(std::size_t bytes = 1);  // Over whole characters.
  bool accept(char c);                  // Steps over `c` when it is here.

  bool at_line_end() const;   // LF, CR, U+2028, U+2029.
  void skip_line_end();       // One of them; CR LF counts as one.
  bool at_blank() const;      // Space of any kind, a line end or a byte order mark.
  Result<void> skip_blank();  // Blanks and comments.

  std::size_t position() const { return position_; }
  std::string_view since(std::size_t start) const { return text_.substr(start, position_ - start); }
  int line() const { return line_; }

  // The error "JSON5 parse failed: <what> at <line>:<column>", for here.
  Error failure(const std::string& what) const;
  std::string found() const;  // What stands here, for messages: the character in quotes, or "the end".

 private:
  Result<void> skip_comment();
  int column() const;

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
};

}  // namespace omenia::json5
