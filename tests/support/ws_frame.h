#pragma once
// WsFrame: the frames of RFC 6455 as a client sees them. Only what a test needs: any frame can be written, also broken
// ones, and what a correct server sends can be read.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace omenia::test {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct WsFrame {
  Opcode opcode = Opcode::text;
  std::string payload;
  bool last = true;    // The FIN bit.
  bool masked = true;  // What a client must do; false to see a server refuse it.
};

std::string encode(const WsFrame& frame);

// Takes the first whole frame from the front of `received`; nothing when it is not all there yet.
std::optional<WsFrame> take_frame(std::string& received);

}  // namespace omenia::test
