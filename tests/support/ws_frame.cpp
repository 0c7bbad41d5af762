#include "tests/support/ws_frame.h"

#include <cstddef>

namespace omenia::test {

namespace {

constexpr unsigned char mask[4] = {0x12, 0x34, 0x56, 0x78};  // Random masks protect browsers; a test is none.

void append_number(std::string& out, std::uint64_t number, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}

std::uint64_t number_at(std::string_view text, std::size_t start, std::size_t bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes; ++i) number = number << 8 | static_cast<unsigned char>(text[start + i]);
  return number;
}

}  // namespace

std::string encode(const WsFrame& frame) {
  std::string out;
  const std::size_t size = frame.payload.size();
  const unsigned mask_bit = frame.masked ? 0x80 : 0;
  out += static_cast<char>((frame.last ? 0x80 : 0) | static_cast<unsigned>(frame.opcode));
  if (size < 126) {
    out += static_cast<char>(mask_bit | size);
  } else if (size < 65'536) {
    out += static_cast<char>(mask_bit | 126);
    append_number(out, size, 2);
  } else {
    out += static_cast<char>(mask_bit | 127);
    append_number(out, size, 8);
  }
  if (!frame.masked) return out + frame.payload;
  out.append(reinterpret_cast<const char*>(mask), sizeof mask);
  const std::size_t start = out.size();
  out += frame.payload;
  for (std::size_t i = 0; i < size; ++i) out[start + i] = static_cast<char>(out[start + i] ^ mask[i % 4]);
  return out;
}

std::optional<WsFrame> take_frame(std::string& received) {
  if (received.size() < 2) return std::nullopt;
  const unsigned first = static_cast<unsigned char>(received[0]);
  std::uint64_t size = static_cast<unsigned char>(received[1]) & 0x7F;
  std::size_t head = 2;
  if (size >= 126) {
    const std::size_t bytes = size == 126 ? 2 : 8;
    if (received.size() < head + bytes) return std::nullopt;
    size = number_at(received, head, bytes);
    head += bytes;
  }
  if (received.size() < head + size) return std::nullopt;
  WsFrame frame{static_cast<Opcode>(first & 0x0F), received.substr(head, size), (first & 0x80) != 0, false};
  received.erase(0, head + size);
  return frame;
}

}  // namespace omenia::test
