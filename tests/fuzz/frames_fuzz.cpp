// Fuzzes the frames of the control protocol: each line of the input is one text message to a session. An input that
// starts with '+' is sent after a connect that is granted every scope, any other from the challenge on. Nothing a
// client says may end the worker.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/ensure.h"
#include "tests/fuzz/worker.h"
#include "tests/support/ws_frame.h"

namespace {

using omenia::fuzz::FuzzWorker;
using omenia::test::encode;
using omenia::test::Opcode;

constexpr int turns = 6;  // Enough for a frame to come in and its answer to go out.
constexpr std::string_view connect_frame =
    R"({"type":"req","id":"c","method":"connect","params":{"minProtocol":4,"maxProtocol":4,)"
    R"("client":{"id":"gateway-client","mode":"backend","version":"1","platform":"linux"},)"
    R"("scopes":["operator.admin","operator.approvals","operator.questions","operator.pairing"],)"
    R"("caps":["tool-events","delta-text"],"auth":{"token":"s3cret"}}})";

void say(const omenia::Fd& client, std::string_view text) {
  FuzzWorker& worker = FuzzWorker::instance();
  worker.send(client, encode({Opcode::text, std::string(text)}));
  worker.turn(turns);
  worker.drain(client);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view lines(reinterpret_cast<const char*>(data), size);
  FuzzWorker& worker = FuzzWorker::instance();
  omenia::Fd client = worker.client_of_a_web_socket();
  worker.turn(turns);
  if (lines.starts_with('+')) {
    lines.remove_prefix(1);
    say(client, connect_frame);
    ensure(worker.context().hub.connected() == 1, "a good connect is granted, whatever was sent before it");
  }
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    say(client, line);
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
  }
  worker.leave(std::move(client));
  return 0;
}
