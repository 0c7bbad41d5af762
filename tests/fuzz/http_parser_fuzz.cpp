// Fuzzes the HTTP parser: whatever is sent, the same requests are read from it whole and in pieces, and no
// limit is passed.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/ensure.h"
#include "shared/base/limits.h"
#include "worker/http/parser.h"

namespace {

using omenia::http::Parser;

constexpr std::size_t body_bytes_max = 256;
constexpr int requests_max = 64;

struct Outcome {
  std::string requests;  // All that were read, as text.
  bool refused = false;
  bool waiting = false;  // For the rest of something.
};

void note(Outcome& outcome, const omenia::http::Request& request) {
  ensure(request.body.size() <= body_bytes_max, "a body keeps its limit");
  ensure(!request.path.empty(), "a request has a path");
  ensure(request.headers.size() <= omenia::limits::http_headers_max, "headers keep their limit");
  outcome.requests += request.method + ' ' + request.path + '?' + request.query + '\n';
  for (const auto& header : request.headers) {
    ensure(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a value is one line");
    outcome.requests += header.name + ':' + header.value + '\n';
  }
  outcome.requests += request.body + '\n';
}

// As a connection does it: what is not consumed is given again, with `piece_bytes` more.
Outcome read(std::string_view bytes, std::size_t piece_bytes) {
  Outcome outcome;
  Parser parser;
  std::string kept;
  for (int requests = 0; requests < requests_max;) {
    const auto step = parser.feed(kept);
    ensure(step.consumed <= kept.size(), "no more is consumed than there is");
    kept.erase(0, step.consumed);
    if (step.progress == Parser::Progress::refused) {
      ensure(!parser.refusal().message.empty(), "a refusal says why");
      outcome.refused = true;
      return outcome;
    }
    if (step.progress == Parser::Progress::more) {
      outcome.waiting = bytes.empty() && !kept.empty();
      if (bytes.empty()) return outcome;
      kept.append(bytes.substr(0, piece_bytes));
      bytes.remove_prefix(std::min(piece_bytes, bytes.size()));
      continue;
    }
    if (step.progress == Parser::Progress::head && parser.has_body()) {
      outcome.refused = !parser.limit_body(body_bytes_max).ok();
      if (outcome.refused) return outcome;
      continue;
    }
    note(outcome, parser.request());
    parser.reset();
    ++requests;
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Outcome whole = read(bytes, bytes.size());
  for (const std::size_t piece_bytes : {1, 3, 7}) {
    const Outcome pieces = read(bytes, piece_bytes);
    ensure(pieces.requests == whole.requests, "the same requests are read in pieces");
    // Of something wrong the parser may see the one way earlier than the other that it is, and wait for its end there.
    ensure(whole.refused || whole.waiting || !pieces.refused, "what is taken whole is taken in pieces");
  }
  return 0;
}
