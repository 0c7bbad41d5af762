#include "worker/http/tls_relay.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <utility>

#include "shared/base/ensure.h"
#include "shared/base/limits.h"

namespace omenia::http {

class TlsRelay {
 public:
  TlsRelay(Loop& loop, Socket::Released client, Fd plain_end, std::vector<char>& read_buffer,
           std::function<void(TlsRelay*)> done)
      : client_(*this, loop, std::move(client), read_buffer),
        plain_(*this, loop, {std::move(plain_end), nullptr}, read_buffer),
        done_(std::move(done)),
        last_bytes_(loop, [this] { finish(); }) {
    client_.other = &plain_;
    plain_.other = &client_;
  }

  bool has_unsent() const {
    return client_.socket.queued_bytes() > 0 || (!plain_.has_ended && plain_.socket.has_unread());
  }
  std::uint64_t taken_bytes() const { return client_.socket.taken_bytes(); }

 private:
  struct Side final : Socket::Owner {
    Side(TlsRelay& owner, Loop& loop, Socket::Released from, std::vector<char>& read_buffer)
        : relay(owner), socket(loop, std::move(from), read_buffer, *this) {}

    void on_bytes(std::string_view bytes) override {
      other->socket.write({bytes});
      if (other->socket.queued_bytes() > limits::tls_relay_bytes_max) socket.pause_reading();
    }
    void on_end() override { relay.on_end(*this); }
    void on_flushed() override { relay.on_flushed(*this); }
    void on_woken() override {
      if (socket.broken()) relay.finish();
    }

    TlsRelay& relay;
    Side* other = nullptr;
    bool has_ended = false;  // Sends nothing more.
    Socket socket;
  };

  // The other side gets what is still on its way, then the same end.
  void on_end(Side& side) {
    side.has_ended = true;
    if (side.socket.broken()) return finish();
    last_bytes_.start(limits::tls_relay_end_ms);
    if (side.other->socket.queued_bytes() == 0) pass_end_to(*side.other);
  }

  void on_flushed(Side& side) {
    if (side.other->has_ended) return pass_end_to(side);
    side.other->socket.resume_reading();
  }

  void pass_end_to(Side& side) {
    if (side.has_ended) return finish();
    side.socket.finish_sending();
  }

  // Whoever is not done by then gets no more.
  void finish() {
    if (client_.socket.queued_bytes() > 0) client_.socket.reset();
    client_.socket.close();
    plain_.socket.close();
    const auto done = done_;
    done(this);
  }

  Side client_;
  Side plain_;
  std::function<void(TlsRelay*)> done_;
  Timer last_bytes_;
};

TlsRelays::~TlsRelays() = default;

TlsRelays::Relayed TlsRelays::add(Socket::Released client) {
  int ends[2];
  const int made = ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends);
  if (made != 0) return {};  // No descriptors are left: the connection ends with `client`.
  const auto done = [this](TlsRelay* relay) {
    relays_.remove_if([relay](const auto& each) { return each.get() == relay; });
  };
  const auto relay = std::make_shared<TlsRelay>(loop_, std::move(client), Fd(ends[0]), read_buffer_, done);
  relays_.push_back(relay);
  const std::weak_ptr<TlsRelay> weak = relay;
  return {Fd(ends[1]), [weak] {
            const auto alive = weak.lock();
            return alive ? alive->taken_bytes() : 0;
          }};
}

bool TlsRelays::has_unsent() const {
  for (const auto& relay : relays_)
    if (relay->has_unsent()) return true;
  return false;
}

}  // namespace omenia::http
