#include "shared/json/json.h"

#include <cjson/cJSON.h>

#include <cmath>
#include <cstring>

#include "shared/base/ensure.h"
#include "shared/json/escapes.h"
#include "shared/json/writer.h"

namespace omenia {

namespace {

constexpr double integer_max = 9007199254740992.0;  // 2^53

// cJSON stops at nothing but nesting of 1000, which is refused before it reads, and ends a string at \u0000. `depth`
// counts brackets outside strings; the parser itself finds everything else that is wrong. Returns whether every escape
// names a character.
Result<bool> scan(std::string_view text) {
  bool all_characters = true;
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        const Escape escape = escape_at(text, i);
        // cJSON takes it for a NUL.
        if (escape.names == Escape::Names::nothing)
          return fail(ErrorCode::invalid_request, "JSON is malformed at byte " + std::to_string(i));
        all_characters = all_characters && escape.names == Escape::Names::character;
        i += escape.bytes - 1;
      } else if (c == '"') {
        in_string = false;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        return fail(ErrorCode::invalid_request, "JSON string holds a control character at byte " + std::to_string(i));
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > limits::json_depth_max)
        return fail(ErrorCode::invalid_request,
                    "JSON is nested deeper than " + std::to_string(limits::json_depth_max) + " levels");
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return all_characters;
}

bool has_type(const cJSON* node, int type) {
  return node && (node->type & 0xff) == type;
}

// cJSON prints numbers with 15 digits, which changes integers above 10^15, so values are printed here.
void append_scalar(std::string& out, JsonView value) {
  if (value.is_string()) return append_json_string(out, value.text());
  JsonWriter writer;
  if (value.is_bool()) {
    writer.value(value.boolean());
  } else if (value.is_integer()) {
    writer.value(value.integer());
  } else if (value.is_number()) {
    writer.value(value.number());
  } else {
    writer.null();
  }
  out.append(writer.text());
}

bool holds_members(JsonView value) {
  return bool(value.first());
}

bool has_only_scalars(JsonView array) {
  for (JsonView item = array.first(); item; item = item.next())
    if (holds_members(item)) return false;
  return array.is_array();
}

// One line when `indent` is negative. Lists of plain values stay on their line.
void append_value(std::string& out, JsonView value, int indent) {
  if (!value.is_object() && !value.is_array()) return append_scalar(out, value);
  const bool pretty = indent >= 0;
  const bool lines = pretty && holds_members(value) && !has_only_scalars(value);
  const auto start_line = [&](int depth) { out.append("\n").append(2 * static_cast<std::size_t>(depth), ' '); };
  out.push_back(value.is_object() ? '{' : '[');
  for (JsonView member = value.first(); member; member = member.next()) {
    if (lines) start_line(indent + 1);
    if (value.is_object()) {
      append_json_string(out, member.name());
      out.append(pretty ? ": " : ":");
    }
    append_value(out, member, pretty ? indent + 1 : indent);
    if (member.next()) out.append(pretty && !lines ? ", " : ",");
  }
  if (lines) start_line(indent);
  out.push_back(value.is_object() ? '}' : ']');
}

}  // namespace

bool JsonView::is_object() const {
  return has_type(node_, cJSON_Object);
}
bool JsonView::is_array() const {
  return has_type(node_, cJSON_Array);
}
bool JsonView::is_string() const {
  return has_type(node_, cJSON_String);
}
bool JsonView::is_number() const {
  return has_type(node_, cJSON_Number);
}
bool JsonView::is_bool() const {
  return has_type(node_, cJSON_True) || has_type(node_, cJSON_False);
}
bool JsonView::is_null() const {
  return has_type(node_, cJSON_NULL);
}

bool JsonView::is_integer() const {
  return is_number() && std::trunc(node_->valuedouble) == node_->valuedouble &&
         std::fabs(node_->valuedouble) <= integer_max;
}

JsonView JsonView::operator[](std::string_view name) const {
  if (!is_object()) return {};
  for (JsonView member = first(); member; member = member.next())
    if (member.name() == name) return member;
  return {};
}

