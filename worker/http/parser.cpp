#include "worker/http/parser.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <optional>

#include "shared/base/limits.h"
#include "worker/http/characters.h"
#include "worker/http/target.h"

namespace omenia::http {

namespace beast = boost::beast::http;
using beast_error = boost::beast::error_code;
using beast_view = boost::beast::string_view;

namespace {

constexpr std::size_t typical_headers = 16;
constexpr std::size_t body_reserve_bytes_max = 1 * limits::MiB;  // A declared length is only a claim.

std::string_view view(beast_view text) {
  return {text.data(), text.size()};
}

bool is_decimal(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Beast joins folded lines: then the value does not start where it stands behind the colon.
bool is_folded(beast_view name, beast_view value) {
  const char* at = name.data() + name.size() + 1;
  while (*at == ' ' || *at == '\t') ++at;
  return at != value.data();
}

bool has_bare_line_feed(std::string_view text) {
  for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (at == 0 || text[at - 1] != '\r') return true;
  }
  return false;
}

bool has_no_line(std::string_view text) {
  return !text.empty() && text.find('\r') == std::string_view::npos;
}

std::string sentence_of(beast::error error) {
  switch (error) {
    case beast::error::bad_method:
      return "The request line does not start with a method: this port speaks HTTP/1.1 without TLS.";
    case beast::error::bad_version: return "The HTTP version is not supported: this port speaks HTTP/1.1 without TLS.";
    case beast::error::bad_target: return "The request's target holds a blank or a control character.";
    case beast::error::bad_line_ending: return "A line of the request's head does not end with CR LF.";
    case beast::error::bad_field: return "A header's name is empty or holds a character that is not allowed.";
    case beast::error::bad_value: return "A header's value holds a character that is not allowed.";
    case beast::error::bad_content_length:
    case beast::error::multiple_content_length:
    case beast::error::bad_transfer_encoding:
      return "Content-Length and Transfer-Encoding contradict each other or are not valid.";
    case beast::error::bad_chunk:
    case beast::error::bad_chunk_extension: return "The chunked body is not valid.";
    default: return "The request is not valid HTTP/1.1.";
  }
}

Error invalid(std::string sentence) {
  return fail(ErrorCode::invalid_request, std::move(sentence));
}
Error target_too_long() {
  return fail(ErrorCode::target_too_long, "The request's target is too long.");
}
Error body_too_large() {
  return fail(ErrorCode::body_too_large, "Payload too large");
}

}  // namespace

// Beast's parser with our fields behind its callbacks. One object reads one message.
class Parser::Reader final : public beast::basic_parser<true> {
 public:
  Reader() {
    header_limit(limits::http_head_bytes_max);
    body_limit(boost::none);
  }

  Step feed(std::string_view bytes);
  Result<void> limit_body(std::size_t bytes_max);

  Request request;
  Error refusal;
  int version = 0;

 private:
  std::size_t skip_empty_lines(std::string_view bytes);
  bool is_worth_reading(std::string_view rest) const;
  bool is_too_much(std::size_t waiting_bytes) const;
  bool is_hopeless(std::string_view waiting) const;
  void explain(const beast_error& ec, std::string_view rest);
  void refuse(beast_error& ec, Error error);

  void on_request_impl(beast::verb verb, beast_view method, beast_view target, int http_version,
                       beast_error& ec) override;
  void on_field_impl(beast::field field, beast_view name, beast_view value, beast_error& ec) override;
  void on_header_impl(beast_error& ec) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast_error&) override {}
  std::size_t on_body_impl(beast_view body, beast_error& ec) override;
  void on_chunk_header_impl(std::uint64_t size, beast_view extensions, beast_error& ec) override;
  std::size_t on_chunk_body_impl(std::uint64_t remaining, beast_view body, beast_error& ec) override;
  void on_finish_impl(beast_error&) override {}
  void on_response_impl(int, beast_view, int, beast_error&) override {}

