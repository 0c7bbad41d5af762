#include "worker/net/answer_reader.h"

#include <boost/beast/http/basic_parser.hpp>
#include <optional>
#include <utility>

#include "shared/base/limits.h"

namespace omenia::net {

namespace beast = boost::beast::http;
using beast_error = boost::beast::error_code;
using beast_view = boost::beast::string_view;

namespace {

std::string_view view(beast_view text) {
  return {text.data(), text.size()};
}

}  // namespace

// Beast's parser with the head and the body behind its callbacks. One object reads one message.
class AnswerReader::Message final : public beast::basic_parser<false> {
 public:
  explicit Message(Progress& progress) : progress_(progress) {
    header_limit(limits::outbound_head_bytes_max);
    body_limit(boost::none);
    eager(true);
  }

  // Beast asserts that it sees no part of a last chunk that is shorter than its shortest form; behind a chunk's data so
  // much always follows.
  bool is_worth_reading(std::string_view bytes) const {
    constexpr std::string_view last_chunk = "0\r\n\r\n";
    const bool before_a_chunk = is_header_done() && chunked() && chunk_bytes_left_ == 0;
    return before_a_chunk ? bytes.size() >= last_chunk.size() : !bytes.empty();
  }

 private:
  void on_request_impl(beast::verb, beast_view, beast_view, int, beast_error&) override {}
  void on_response_impl(int status, beast_view reason, int version, beast_error& ec) override;
  void on_field_impl(beast::field field, beast_view name, beast_view value, beast_error& ec) override;
  void on_header_impl(beast_error& ec) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast_error&) override {}
  std::size_t on_body_impl(beast_view body, beast_error& ec) override;
  void on_chunk_header_impl(std::uint64_t size, beast_view, beast_error&) override { chunk_bytes_left_ = size; }
  std::size_t on_chunk_body_impl(std::uint64_t remaining, beast_view body, beast_error& ec) override;
  void on_finish_impl(beast_error&) override {}

  Progress& progress_;
  std::uint64_t chunk_bytes_left_ = 0;
};

struct AnswerReader::Progress {
  Progress(OutboundHeadReader& head_reader, std::function<void(std::string_view)> on_part)
      : head(head_reader), on_body(std::move(on_part)), message(std::in_place, *this) {}

  bool is_head_too_large(std::size_t waiting_bytes) const {
    return !head.complete() && head_bytes + waiting_bytes >= limits::outbound_head_bytes_max;
  }

  std::size_t read(std::string_view bytes, beast_error& ec);

  OutboundHeadReader& head;
  std::function<void(std::string_view)> on_body;
  std::optional<Message> message;  // Made anew, in place, behind an interim answer.
  std::size_t head_bytes = 0;      // Of interim answers too.
  std::int64_t wall_time_ms = 0;
  State state = State::reading;
  std::string problem;
};

// A server without words for a status may leave out the blank in front of them too, on which Beast insists.
std::size_t AnswerReader::Progress::read(std::string_view bytes, beast_error& ec) {
  constexpr std::string_view version = "HTTP/1.";
  constexpr std::size_t status_end = sizeof("HTTP/1.1 200") - 1;
  constexpr std::string_view line_end = "\r\n";
  if (message->got_some() || !version.starts_with(bytes.substr(0, version.size())))
    return message->put({bytes.data(), bytes.size()}, ec);
  if (bytes.size() < status_end + line_end.size()) return 0;
  if (bytes.substr(status_end, line_end.size()) != line_end) return message->put({bytes.data(), bytes.size()}, ec);
  const std::string line = std::string(bytes.substr(0, status_end)) + " \r\n";
  const std::size_t taken = message->put({line.data(), line.size()}, ec);
  if (taken < line.size()) return 0;
  ec = {};  // It needs more than the line, and more is there.
  return status_end + line_end.size();
}

void AnswerReader::Message::on_response_impl(int status, beast_view, int, beast_error&) {
  progress_.head.begin(status);
}

void AnswerReader::Message::on_field_impl(beast::field, beast_view name, beast_view value, beast_error&) {
  if (!is_header_done()) progress_.head.take_field(view(name), view(value), progress_.wall_time_ms);
}

void AnswerReader::Message::on_header_impl(beast_error&) {
  progress_.head.end();
}

std::size_t AnswerReader::Message::on_body_impl(beast_view body, beast_error&) {
  progress_.on_body(view(body));
  return body.size();
}

std::size_t AnswerReader::Message::on_chunk_body_impl(std::uint64_t remaining, beast_view body, beast_error&) {
  chunk_bytes_left_ = remaining - body.size();
  progress_.on_body(view(body));
  return body.size();
}

AnswerReader::AnswerReader(OutboundHeadReader& head, std::function<void(std::string_view)> on_body)
    : progress_(std::make_unique<Progress>(head, std::move(on_body))) {}
AnswerReader::~AnswerReader() = default;

std::size_t AnswerReader::feed(std::string_view bytes, std::int64_t wall_time_ms) {
  progress_->wall_time_ms = wall_time_ms;
  std::size_t consumed = 0;
  while (progress_->state == State::reading) {
    std::string_view rest = bytes.substr(consumed);
    beast_error ec = beast::error::need_more;
    if (progress_->message->is_worth_reading(rest)) {
      const std::size_t taken = progress_->read(rest, ec);
      consumed += taken;
      rest.remove_prefix(taken);
      progress_->head_bytes += taken;  // Counts until the head is complete.
    }
    if (progress_->is_head_too_large(rest.size())) {
      progress_->state = State::head_too_large;
    } else if (ec == beast::error::need_more) {
      break;
    } else if (ec) {
      progress_->state = State::broken;
      progress_->problem = ec.message();
    } else if (progress_->message->is_done() && progress_->head.complete()) {
      progress_->state = State::complete;
    } else if (progress_->message->is_done()) {
      progress_->message.emplace(*progress_);
    }
  }
  return consumed;
}

bool AnswerReader::finish() {
  if (progress_->state != State::reading || !progress_->message->got_some()) return progress_->state == State::complete;
  beast_error ec;
  progress_->message->put_eof(ec);
  if (!ec && progress_->head.complete()) progress_->state = State::complete;
  return progress_->state == State::complete;
}

AnswerReader::State AnswerReader::state() const {
  return progress_->state;
}
const std::string& AnswerReader::problem() const {
  return progress_->problem;
}
bool AnswerReader::keeps_connection() const {
  return progress_->message->keep_alive();
}

}  // namespace omenia::net
