#pragma once
// Json: an owning JSON value over cJSON, bounded when it is read; JsonView: a look at a node inside one. What comes
// from outside is checked whole by a Shape (shape.h) first, so handlers read fields without checking again.
// For output use JsonWriter (writer.h), which builds no tree.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/limits.h"
#include "shared/base/result.h"

struct cJSON;

namespace omenia {

// A node of a Json, or nothing. Valid as long as the Json it came from is neither changed nor destroyed.
class JsonView {
 public:
  JsonView() = default;
  explicit JsonView(const cJSON* node) : node_(node) {}

  explicit operator bool() const { return node_ != nullptr; }
  bool is_object() const;
  bool is_array() const;
  bool is_string() const;
  bool is_number() const;
  bool is_integer() const;  // A number without a fraction, within 2^53.
  bool is_bool() const;
  bool is_null() const;

  // The member or element, or a view of nothing. Names are compared exactly.
  JsonView operator[](std::string_view name) const;
  JsonView at(std::size_t index) const;
  std::size_t size() const;  // Members or elements; 0 for anything else.

  // Iterates members or elements in document order: for (JsonView item = v.first(); item; item = item.next()).
  JsonView first() const;
  JsonView next() const;
  std::string_view name() const;  // The member's name, "" for elements.

  // The value when the node has that type, else the fallback.
  std::string_view text(std::string_view fallback = {}) const;
  double number(double fallback = 0) const;
  std::int64_t integer(std::int64_t fallback = 0) const;
  bool boolean(bool fallback = false) const;

  std::optional<std::string> optional_text() const;

  std::string dump() const;         // Compact JSON text; "null" for a view of nothing.
  std::string dump_pretty() const;  // Two spaces a level, ends without a newline.
  const cJSON* node() const { return node_; }

 private:
  const cJSON* node_ = nullptr;
};

bool operator==(JsonView a, JsonView b);  // Deep; the order of members does not count.

class Json {
 public:
  Json() = default;  // Nothing; not even null.
  static Json null();
  static Json object();
  static Json array();
  static Json of(std::string_view text);
  static Json of(const char* text) { return of(std::string_view(text)); }
  static Json of(double number);
  static Json of(std::int64_t number);
  static Json of(int number) { return of(static_cast<std::int64_t>(number)); }
  static Json of(bool value);
  static Json copy(JsonView view);

  // Reads strict JSON. Refuses what is larger or deeper than the limits, text after the value. An escape that names no
  // character, \u0000 or half of a surrogate pair, is read as U+FFFD.
  // Error: invalid_request, the message says what was found and at which byte.
  static Result<Json> parse(std::string_view text, std::size_t bytes_max = limits::json_document_bytes_max);

  JsonView view() const { return JsonView(node_.get()); }
  operator JsonView() const { return view(); }
  explicit operator bool() const { return node_ != nullptr; }
  JsonView operator[](std::string_view name) const { return view()[name]; }

  // Sets or replaces a member; `*this` must be an object.
  void set(std::string_view name, Json value);
  bool remove(std::string_view name);            // True when there was such a member.
  void push(Json value);                         // `*this` must be an array.
  cJSON* mutable_node() { return node_.get(); }  // For code that edits deep inside, such as config writes.

  std::string dump() const { return view().dump(); }
  std::string dump_pretty() const { return view().dump_pretty(); }

 private:
  struct Deleter {
    void operator()(cJSON* node) const;
  };
  explicit Json(cJSON* node) : node_(node) {}
  std::unique_ptr<cJSON, Deleter> node_;
};

}  // namespace omenia
