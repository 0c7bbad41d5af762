#pragma once
// The commonest chunks of a streamed answer, which say a piece of text, how it ends or what it took and nothing else
// that counts, read without a tree of them: an answer has hundreds of them, and this is most of what a model call costs
// here. Every other chunk is read as a document (openai_chunks.h).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace omenia::providers {

// As the server counts them; 0 where it says nothing.
struct TokenCounts {
  std::int64_t prompt = 0;
  std::int64_t cached = 0;  // Of the prompt.
  std::int64_t completion = 0;
  std::optional<std::int64_t> reasoning{};  // Of the completion; nothing: not told.
  std::int64_t total = 0;
};

// What a chunk says; empty where it says nothing.
struct PlainChunk {
  std::string id;
  std::string model;
  std::string text;
  std::string finish_reason;
  std::optional<TokenCounts> usage;
};

// Reads it into `chunk`, whose memory is used again. False: it is of another kind, or no JSON, and what `chunk` says
// then does not count.
bool read_plain_chunk(std::string_view json, PlainChunk& chunk);

}  // namespace omenia::providers
