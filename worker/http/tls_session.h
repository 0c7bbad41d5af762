#pragma once
// TlsSession: the server's end of TLS on one connection, between bytes and bytes: what came from the wire becomes text,
// text becomes what goes to the wire. It knows no socket, so that nothing here waits.

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace omenia::http {

// What sessions of one port have come to; counted by the sessions themselves.
struct TlsCounts {
  std::uint64_t opened = 0;  // Handshakes that were completed.
  std::uint64_t failed = 0;
  int alive = 0;
};

class TlsSession {
 public:
  enum class State { handshake, open, ended, broken };  // ended: the client has said that nothing more comes.

  TlsSession(SSL_CTX& context, std::shared_ptr<TlsCounts> counts);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // Takes what has come, however it is cut. Appends the client's text to `text`, and to `reply` what has to be sent
  // back, also when it says why the session is broken.
  State receive(std::string_view wire, std::string& text, std::string& reply);
  State state() const { return state_; }

  void encrypt(std::string_view text, std::string& wire);  // Only while it is open.
  void end(std::string& wire);                             // Nothing more comes from us. A second time: nothing.

  const std::string& problem() const { return problem_; }  // Why it is broken.

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  static BIO_METHOD* pipe();
  static int on_read(BIO* bio, char* into, int size);
  static int on_write(BIO* bio, const char* from, int size);
  static long on_control(BIO* bio, int what, long number, void* pointer);

  void read_text(std::string& text);
  void take_error(int error);

  std::unique_ptr<SSL, Free> ssl_;
  std::shared_ptr<TlsCounts> counts_;
  std::string_view incoming_;        // Not read yet; only within a call.
  std::string* outgoing_ = nullptr;  // The same.
  State state_ = State::handshake;
  bool said_end_ = false;
  std::string problem_;
};

}  // namespace omenia::http
