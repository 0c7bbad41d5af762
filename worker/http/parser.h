#pragma once
// Parser: bytes of a connection into one request at a time, strictly. The grammar is Boost.Beast's; what Beast lets
// through and two servers could read differently (obsolete line folding, unknown codings, lists of lengths, several
// hosts) is refused here. Not for what a request means: Expect, Upgrade and the body's limit are the connection's.
//
// A target is a path (`/...`), an absolute http or https address whose authority equals the Host header (the path is
// what stands behind it), or `*` for OPTIONS. CONNECT is reported as it came. A target that is too long is refused with
// 414, a head that is with 431, everything else that is wrong with 400.

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "shared/base/result.h"
#include "worker/http/message.h"

namespace omenia::http {

class Parser {
 public:
  enum class Progress {
    more,     // Give the bytes that were not consumed again, with more behind them.
    head,     // The head is complete, once; the body, if any, comes with further bytes.
    message,  // The request is complete; reset() before the next.
    refused,  // See refusal(). Nothing more can be read.
  };
  struct Step {
    Progress progress;
    std::size_t consumed;
  };

  Parser();
  ~Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  void reset();  // For the next request of the connection.
  Step feed(std::string_view bytes);

  bool has_begun() const;  // More was read than empty lines, which may stand before a request.
  Request& request();      // Filled as far as it was read.
  const Error& refusal() const;

  // Known when the head is complete.
  bool has_body() const;
  bool is_http_1_1() const;
  bool asks_to_close() const;  // Also when keeping open was not asked for by HTTP/1.0.
  bool asks_to_upgrade() const;

  // Between the head and the body: how large it may be. A declared length above it is refused at once.
  Result<void> limit_body(std::size_t bytes_max);

 private:
  class Reader;
  std::unique_ptr<std::optional<Reader>> reader_;  // Made anew, in place, for each request.
};

}  // namespace omenia::http
