#pragma once
// JsonWriter: writes JSON text straight into a string, for frames, events and stored rows. It puts the commas; the
// caller keeps the nesting right. Strings must be UTF-8; bytes that are not are written as U+FFFD.

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/json/json.h"

namespace omenia {

void append_json_string(std::string& out, std::string_view text);  // With the quotes.

class JsonWriter {
 public:
  JsonWriter() = default;
  explicit JsonWriter(std::size_t reserve_bytes) { out_.reserve(reserve_bytes); }

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(std::size_t number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(double number);  // Not finite: null.
  JsonWriter& value(bool flag);
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);  // Text that is JSON already.
  JsonWriter& value(JsonView view) { return raw(view.dump()); }

  // A member: writer.member("ts", now). `raw_member` for text that is JSON already.
  template <typename T>
  JsonWriter& member(std::string_view name, const T& content) {
    key(name);
    return value(content);
  }
  JsonWriter& raw_member(std::string_view name, std::string_view json) { return key(name).raw(json); }

  const std::string& text() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::string out_;
  bool need_comma_ = false;
};

}  // namespace omenia