  std::string authority_;
  std::size_t head_bytes_ = 0;
  std::size_t extension_bytes_ = 0;
  int headers_ = 0;
  int hosts_ = 0;
  int lengths_ = 0;
  bool head_reported_ = false;
  bool refused_ = false;  // By us, with a sentence of ours.
};

Parser::Step Parser::Reader::feed(std::string_view bytes) {
  std::size_t consumed = skip_empty_lines(bytes);
  while (true) {
    if (is_header_done() && !head_reported_) {
      head_reported_ = true;
      return {Progress::head, consumed};
    }
    if (is_done()) return {Progress::message, consumed};
    std::string_view rest = bytes.substr(consumed);
    beast_error ec = beast::error::need_more;
    if (is_worth_reading(rest)) {
      const std::size_t taken = put({rest.data(), rest.size()}, ec);
      consumed += taken;
      if (!head_reported_) head_bytes_ += taken;
      rest.remove_prefix(taken);
    }
    if (ec == beast::error::need_more) {
      if (!is_hopeless(rest)) return {Progress::more, consumed};
    } else if (!ec && !is_too_much(0)) {
      continue;
    }
    explain(ec, rest);
    return {Progress::refused, consumed};
  }
}

// A robust server ignores empty lines before the request line; they count as bytes of the head.
std::size_t Parser::Reader::skip_empty_lines(std::string_view bytes) {
  if (got_some()) return 0;
  std::size_t skipped = 0;
  while (bytes.substr(skipped).starts_with("\r\n")) skipped += 2;
  head_bytes_ += skipped;
  return skipped;
}

// Half an empty line may become one. Beast asserts that it sees no part of a last chunk that is shorter than its
// shortest form; whatever stands in a chunked body, so much always follows.
bool Parser::Reader::is_worth_reading(std::string_view rest) const {
  if (!got_some()) return !rest.empty() && rest != "\r";
  constexpr std::string_view last_chunk = "0\r\n\r\n";
  return head_reported_ && chunked() ? rest.size() >= last_chunk.size() : !rest.empty();
}

bool Parser::Reader::is_too_much(std::size_t waiting_bytes) const {
  return (head_reported_ ? 0 : head_bytes_) + waiting_bytes > limits::http_head_bytes_max;
}

// Can nothing that follows make a request of what waits: a part of the head, a chunk's header, or trailers? Beast would
// look at an incomplete head again only when it is complete.
bool Parser::Reader::is_hopeless(std::string_view waiting) const {
  return is_too_much(waiting.size()) || (!head_reported_ && has_bare_line_feed(waiting));
}

void Parser::Reader::explain(const beast_error& ec, std::string_view rest) {
  if (refused_) return;
  const bool against_grammar = ec && ec != beast::error::need_more && ec != beast::error::header_limit;
  if (ec == beast::error::body_limit) {
    refusal = body_too_large();
  } else if (against_grammar) {
    refusal = invalid(sentence_of(static_cast<beast::error>(ec.value())));
  } else if (ec == beast::error::need_more && !is_too_much(rest.size())) {
    refusal = invalid(sentence_of(beast::error::bad_line_ending));
  } else if (version == 0 && has_no_line(rest.substr(0, limits::http_target_bytes_max))) {
    refusal = target_too_long();
  } else {
    refusal = fail(ErrorCode::head_too_large, "The request's headers are too large.");
  }
}

void Parser::Reader::refuse(beast_error& ec, Error error) {
  refusal = std::move(error);
  refused_ = true;
  ec = beast::error::bad_value;
}

Result<void> Parser::Reader::limit_body(std::size_t bytes_max) {
  const auto declared = content_length();
  if (declared && *declared > bytes_max) return body_too_large();
  if (declared) request.body.reserve(std::min<std::size_t>(*declared, body_reserve_bytes_max));
  body_limit(bytes_max);
  return {};
}

