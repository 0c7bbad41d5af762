#pragma once
// PlainConnection: a TCP connection of ours to a server, without TLS, on the loop. One request at a time goes over it.

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/fd.h"
#include "shared/loop/loop.h"
#include "worker/net/plain_target.h"

struct event;

namespace omenia::net {

class PlainConnection {
 public:
  // Each call may destroy the connection.
  class Owner {
   public:
    virtual void on_bytes(std::string_view bytes) = 0;  // Valid within the call.
    // 0: in order, by the server. Else an errno, also when it could not be connected.
    virtual void on_closed(int system_error) = 0;

   protected:
    ~Owner() = default;
  };

  // Reads into `read_buffer`, which all connections of a loop share.
  PlainConnection(Loop& loop, Endpoint endpoint, std::vector<char>& read_buffer);
  ~PlainConnection();
  PlainConnection(const PlainConnection&) = delete;
  PlainConnection& operator=(const PlainConnection&) = delete;

  // Begins to connect. Returns 0, or an errno.
  int connect(const SocketAddress& address);

  // Sends a request and tells the owner of what comes. The body has to stay where it is as long as the owner is set.
  void send(std::string head, std::string_view body, Owner& owner);

  // Nobody owns it until the next request: what the server sends or its end closes it.
  void forget_owner();

  const Endpoint& endpoint() const { return endpoint_; }
  bool is_open() const { return fd_.valid(); }
  bool is_connected() const { return connected_; }
  bool has_sent_all() const { return sent_ == head_.size() + body_.size(); }

  void pause_reading();
  void resume_reading();

 private:
  static void on_readable(int fd, short what, void* self);
  static void on_writable(int fd, short what, void* self);
  void watch();
  void close();
  void receive();
  void finish_connecting();
  void send_more();
  void end(int system_error);

  Loop& loop_;
  Endpoint endpoint_;
  std::vector<char>& read_buffer_;
  Owner* owner_ = nullptr;
  Fd fd_;
  event* readable_ = nullptr;
  event* writable_ = nullptr;
  bool connected_ = false;
  bool waits_to_send_ = false;
  std::string head_;
  std::string_view body_;
  std::size_t sent_ = 0;
  int send_error_ = 0;  // For which nothing more is sent.
};

}  // namespace omenia::net
