#pragma once
// AnswerReader: bytes of a connection into the answer to one request. The grammar is Boost.Beast's. Interim answers
// (1xx) are passed over. Pure: no I/O.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "worker/net/outbound_head.h"

namespace omenia::net {

class AnswerReader {
 public:
  enum class State {
    reading,
    complete,        // What follows belongs to no answer.
    head_too_large,  // More than limits::outbound_head_bytes_max.
    broken,          // No HTTP/1: see problem().
  };

  // Writes the head there, and gives the body's parts out as they are read; each is valid within its call.
  AnswerReader(OutboundHeadReader& head, std::function<void(std::string_view)> on_body);
  ~AnswerReader();
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;

  // How many bytes were consumed. While it is reading, the others are given again with more behind them.
  std::size_t feed(std::string_view bytes, std::int64_t wall_time_ms);

  // Nothing more comes. False: the answer is not whole.
  bool finish();

  State state() const;
  const std::string& problem() const;
  bool keeps_connection() const;  // Of a complete answer: another request may follow.

 private:
  class Message;
  struct Progress;
  std::unique_ptr<Progress> progress_;
};

}  // namespace omenia::net
