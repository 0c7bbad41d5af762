#pragma once
// Control: the talk between supervisor and worker over their socket pair, one JSON object a line. The first line each
// way is `hello` with the protocol's version; another version is refused in words, since the two may come from
// different releases during an upgrade.
//
//   down: hello {protocol, version, generation}, drain {deadlineMs, reason, restartExpectedMs?, swap}, stop {},
//         peer {generation} + descriptor, gone {generation}, plan {}, apply {},
//         swapFailed {reason}
//   up:   hello {protocol, version, pid}, ready {generation}, heartbeat {loopDelayMs}, drained {},
//         refused {message, exit}, swapWanted {reason}, planned {action, files, listen, ...}, applied {ok, text}
//         (worker/config/lines.h)
//
// `peer` joins a draining worker and the one that serves by a socket of their own, the relay. The generations of the
// messages `ready`, `peer` and `gone` are those of the store; that of `hello` counts the supervisor's workers.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "shared/base/fd.h"
#include "shared/json/json.h"
#include "shared/loop/loop.h"

namespace omenia {

inline constexpr int control_protocol = 2;

// The reason `closed` gets when the other end went away without a fault in what it sent.
inline constexpr std::string_view control_closed = "the other end closed the control channel";

class ControlChannel {
 public:
  // `received` gets each message (an object with a string `type`); `closed` is called once, when the other end is gone
  // or sent something that is no message; `reason` says which. Both may destroy the channel.
  ControlChannel(Loop& loop, Fd socket, std::function<void(JsonView message)> received,
                 std::function<void(std::string reason)> closed);
  ~ControlChannel();
  ControlChannel(const ControlChannel&) = delete;
  ControlChannel& operator=(const ControlChannel&) = delete;

  // Writes one line; `object_text` is a JSON object without newlines. Small messages to a live peer: never blocks,
  // what the socket does not take is kept and written when it does.
  void send(std::string_view object_text);
  void send(std::string_view object_text, Fd descriptor);  // Gives the descriptor away with the message.

  // The descriptor that came with the message that is being delivered; invalid when none did.
  Fd take_descriptor();

  // For handing the channel to another program in this process: its descriptor, and whether nothing of a message is
  // here that would be lost.
  int descriptor() const;
  bool idle() const;

  // Delivers now what has already arrived: the last words of a peer that has died.
  void read_pending();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace omenia
