#pragma once
// Connection: one client's socket and the requests on it, one after another. Its state says what it waits for; bytes,
// deadlines and the handler's answers move it. It ends only in turns of the loop that are its own, never within a call
// of a handler, and it may end before the exchange that it has given away.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "worker/http/deadline.h"
#include "worker/http/exchange.h"
#include "worker/http/parser.h"
#include "worker/http/request_id.h"
#include "worker/http/response_head.h"
#include "worker/http/server.h"
#include "worker/http/socket.h"
#include "worker/http/tls_relay.h"

namespace omenia::http {

// What the connections of one server share; the server owns it.
struct ConnectionContext {
  Loop& loop;
  Handler& handler;
  ServerOptions options;
  Logger log;
  ResponseHead head;
  RequestIds ids{};
  std::vector<char> read_buffer;
  bool draining = false;
  std::function<void(Connection&)> ended;
  TlsRelays relays;
};

class Connection final : public std::enable_shared_from_this<Connection>, private Socket::Owner {
 public:
  Connection(ConnectionContext& context, Fd fd, Peer peer);
  ~Connection() override;

  void drain();  // The context drains: an idle connection shall not wait for another request.
  void end_unless_asked();
  void end();  // At once. The exchange learns that its client is gone.

  // For the exchange.
  void answer(Response response);
  void begin_stream(int status, const std::vector<Header>& headers);
  Sent write_piece(std::string_view piece);
  void finish_stream();
  void abandon_stream();  // The client sees a broken connection, not a complete answer.

 private:
  enum class State {
    reading_head,
    reading_body,
    delaying,   // A refusal that is held back to slow down guessing.
    handling,   // The exchange is with the handler, or streams.
    flushing,   // The answer is complete; the client has not taken all of it.
    lingering,  // We have finished; what the client still sends is thrown away, so that it can read the answer.
    ended,
  };
  // What the answer has to know about its request, which is the handler's by then.
  struct Asked {
    bool http_1_1 = true;
    bool head_only = false;
    int tag = Admission::no_tag;
    int status = 0;             // Of the answer; 0 before there is one.
    std::int64_t begun_us = 0;  // 0: nothing that could be answered has come, or it was told what became of it.
    std::string id;
    std::vector<Header> headers;  // For its answer.
    Response (*body_refusal)(const Error&) = nullptr;
  };

  void on_bytes(std::string_view bytes) override;
  void on_end() override;
  void on_flushed() override;
  void on_woken() override;
  void on_plain_text() override;
  void on_deadline();

  void proceed(std::string_view fresh);
  std::size_t consume(std::string_view bytes);
  bool is_reading() const { return state_ == State::reading_head || state_ == State::reading_body; }
  void regulate_reading();

  void take_head(std::string_view rest);
  bool meets_expectation();
  void take_admission(Admission admission);
  void dispatch();
  void upgrade(std::string_view rest);

  void refuse(const Error& error);
  void refuse(Response response);
  void note_head_begun();

  void begin_asked();
  void tell_answered();
  void send(std::initializer_list<std::string_view> parts);
  void complete_answer();
  void watch_progress();
  void check_progress();
  void settle();
  void await_request();
  void linger();

  ConnectionContext& context_;
  Peer peer_;
  Parser parser_;
  std::string kept_;  // Received, and not to be read yet.
  Deadline deadline_;
  Socket socket_;
  Exchange* exchange_ = nullptr;  // Its handler's; null when there is none or it is answered.
  std::unique_ptr<Response> delayed_refusal_;
  std::int64_t quiet_since_ms_;
  std::uint64_t sent_bytes_watched_ = 0;
  State state_ = State::reading_head;
  Asked asked_;
  bool head_begun_ = false;
  bool closing_ = false;     // After this answer.
  bool chunked_ = false;     // The stream that is written.
  bool bodyless_ = false;    // The stream that is written: HEAD, or a status without a body.
  bool proceeding_ = false;  // proceed() is running: it looks at the state itself, no wake-up is needed.
};

}  // namespace omenia::http
