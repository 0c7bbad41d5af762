#include "shared/json/json5.h"

#include <cmath>
#include <string>
#include <unordered_set>

#include "shared/base/utf8.h"
#include "shared/json/json5_cursor.h"
#include "shared/json/json5_scalar.h"
#include "shared/json/writer.h"

namespace omenia {

namespace {

using json5::Cursor;

constexpr double exact_integer_max = 9007199254740992.0;  // 2^53

// Translates JSON5 into strict JSON text, value by value, and notes the line of each.
class Translator {
 public:
  explicit Translator(std::string_view text) : cursor_(text) {}

  Result<void> read_document() {
    TRY(cursor_.skip_blank());
    if (cursor_.at_end()) return cursor_.failure("the document is empty");
    TRY(read_value(cursor_.line()));
    TRY(cursor_.skip_blank());
    if (!cursor_.at_end()) return cursor_.failure("expected the end, found " + cursor_.found());
    return {};
  }

  const std::string& strict_text() const { return writer_.text(); }
  std::vector<int> take_lines() { return std::move(lines_); }

 private:
  // The cursor stands on the value's first character.
  Result<void> read_value(int line) {
    lines_.push_back(line);
    const char c = cursor_.peek();
    if (c == '{') return read_object();
    if (c == '[') return read_array();
    if (c == '"' || c == '\'') return read_text();
    if (json5::starts_number(cursor_)) return read_number();
    if (json5::starts_word(cursor_)) return read_word();
    return cursor_.failure("expected a value, found " + cursor_.found());
  }

  Result<void> read_object() {
    TRY(enter());
    writer_.begin_object();
    std::unordered_set<std::string> names;
    for (;;) {
      TRY(cursor_.skip_blank());
      if (cursor_.accept('}')) break;
      TRY(read_member(names));
      TRY(skip_comma('}'));
    }
    writer_.end_object();
    --depth_;
    return {};
  }

  Result<void> read_member(std::unordered_set<std::string>& names) {
    const Cursor start = cursor_;
    TRY_ASSIGN(const std::string name, json5::read_name(cursor_));
    if (!names.insert(name).second)
      return start.failure("the key \"" + std::string(utf8_prefix(name, 80)) + "\" stands twice in one object");
    TRY(cursor_.skip_blank());
    if (!cursor_.accept(':'))
      return cursor_.failure("expected \":\" after the name \"" + std::string(utf8_prefix(name, 80)) + "\", found " +
                             cursor_.found());
    TRY(cursor_.skip_blank());
    writer_.key(name);
    return read_value(start.line());
  }

  Result<void> read_array() {
    TRY(enter());
    writer_.begin_array();
    for (;;) {
      TRY(cursor_.skip_blank());
      if (cursor_.accept(']')) break;
      TRY(read_value(cursor_.line()));
      TRY(skip_comma(']'));
    }
    writer_.end_array();
    --depth_;
    return {};
  }

  Result<void> enter() {
    if (++depth_ > limits::json_depth_max)
      return cursor_.failure("nested deeper than " + std::to_string(limits::json_depth_max) + " levels");
    cursor_.advance();
    return {};
  }

  // After a member or element: a comma, or the closing bracket, which stays.
  Result<void> skip_comma(char closing) {
    TRY(cursor_.skip_blank());
    if (cursor_.accept(',') || cursor_.peek() == closing) return {};
    return cursor_.failure(std::string("expected \",\" or \"") + closing + "\", found " + cursor_.found());
  }

  Result<void> read_text() {
    TRY_ASSIGN(const std::string text, json5::read_string(cursor_));
    writer_.value(text);
    return {};
  }

  Result<void> read_number() {
    TRY_ASSIGN(const double number, json5::read_number(cursor_));
    if (std::trunc(number) == number && std::fabs(number) <= exact_integer_max) {
      writer_.value(static_cast<std::int64_t>(number));
    } else {
      writer_.value(number);
    }
    return {};
  }

  Result<void> read_word() {
    const Cursor start = cursor_;
    TRY_ASSIGN(const std::string word, json5::read_name(cursor_));
    if (word == "Infinity" || word == "NaN") return start.failure("Infinity and NaN are not accepted as values");
    if (word != "true" && word != "false" && word != "null")
      return start.failure("\"" + std::string(utf8_prefix(word, 80)) + "\" is no value (a string needs quotes)");
    writer_.raw(word);
    return {};
  }

  Cursor cursor_;
  JsonWriter writer_;
  std::vector<int> lines_;
  int depth_ = 0;
};

std::size_t count_values(JsonView node) {
  std::size_t count = 1;
  for (JsonView child = node.first(); child; child = child.next()) count += count_values(child);
  return count;
}

Result<void> check_characters(std::string_view text) {
  if (is_utf8(text)) return {};
  Cursor cursor(text);
  while (utf8_sequence_length(text.substr(cursor.position())) > 0) cursor.advance(cursor.character().size());
  return cursor.failure("the text is not UTF-8");
}

}  // namespace

int Json5Document::line_of(const JsonPath& path) const {
  if (lines.empty()) return 0;
  std::size_t order = 0;  // Of the value reached so far, in document order.
  JsonView node = value;
  for (const std::string& name : path) {
    const JsonView target = find(node, {name});
    if (!target) break;
    ++order;
    JsonView child = node.first();
    for (; child.node() != target.node(); child = child.next()) order += count_values(child);
    node = child;
  }
  return lines[order];
}

Result<Json5Document> parse_json5(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max)
    return fail(ErrorCode::invalid_request,
                "JSON5 parse failed: the document is larger than " + std::to_string(bytes_max) + " bytes");
  TRY(check_characters(text));
  Translator translator(text);
  TRY(translator.read_document());
  TRY_ASSIGN(Json value, Json::parse(translator.strict_text()));
  return Json5Document{std::move(value), translator.take_lines()};
}

}  // namespace omenia
