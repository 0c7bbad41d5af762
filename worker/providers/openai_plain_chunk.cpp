#include "worker/providers/openai_plain_chunk.h"

#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>
#include <cstddef>

#include "shared/base/limits.h"

namespace omenia::providers {

namespace {

namespace json = boost::json;

constexpr std::size_t text_bytes_max = 16 * limits::KiB;  // Larger ones are rare.
constexpr std::size_t depth_max = 8;
constexpr std::int64_t tokens_max = 1'000'000'000'000;  // More is left to who reads documents.

// The values of a chunk that are told apart.
enum class Part : unsigned char {
  chunk,
  id,
  model,
  object,
  error,
  choices,
  choice,
  index,
  delta,
  text,
  finish_reason,
  usage,
  prompt,
  prompt_details,
  cached,
  completion,
  completion_details,
  reasoning,
  total,
  idle,   // Says nothing that counts, whatever it holds.
  other,  // Says nothing that counts only when it is null or an empty list.
};

Part part_of_chunk(std::string_view name) {
  if (name == "id") return Part::id;
  if (name == "object") return Part::object;
  if (name == "created") return Part::idle;
  if (name == "model") return Part::model;
  if (name == "choices") return Part::choices;
  if (name == "usage") return Part::usage;
  if (name == "error") return Part::error;
  const bool idle =
      name == "system_fingerprint" || name == "service_tier" || name == "obfuscation" || name == "provider";
  return idle ? Part::idle : Part::other;
}

Part part_of_choice(std::string_view name) {
  if (name == "index") return Part::index;
  if (name == "delta") return Part::delta;
  if (name == "finish_reason") return Part::finish_reason;
  return name == "logprobs" ? Part::idle : Part::other;
}

Part part_of_delta(std::string_view name) {
  if (name == "content") return Part::text;
  return name == "role" ? Part::idle : Part::other;
}

Part part_of_usage(std::string_view name) {
  if (name == "prompt_tokens") return Part::prompt;
  if (name == "prompt_tokens_details") return Part::prompt_details;
  if (name == "prompt_cache_hit_tokens") return Part::other;
  if (name == "completion_tokens") return Part::completion;
  if (name == "completion_tokens_details") return Part::completion_details;
  return name == "total_tokens" ? Part::total : Part::idle;
}

Part part_of(Part whole, std::string_view name) {
  switch (whole) {
    case Part::chunk: return part_of_chunk(name);
    case Part::choice: return part_of_choice(name);
    case Part::delta: return part_of_delta(name);
    case Part::usage: return part_of_usage(name);
    case Part::prompt_details: return name == "cached_tokens" ? Part::cached : Part::idle;
    case Part::completion_details: return name == "reasoning_tokens" ? Part::reasoning : Part::idle;
    default: return Part::idle;
  }
}

bool may_be_object(Part part) {
  switch (part) {
    case Part::chunk:
    case Part::choice:
    case Part::delta:
    case Part::usage:
    case Part::prompt_details:
    case Part::completion_details:
    case Part::idle: return true;
    default: return false;
  }
}

bool may_be_array(Part part) {
  return part == Part::choices || part == Part::idle || part == Part::other;
}

// What the parser calls with each thing it meets, in order. It gives up at the first that is not plain.
class ChunkReader {
 public:
  static constexpr std::size_t max_object_size = text_bytes_max;
  static constexpr std::size_t max_array_size = text_bytes_max;
  static constexpr std::size_t max_key_size = text_bytes_max;
  static constexpr std::size_t max_string_size = text_bytes_max;

  explicit ChunkReader(PlainChunk& chunk) : chunk_(chunk) {}

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }

  bool on_object_begin(json::error_code& failed) {
    if (part_ == Part::usage) chunk_.usage.emplace();
    path_[depth_++] = part_;
    return go_on_if(may_be_object(part_), failed);
  }
  bool on_object_end(std::size_t, json::error_code&) {
    part_ = path_[--depth_];
    return true;
  }
  bool on_array_begin(json::error_code& failed) {
    path_[depth_++] = part_;
    if (part_ == Part::choices) part_ = Part::choice;
    return go_on_if(may_be_array(path_[depth_ - 1]), failed);
  }
  bool on_array_end(std::size_t size, json::error_code& failed) {
    part_ = path_[--depth_];
    return go_on_if(size == 0 || part_ == Part::idle || (part_ == Part::choices && size == 1), failed);
  }

  // A name with escapes is in no server's chunk.
  bool on_key_part(json::string_view, std::size_t, json::error_code& failed) { return go_on_if(false, failed); }
  // What is told twice is left to who reads documents: there the first one counts.
  bool on_key(json::string_view name, std::size_t, json::error_code& failed) {
    part_ = part_of(path_[depth_ - 1], {name.data(), name.size()});
    if (part_ == Part::idle || part_ == Part::other) return true;
    const bool again = told_[static_cast<std::size_t>(part_)];
    told_[static_cast<std::size_t>(part_)] = true;
    return go_on_if(!again, failed);
  }

  // A text with escapes comes in parts.
  bool on_string_part(json::string_view text, std::size_t, json::error_code& failed) {
    std::string* const taken = text_of(part_);
    if (taken) taken->append(text.data(), text.size());
    return go_on_if(taken || part_ == Part::idle, failed);
  }
  bool on_string(json::string_view text, std::size_t size, json::error_code& failed) {
    if (part_ == Part::object) return go_on_if(text != "error", failed);
    return on_string_part(text, size, failed);
  }

  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, json::error_code& failed) {
    if (part_ == Part::index) return go_on_if(number == 0, failed);
    std::int64_t* const taken = count_of(part_);
    if (taken) *taken = number;
    return go_on_if(part_ == Part::idle || (taken && number >= 0 && number <= tokens_max), failed);
  }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code& failed) {
    return go_on_if(part_ == Part::idle, failed);
  }
  bool on_double(double, json::string_view, json::error_code& failed) { return go_on_if(part_ == Part::idle, failed); }
  bool on_bool(bool, json::error_code& failed) { return go_on_if(part_ == Part::idle, failed); }
  bool on_null(json::error_code& failed) { return go_on_if(part_ != Part::chunk, failed); }

  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  static bool go_on_if(bool plain, json::error_code& failed) {
    if (!plain) failed = json::error::syntax;
    return plain;
  }

  std::string* text_of(Part part) {
    switch (part) {
      case Part::id: return &chunk_.id;
      case Part::model: return &chunk_.model;
      case Part::text: return &chunk_.text;
      case Part::finish_reason: return &chunk_.finish_reason;
      default: return nullptr;
    }
  }

  std::int64_t* count_of(Part part) {
    switch (part) {
      case Part::prompt: return &chunk_.usage->prompt;
      case Part::cached: return &chunk_.usage->cached;
      case Part::completion: return &chunk_.usage->completion;
      case Part::reasoning: return &chunk_.usage->reasoning.emplace();
      case Part::total: return &chunk_.usage->total;
      default: return nullptr;
    }
  }

  PlainChunk& chunk_;
  Part part_ = Part::chunk;             // Of the value that comes next.
  std::array<Part, depth_max> path_{};  // The objects and arrays that are open.
  std::size_t depth_ = 0;
  std::array<bool, static_cast<std::size_t>(Part::idle)> told_{};
};

void clear(PlainChunk& chunk) {
  chunk.id.clear();
  chunk.model.clear();
  chunk.text.clear();
  chunk.finish_reason.clear();
  chunk.usage.reset();
}

}  // namespace

bool read_plain_chunk(std::string_view text, PlainChunk& chunk) {
  if (text.size() > text_bytes_max || text.find("\\u0000") != std::string_view::npos) return false;
  clear(chunk);
  json::parse_options options;
  options.max_depth = depth_max;
  json::basic_parser<ChunkReader> parser(options, chunk);
  json::error_code failed;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), failed);
  return !failed && read == text.size();
}

}  // namespace omenia::providers
