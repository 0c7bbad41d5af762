#include "shared/protocol/control.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "shared/base/limits.h"

namespace omenia {

namespace {
constexpr std::size_t read_bytes = 64 * limits::KiB;
}

// Lives as long as a call into it runs, even when that call destroys the channel: `received` and `closed` may.
struct ControlChannel::State : std::enable_shared_from_this<ControlChannel::State> {
  State(Loop& the_loop, Fd the_socket, std::function<void(JsonView)> on_message,
        std::function<void(std::string)> on_end)
      : loop(the_loop), socket(std::move(the_socket)), received(std::move(on_message)), closed(std::move(on_end)) {}

  // False when there is nothing to read now.
  bool read_once();
  void take_lines();
  void take_line(std::string_view line);
  void write_some();
  void end(std::string reason);
  bool over() const { return !socket.valid(); }

  Loop& loop;
  Fd socket;
  std::function<void(JsonView)> received;
  std::function<void(std::string)> closed;
  std::string inbox;   // What came after the last newline.
  std::string outbox;  // What the socket did not take yet.
  std::unique_ptr<Watch> readable;
  std::unique_ptr<Watch> writable;
};

bool ControlChannel::State::read_once() {
  char bytes[read_bytes];
  const ssize_t got = ::recv(socket.get(), bytes, sizeof bytes, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (got < 0 && errno != ECONNRESET) {
    end(std::string("reading from the control channel failed: ") + std::strerror(errno));
    return false;
  }
  if (got <= 0) {
    end(std::string(control_closed));
    return false;
  }
  inbox.append(bytes, static_cast<std::size_t>(got));
  take_lines();
  return !over();
}

void ControlChannel::State::take_lines() {
  std::size_t start = 0;
  for (std::size_t newline = inbox.find('\n'); newline != std::string::npos; newline = inbox.find('\n', start)) {
    take_line(std::string_view(inbox).substr(start, newline - start));
    if (over()) return;
    start = newline + 1;
  }
  inbox.erase(0, start);
  if (inbox.size() > limits::control_line_bytes_max)
    end("a control message is longer than " + std::to_string(limits::control_line_bytes_max) + " bytes");
}

void ControlChannel::State::take_line(std::string_view line) {
  const auto message = Json::parse(line, limits::control_line_bytes_max);
  if (!message.ok()) return end("a control message cannot be read: " + message.error().message);
  if (message.value()["type"].text().empty()) return end("a control message has no type");
  const auto call = received;  // The call may destroy the channel, and the function with it.
  call(message.value());
}

void ControlChannel::State::write_some() {
  while (!outbox.empty()) {
    const ssize_t put = ::send(socket.get(), outbox.data(), outbox.size(), MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EAGAIN) break;
    if (put < 0) {
      outbox.clear();  // The peer is gone; the reading side says so.
      break;
    }
    outbox.erase(0, static_cast<std::size_t>(put));
  }
  if (outbox.empty()) {
    writable.reset();
  } else if (!writable) {
    writable = std::make_unique<Watch>(loop, socket.get(), Watch::For::writing, [self = weak_from_this()] {
      if (const auto state = self.lock(); state && !state->over()) state->write_some();
    });
  }
}

void ControlChannel::State::end(std::string reason) {
  readable.reset();
  writable.reset();
  socket.reset();
  received = nullptr;
  if (const auto call = std::exchange(closed, nullptr)) call(std::move(reason));
}

ControlChannel::ControlChannel(Loop& loop, Fd socket, std::function<void(JsonView message)> received,
                               std::function<void(std::string reason)> closed)
    : state_(std::make_shared<State>(loop, std::move(socket), std::move(received), std::move(closed))) {
  ::fcntl(state_->socket.get(), F_SETFL, ::fcntl(state_->socket.get(), F_GETFL) | O_NONBLOCK);
  state_->readable =
      std::make_unique<Watch>(loop, state_->socket.get(), Watch::For::reading, [self = state_->weak_from_this()] {
        if (const auto state = self.lock(); state && !state->over()) state->read_once();
      });
}

ControlChannel::~ControlChannel() {
  state_->closed = nullptr;
  state_->end({});
}

void ControlChannel::send(std::string_view object_text) {
  if (state_->over()) return;
  if (state_->outbox.size() + object_text.size() > limits::control_outbox_bytes_max) {
    state_->loop.post([self = state_->weak_from_this()] {
      if (const auto state = self.lock(); state && !state->over()) state->end("the other end does not read");
    });
    return;
  }
  state_->outbox.append(object_text).push_back('\n');
  state_->write_some();
}

void ControlChannel::read_pending() {
  const auto state = state_;
  while (!state->over() && state->read_once()) continue;
}

}  // namespace omenia
