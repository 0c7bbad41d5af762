#include "shared/config/restore.h"

#include "shared/config/rules.h"
#include "shared/json/writer.h"

namespace omenia {

namespace {

// The same place in what is written and in what it resolves to.
struct Counterpart {
  JsonView written;
  JsonView resolved;
};

JsonView element_with_id(JsonView list, JsonView element, std::size_t& index) {
  index = 0;
  for (JsonView each = list.first(); each; each = each.next(), ++index)
    if (each["id"].is_string() && each["id"] == element["id"]) return each;
  return {};
}

Counterpart element_of(const Counterpart& list, JsonView element, std::size_t index, std::size_t size) {
  if (element["id"].is_string()) {
    const JsonView written = element_with_id(list.written, element, index);
    return {written, written ? list.resolved.at(index) : JsonView()};
  }
  if (list.written.size() != size) return {};
  return {list.written.at(index), list.resolved.at(index)};
}

class Restorer {
 public:
  void write(JsonView value, const Counterpart& other) {
    if (value.is_object()) return write_object(value, other);
    if (value.is_array()) return write_array(value, other);
    writer_.value(is_shown_form(value, other) ? other.written : value);
  }

  const std::string& text() const { return writer_.text(); }

 private:
  static bool is_shown_form(JsonView value, const Counterpart& other) {
    if (!value.is_string() || !other.written) return false;
    if (is_redaction(value.text())) return true;
    return other.written.is_string() && value == other.resolved;
  }

  void write_object(JsonView value, const Counterpart& other) {
    writer_.begin_object();
    for (JsonView member = value.first(); member; member = member.next()) {
      writer_.key(member.name());
      write(member, {other.written[member.name()], other.resolved[member.name()]});
    }
    writer_.end_object();
  }

  void write_array(JsonView value, const Counterpart& other) {
    const Counterpart list = other.written.is_array() ? other : Counterpart{};
    std::size_t index = 0;
    writer_.begin_array();
    for (JsonView element = value.first(); element; element = element.next(), ++index)
      write(element, element_of(list, element, index, value.size()));
    writer_.end_array();
  }

  JsonWriter writer_;
};

}  // namespace

Json restored(JsonView document, const LoadedConfig& current) {
  Restorer restorer;
  restorer.write(document, {current.source, current.resolved});
  auto value = Json::parse(restorer.text());
  return value.ok() ? std::move(value).value() : Json::copy(document);
}

}  // namespace omenia
