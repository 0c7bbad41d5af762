// Fuzzes the port with raw bytes, and with them the hand-over of a socket from the HTTP parser to libwebsockets: what
// follows an upgrade in the same segment, and frames of every kind. The input is sent in pieces: a byte 0xfe followed
// by another byte is a pause, in which the worker reads what came so far.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/worker.h"

namespace {

constexpr std::string_view pause_mark = "\xfe\xff";
constexpr int turns = 8;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  omenia::fuzz::FuzzWorker& worker = omenia::fuzz::FuzzWorker::instance();
  omenia::Fd client = worker.client_of_the_port();
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, bytes.find(pause_mark));
    worker.send(client, piece);
    worker.turn(turns);
    worker.drain(client);
    bytes.remove_prefix(std::min(piece.size() + pause_mark.size(), bytes.size()));
  }
  worker.leave(std::move(client));
  return 0;
}
