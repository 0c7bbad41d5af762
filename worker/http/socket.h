#pragma once
// Socket: an accepted TCP connection on the loop. Bytes come in as they arrive; bytes go out at once, and what the
// client does not take waits here. A failure is never told from within a call, but in a later turn of the loop.
// With TLS the bytes are those of the session, and the client that does not begin one is told to the owner.
//
// Plain read and send on two events, not a bufferevent: a request costs one receive and one send, without the
// FIONREAD, the 4 KiB reads and the two epoll_ctl of each write that a bufferevent adds.

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

#include "shared/base/fd.h"
#include "shared/loop/loop.h"
#include "worker/http/tls_acceptor.h"

struct evbuffer;

namespace omenia::http {

class Socket {
 public:
  // Each call may destroy the socket.
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void on_bytes(std::string_view bytes) = 0;  // Valid within the call.
    virtual void on_end() = 0;                          // The client has stopped sending, or the connection is broken.
    virtual void on_flushed() = 0;                      // What had to wait is sent.
    virtual void on_woken() = 0;                        // After wake(), and when a write has failed.
    // The client does not speak TLS. What it has sent is thrown away; what is written from now on is plain.
    virtual void on_plain_text() {}
  };
  // A connection that leaves, with what has to go on with it.
  struct Released {
    Fd fd;
    std::unique_ptr<TlsSession> tls;  // Null: it is plain.
  };

  // Reads into `read_buffer`, which all sockets of a loop share. Starts to read. With an acceptor the client has to
  // begin with TLS.
  Socket(Loop& loop, Fd fd, std::vector<char>& read_buffer, Owner& owner,
         std::shared_ptr<TlsAcceptor> acceptor = nullptr);
  Socket(Loop& loop, Released released, std::vector<char>& read_buffer, Owner& owner);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  void write(std::initializer_list<std::string_view> parts);
  std::size_t queued_bytes() const;
  std::uint64_t sent_bytes() const { return sent_bytes_; }
  std::uint64_t taken_bytes() const;  // Of those sent, by the other end's system.
  const TlsSession* tls() const { return tls_.get(); }
  bool broken() const { return broken_; }

  void pause_reading();
  void resume_reading();
  bool reading_paused() const { return paused_; }
  bool client_has_left() const;  // To ask while reading is paused, when on_end() cannot tell.
  bool has_unread() const;       // Bytes, or the end, that the loop has not come to yet.

  void wake();            // on_woken() in the next turn.
  void finish_sending();  // The client sees the end; what it still sends can be read.
  void reset();           // Breaks the connection, so that the client does not take what it got for the whole.
  void close();
  Released release();  // Leaves, alive.

 private:
  static void on_readable(int fd, short what, void* self);
  static void on_writable(int fd, short what, void* self);
  void receive();
  void take_wire(std::string_view wire);
  void begin_tls(std::string_view wire);
  void decrypt(std::string_view wire);
  void finish_receiving();
  void write_wire(std::initializer_list<std::string_view> parts);
  void send_queued();
  void break_off();

  Fd fd_;
  std::vector<char>& read_buffer_;
  Owner& owner_;
  std::shared_ptr<TlsAcceptor> acceptor_;  // Until the first byte has come.
  std::unique_ptr<TlsSession> tls_;
  event* readable_;
  event* writable_;
  evbuffer* queue_;
  std::uint64_t sent_bytes_ = 0;
  std::size_t replied_bytes_ = 0;  // Of the TLS library's own that answered what came: its handshake, alerts.
  bool paused_ = false;
  bool woken_ = false;  // A wake() that has not been delivered; event_del() would forget it.
  bool broken_ = false;
};

}  // namespace omenia::http