void Parser::Reader::on_request_impl(beast::verb, beast_view method, beast_view target, int http_version,
                                     beast_error& ec) {
  version = http_version;
  if (target.size() > limits::http_target_bytes_max) return refuse(ec, target_too_long());
  auto parsed = split_target(view(method), view(target));
  if (!parsed.ok()) return refuse(ec, std::move(parsed).error());
  request.method = view(method);
  request.target = view(target);
  request.path = parsed.value().path;
  request.query = parsed.value().query;
  authority_ = parsed.value().authority;
  request.headers.reserve(typical_headers);
}

void Parser::Reader::on_field_impl(beast::field field, beast_view name, beast_view value, beast_error& ec) {
  if (is_folded(name, value)) return refuse(ec, invalid("A header is folded over several lines, which is obsolete."));
  if (++headers_ > limits::http_headers_max) {
    return refuse(ec, fail(ErrorCode::head_too_large, "The request has too many headers."));
  }
  if (head_reported_) return;  // A trailer: read, and not used.
  if (field == beast::field::transfer_encoding && (version < 11 || !same_token(view(value), "chunked"))) {
    return refuse(ec, invalid("The only Transfer-Encoding understood is chunked, and that in HTTP/1.1."));
  }
  if (field == beast::field::content_length && (++lengths_ > 1 || !is_decimal(view(value)))) {
    return refuse(ec, invalid("Content-Length has to be one decimal number, sent once."));
  }
  if (field == beast::field::host && (++hosts_ > 1 || !host_characters.contain_all_of(view(value)))) {
    return refuse(ec, invalid("Host has to be one name or address, sent once."));
  }
  request.headers.push_back({std::string(view(name)), std::string(view(value))});
}

void Parser::Reader::on_header_impl(beast_error& ec) {
  if (version >= 11 && hosts_ == 0) return refuse(ec, invalid("The Host header is missing."));
  if (authority_.empty() || hosts_ == 0) return;
  if (!same_token(authority_, request.header("Host"))) {
    refuse(ec, invalid("The target's address and the Host header differ."));
  }
}

void Parser::Reader::on_chunk_header_impl(std::uint64_t, beast_view extensions, beast_error& ec) {
  extension_bytes_ += extensions.size();
  if (extension_bytes_ > limits::http_chunk_extension_bytes_max) {
    refuse(ec, invalid("The body's chunk extensions are too long."));
  } else if (extensions.find_first_of("\r\n") != beast_view::npos) {  // Beast allows them in a quoted text.
    refuse(ec, invalid("A chunk extension holds a line's end."));
  }
}

std::size_t Parser::Reader::on_body_impl(beast_view body, beast_error&) {
  request.body.append(body.data(), body.size());
  return body.size();
}

std::size_t Parser::Reader::on_chunk_body_impl(std::uint64_t, beast_view body, beast_error&) {
  request.body.append(body.data(), body.size());
  return body.size();
}

Parser::Parser() : reader_(std::make_unique<std::optional<Reader>>()) {
  reset();
}
Parser::~Parser() = default;

void Parser::reset() {
  reader_->emplace();
}

Parser::Step Parser::feed(std::string_view bytes) {
  return (*reader_)->feed(bytes);
}
Request& Parser::request() {
  return (*reader_)->request;
}
const Error& Parser::refusal() const {
  return (*reader_)->refusal;
}
bool Parser::has_body() const {
  return !(*reader_)->is_done();
}
bool Parser::has_begun() const {
  return (*reader_)->got_some();
}
bool Parser::is_http_1_1() const {
  return (*reader_)->version >= 11;
}
bool Parser::asks_to_close() const {
  return !(*reader_)->keep_alive();
}
bool Parser::asks_to_upgrade() const {
  return (*reader_)->upgrade() && is_http_1_1() && (*reader_)->request.has_header("Upgrade");
}
Result<void> Parser::limit_body(std::size_t bytes_max) {
  return (*reader_)->limit_body(bytes_max);
}

}  // namespace omenia::http
