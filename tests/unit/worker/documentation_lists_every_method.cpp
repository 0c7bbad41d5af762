// docs/protocol.md ends with the events and the methods as their rows say. `make docs` writes it anew.

#include <gtest/gtest.h>

#include "shared/base/limits.h"
#include "shared/protocol/events.h"
#include "tests/support/page.h"
#include "worker/rpc/methods.h"

namespace omenia::rpc {
namespace {

std::string_view word_for(JsonType type) {
  switch (type) {
    case JsonType::any: return "any";
    case JsonType::string: return "text";
    case JsonType::text: return "text, not empty";
    case JsonType::integer: return "integer";
    case JsonType::number: return "number";
    case JsonType::boolean: return "boolean";
    case JsonType::object: return "object";
    case JsonType::array: return "list";
  }
  return "any";
}

std::string members_of(const Shape& shape);

std::string bounds_of(const Field& field) {
  const bool from = field.min != Field{}.min;
  const bool to = field.max != Field{}.max;
  if (!from && !to) return "";
  if (!to) return ", at least " + std::to_string(field.min);
  return (from ? ", " + std::to_string(field.min) + " to " : ", at most ") + std::to_string(field.max);
}

std::string text_of(const Field& field) {
  std::string text = "`" + std::string(field.name) + (field.required ? "" : "?") + "` ";
  if (!field.allowed.empty()) {
    std::string values = "`" + std::string(field.allowed) + "`";
    for (std::size_t bar = values.find('|'); bar != std::string::npos; bar = values.find('|', bar + 5))
      values.replace(bar, 1, "` / `");
    text += values;
  } else {
    text += word_for(field.type);
    if (field.type == JsonType::array && field.item != JsonType::any)
      text += " of " + std::string(word_for(field.item));
  }
  if (field.nullable) text += " or null";
  text += bounds_of(field);
  if (field.shape) text += " {" + members_of(*field.shape) + "}";
  return text;
}

std::string members_of(const Shape& shape) {
  std::string text;
  for (const Field& field : shape.fields) text += (text.empty() ? "" : "; ") + text_of(field);
  if (!shape.closed) text += text.empty() ? "…" : "; …";
  return text;
}

std::string answer_of(const Payload& payload) {
  const std::string members = members_of(payload.shape);
  const std::string text = payload.type == JsonType::array ? "a list of {" + members + "}" : "{" + members + "}";
  return payload.nullable ? text + " or null" : text;
}

std::string traits_of(const MethodRow& row) {
  std::string text;
  if (row.traits.call_scope) text += ", more for some parameters";
  if (!row.traits.advertised) text += "; not named in hello-ok";
  if (row.traits.rate_limited) text += "; limited to " + std::to_string(limits::control_writes_max) + " calls a minute";
  if (row.traits.remembers_keys) text += "; a repeated `idempotencyKey` gets the first answer";
  return text;
}

std::string_view receivers_of(const EventRow& row) {
  switch (row.scope) {
    case EventScope::none: return "everybody";
    case EventScope::direct: return "one connection alone";
    case EventScope::read: return "operator.read";
    case EventScope::write: return "operator.write";
    case EventScope::admin: return "operator.admin";
    case EventScope::approvals: return "operator.approvals";
    case EventScope::questions: return "operator.questions";
    case EventScope::pairing: return "operator.pairing";
    case EventScope::talk: return "operator.talk";
  }
  return "";
}

std::string events() {
  std::string text = "## The events\n| Event | For | Slow readers | |\n|---|---|---|---|\n";
  for (const EventRow& row : event_rows) {
    text += "| `" + std::string(row.name) + "` | " + std::string(receivers_of(row)) + " | " +
            (row.slow_reader == SlowReader::drop ? "lose it" : "get it") + " | " + std::string(row.doc) + " |\n";
  }
  return text;
}

std::string expected() {
  std::string text = events() + "\n## The methods\n";
  for (const MethodRow& row : method_rows()) {
    text += "\n### " + std::string(row.name) + "\n" + std::string(row.doc) + "\n\n";
    text += "- For: " + std::string(caller_text(row.scope)) + traits_of(row) + "\n";
    const std::string params = members_of(row.params);
    text += "- Parameters: " + (params.empty() ? "none" : params) + "\n";
    text += "- Answer: " + answer_of(row.result) + "\n";
  }
  return text;
}

TEST(Documentation, ListsEveryEventAndMethodAsItsRowSays) {
  test::expect_page_ends_with("docs/protocol.md", "## The events", expected());
}

TEST(Documentation, OfEveryEventAndMethodIsASentence) {
  for (const MethodRow& row : method_rows()) EXPECT_EQ(row.doc.back(), '.') << row.name;
  for (const EventRow& row : event_rows) EXPECT_EQ(row.doc.back(), '.') << row.name;
}

}  // namespace
}  // namespace omenia::rpc
