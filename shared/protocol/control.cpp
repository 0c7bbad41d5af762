#include "shared/protocol/control.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <deque>
#include <utility>

#include "shared/base/limits.h"

namespace omenia {

namespace {
constexpr std::size_t read_bytes = 64 * limits::KiB;
constexpr std::size_t descriptors_max = 8;  // Waiting to be taken; a peer sends one at a time.

// A descriptor that goes with the byte at `position` of what is still to be sent.
struct Attached {
  std::size_t position;
  Fd descriptor;
};

// Room for one descriptor beside the bytes of a message.
union DescriptorSpace {
  char bytes[CMSG_SPACE(sizeof(int))];
  cmsghdr align;
};

ssize_t send_with(int socket, std::string_view bytes, const Fd* descriptor) {
  iovec part{const_cast<char*>(bytes.data()), bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  DescriptorSpace space{};
  if (descriptor != nullptr) {
    message.msg_control = space.bytes;
    message.msg_controllen = sizeof space.bytes;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    const int number = descriptor->get();
    std::memcpy(CMSG_DATA(header), &number, sizeof number);
  }
  return ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

ssize_t receive_with(int socket, char* bytes, std::size_t size, std::deque<Fd>& descriptors) {
  iovec part{bytes, size};
  DescriptorSpace space{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space.bytes;
  message.msg_controllen = sizeof space.bytes;
  const ssize_t got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  if (got < 0) return got;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) return got;
  int number = -1;
  std::memcpy(&number, CMSG_DATA(header), sizeof number);
  descriptors.emplace_back(number);
  if (descriptors.size() > descriptors_max) descriptors.pop_front();
  return got;
}

}  // namespace

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
  std::string inbox;             // What came after the last newline.
  std::string outbox;            // What the socket did not take yet.
  std::deque<Attached> leaving;  // Descriptors that go with bytes of the outbox, in order.
  std::deque<Fd> arrived;        // Descriptors nobody has taken yet.
  std::unique_ptr<Watch> readable;
  std::unique_ptr<Watch> writable;
};

bool ControlChannel::State::read_once() {
  char bytes[read_bytes];
  const ssize_t got = receive_with(socket.get(), bytes, sizeof bytes, arrived);
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
    // Up to the next message with a descriptor, which goes with that message's first byte.
    const bool attached = !leaving.empty() && leaving.front().position == 0;
    const std::size_t next = attached ? 1 : 0;
    const std::size_t size = leaving.size() > next ? leaving[next].position : outbox.size();
    const ssize_t put = send_with(socket.get(), std::string_view(outbox).substr(0, size),
                                  attached ? &leaving.front().descriptor : nullptr);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EAGAIN) break;
    if (put < 0) {
      outbox.clear();  // The peer is gone; the reading side says so.
      leaving.clear();
      break;
    }
    if (attached) leaving.pop_front();
    outbox.erase(0, static_cast<std::size_t>(put));
    for (Attached& later : leaving) later.position -= static_cast<std::size_t>(put);
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

void ControlChannel::send(std::string_view object_text, Fd descriptor) {
  state_->leaving.push_back({state_->outbox.size(), std::move(descriptor)});
  send(object_text);
}

Fd ControlChannel::take_descriptor() {
  if (state_->arrived.empty()) return {};
  Fd first = std::move(state_->arrived.front());
  state_->arrived.pop_front();
  return first;
}

int ControlChannel::descriptor() const {
  return state_->socket.get();
}

bool ControlChannel::idle() const {
  return !state_->over() && state_->inbox.empty() && state_->outbox.empty() && state_->arrived.empty();
}

void ControlChannel::read_pending() {
  const auto state = state_;
  while (!state->over() && state->read_once()) continue;
}

}  // namespace omenia
