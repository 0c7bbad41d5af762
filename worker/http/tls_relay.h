#pragma once
// TlsRelay: goes on with TLS for a connection that became a WebSocket. Whoever speaks WebSocket gets a plain socket,
// the end of a pair; here text goes from one to the other, each side only as fast as the other takes it.

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <vector>

#include "shared/base/fd.h"
#include "shared/loop/loop.h"
#include "worker/http/socket.h"

namespace omenia::http {

class TlsRelay;

// All of one server.
class TlsRelays {
 public:
  TlsRelays(Loop& loop, std::vector<char>& read_buffer) : loop_(loop), read_buffer_(read_buffer) {}
  ~TlsRelays();
  TlsRelays(const TlsRelays&) = delete;
  TlsRelays& operator=(const TlsRelays&) = delete;

  struct Relayed {
    Fd plain_end;
    // Of what the plain end has sent, as much as the client's system has taken, in bytes of TLS.
    std::function<std::uint64_t()> taken_bytes;
  };
  // `client` has TLS and has completed its handshake. It ends when one side does and the other has got all.
  Relayed add(Socket::Released client);

  bool has_unsent() const;  // Bytes for a client, from a plain end.

 private:
  Loop& loop_;
  std::vector<char>& read_buffer_;
  std::list<std::shared_ptr<TlsRelay>> relays_;
};

}  // namespace omenia::http
