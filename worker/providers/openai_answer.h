#pragma once
// OpenAiAnswer: one answer out of the bytes of a response with status 200. What it is, a stream of events, a plain
// completion or no model's answer at all, is told by how it begins: the content type is not to be relied on.

#include <cstddef>
#include <string>
#include <string_view>

#include "worker/providers/openai_chunks.h"
#include "worker/providers/sse.h"

namespace omenia::providers {

class OpenAiAnswer {
 public:
  // Takes the next bytes, cut anywhere. Errors as of OpenAiChunks, and provider_broken for what is no answer.
  Result<void> feed(std::string_view piece);

  bool finished() const { return finished_; }  // It said [DONE]: what follows does not count.
  const std::string& text() const { return chunks_.text(); }

  Result<ModelAnswer> finish();  // After the last byte.

 private:
  enum class Form { unknown, stream, document, other };
  static Form form_of(std::string_view start);

  Result<void> feed_stream(std::string_view piece);
  Result<void> take_event(const SseEvent& event);
  Result<void> take_document();
  Error no_answer() const;

  Form form_ = Form::unknown;
  std::string start_;  // Until the form is known; the whole of what is no stream.
  std::size_t bytes_ = 0;
  SseReader events_;
  PlainChunk plain_chunk_;  // The last one.
  OpenAiChunks chunks_;
  bool finished_ = false;
};

}  // namespace omenia::providers
