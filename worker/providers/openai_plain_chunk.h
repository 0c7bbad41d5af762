#pragma once
// The commonest chunk of a streamed answer, which says a piece of text or how it ends and nothing else that counts,
// read without a tree of it on the heap: an answer has hundreds of them, and this is most of what a model call costs
// here. Every other chunk is read as a document (openai_chunks.h).

#include <functional>
#include <string_view>

namespace omenia::providers {

// Views of what a chunk says; empty where it says nothing.
struct PlainChunk {
  std::string_view id;
  std::string_view model;
  std::string_view text;
  std::string_view finish_reason;
};

// False: it is of another kind, or no JSON, and `take` was not called.
bool read_plain_chunk(std::string_view json, const std::function<void(const PlainChunk&)>& take);

}  // namespace omenia::providers
