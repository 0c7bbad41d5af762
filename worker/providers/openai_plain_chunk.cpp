#include "worker/providers/openai_plain_chunk.h"

#include <algorithm>
#include <boost/json/src.hpp>
#include <cstddef>
#include <iterator>

#include "shared/base/limits.h"

namespace omenia::providers {

namespace {

namespace json = boost::json;

constexpr std::size_t text_bytes_max = 16 * limits::KiB;  // Larger ones are rare.
constexpr std::size_t values_bytes = 4 * limits::KiB;     // On the stack; a larger chunk takes more from the heap.
constexpr std::size_t parser_bytes = 1 * limits::KiB;
constexpr std::size_t depth_max = 8;

// Members that say nothing that counts, whatever they hold.
constexpr std::string_view idle_members[] = {"object", "created", "system_fingerprint", "service_tier", "obfuscation",
                                             "index",  "role",    "logprobs",           "provider"};

bool is_idle(std::string_view name) {
  return std::find(std::begin(idle_members), std::end(idle_members), name) != std::end(idle_members);
}

bool is_empty(const json::value& value) {
  return value.is_null() || (value.is_array() && value.get_array().empty());
}

// Takes a text or null. False: it is something else.
bool take_text(const json::value& value, std::string_view& text) {
  if (value.is_null()) return true;
  if (!value.is_string()) return false;
  text = std::string_view(value.get_string().data(), value.get_string().size());
  return true;
}

bool take_delta(const json::value& value, PlainChunk& chunk) {
  if (!value.is_object()) return false;
  return std::all_of(value.get_object().begin(), value.get_object().end(), [&](const json::key_value_pair& member) {
    if (member.key() == "content") return take_text(member.value(), chunk.text);
    return is_idle(member.key()) || is_empty(member.value());
  });
}

bool take_choice(const json::value& value, PlainChunk& chunk) {
  if (!value.is_object()) return false;
  const json::object& choice = value.get_object();
  const json::value* index = choice.if_contains("index");
  if (index && (!index->is_int64() || index->get_int64() != 0)) return false;
  return std::all_of(choice.begin(), choice.end(), [&](const json::key_value_pair& member) {
    if (member.key() == "delta") return take_delta(member.value(), chunk);
    if (member.key() == "finish_reason") return take_text(member.value(), chunk.finish_reason);
    return is_idle(member.key()) || is_empty(member.value());
  });
}

bool take_chunk(const json::value& value, PlainChunk& chunk) {
  if (!value.is_object()) return false;
  const json::object& members = value.get_object();
  const json::value* object = members.if_contains("object");
  if (object && *object == "error") return false;
  return std::all_of(members.begin(), members.end(), [&](const json::key_value_pair& member) {
    if (member.key() == "id") return take_text(member.value(), chunk.id);
    if (member.key() == "model") return take_text(member.value(), chunk.model);
    if (member.key() == "error") return member.value().is_null();
    if (member.key() == "choices" && member.value().is_array() && member.value().get_array().size() == 1)
      return take_choice(member.value().get_array().front(), chunk);
    return is_idle(member.key()) || is_empty(member.value());
  });
}

}  // namespace

bool read_plain_chunk(std::string_view text, const std::function<void(const PlainChunk&)>& take) {
  if (text.size() > text_bytes_max || text.find("\\u0000") != std::string_view::npos) return false;
  unsigned char values[values_bytes];
  unsigned char stack[parser_bytes];
  json::monotonic_resource memory(values, sizeof values);
  json::parse_options options;
  options.max_depth = depth_max;
  json::parser parser(json::storage_ptr(), options, stack, sizeof stack);
  parser.reset(&memory);
  json::error_code failed;
  parser.write(text.data(), text.size(), failed);
  if (failed) return false;
  PlainChunk chunk;
  const json::value value = parser.release();
  if (!take_chunk(value, chunk)) return false;
  take(chunk);
  return true;
}

}  // namespace omenia::providers