JsonView JsonView::at(std::size_t index) const {
  JsonView item = first();
  while (item && index-- > 0) item = item.next();
  return item;
}

std::size_t JsonView::size() const {
  std::size_t count = 0;
  for (JsonView item = first(); item; item = item.next()) ++count;
  return count;
}

JsonView JsonView::first() const {
  return is_object() || is_array() ? JsonView(node_->child) : JsonView();
}
JsonView JsonView::next() const {
  return node_ ? JsonView(node_->next) : JsonView();
}
std::string_view JsonView::name() const {
  return node_ && node_->string ? node_->string : std::string_view();
}

std::string_view JsonView::text(std::string_view fallback) const {
  return is_string() ? std::string_view(node_->valuestring) : fallback;
}
double JsonView::number(double fallback) const {
  return is_number() ? node_->valuedouble : fallback;
}
std::int64_t JsonView::integer(std::int64_t fallback) const {
  return is_integer() ? static_cast<std::int64_t>(node_->valuedouble) : fallback;
}
bool JsonView::boolean(bool fallback) const {
  return is_bool() ? has_type(node_, cJSON_True) : fallback;
}

std::optional<std::string> JsonView::optional_text() const {
  if (!is_string()) return std::nullopt;
  return std::string(node_->valuestring);
}

std::string JsonView::dump() const {
  std::string text;
  append_value(text, *this, -1);
  return text;
}

std::string JsonView::dump_pretty() const {
  std::string text;
  append_value(text, *this, 0);
  return text;
}

bool operator==(JsonView a, JsonView b) {
  if (!a || !b) return !a && !b;
  return cJSON_Compare(a.node(), b.node(), true) != 0;
}

void Json::Deleter::operator()(cJSON* node) const {
  cJSON_Delete(node);
}

Json Json::null() {
  return Json(cJSON_CreateNull());
}
Json Json::object() {
  return Json(cJSON_CreateObject());
}
Json Json::array() {
  return Json(cJSON_CreateArray());
}
Json Json::of(std::string_view text) {
  return Json(cJSON_CreateString(std::string(text).c_str()));
}
Json Json::of(double number) {
  return Json(cJSON_CreateNumber(number));
}
Json Json::of(std::int64_t number) {
  return Json(cJSON_CreateNumber(static_cast<double>(number)));
}
Json Json::of(bool value) {
  return Json(cJSON_CreateBool(value));
}
Json Json::copy(JsonView view) {
  return view ? Json(cJSON_Duplicate(view.node(), true)) : Json();
}

Result<Json> Json::parse(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max)
    return fail(ErrorCode::body_too_large, "JSON document is larger than " + std::to_string(bytes_max) + " bytes");
  TRY_ASSIGN(const bool all_characters, scan(text));
  std::string replaced;
  if (!all_characters) text = replaced = with_characters_only(text);
  const char* end = nullptr;
  cJSON* node = cJSON_ParseWithLengthOpts(text.data(), text.size(), &end, false);
  Json value(node);
  const std::size_t stopped = end ? static_cast<std::size_t>(end - text.data()) : 0;
  if (!node) return fail(ErrorCode::invalid_request, "JSON is malformed at byte " + std::to_string(stopped));
  if (const auto rest = text.find_first_not_of(" \t\r\n", stopped); rest != std::string_view::npos)
    return fail(ErrorCode::invalid_request, "JSON is followed by other text at byte " + std::to_string(rest));
  return value;
}

void Json::set(std::string_view name, Json value) {
  ensure(view().is_object(), "members are set on objects");
  ensure(bool(value), "a member has a value");
  remove(name);
  cJSON_AddItemToObject(node_.get(), std::string(name).c_str(), value.node_.release());
}

bool Json::remove(std::string_view name) {
  const JsonView member = view()[name];
  if (!member) return false;
  cJSON_Delete(cJSON_DetachItemViaPointer(node_.get(), const_cast<cJSON*>(member.node())));
  return true;
}

void Json::push(Json value) {
  ensure(view().is_array(), "elements are pushed to arrays");
  ensure(bool(value), "an element has a value");
  cJSON_AddItemToArray(node_.get(), value.node_.release());
}

}  // namespace omenia
