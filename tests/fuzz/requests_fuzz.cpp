// Fuzzes the endpoints: the first line of the input is a method and a target, the rest a body, sent with the credential
// that the path takes. Whatever it says, it is answered, and the worker goes on.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/worker.h"
#include "tests/support/worker_parts.h"

namespace {

using omenia::fuzz::FuzzWorker;

constexpr int turns = 12;  // Enough for a request to come in and for most answers to go out.

std::string request_of(std::string_view line, std::string_view body) {
  const bool is_hook = line.find("/hooks") != std::string_view::npos;
  std::string text(line);
  text += " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ";
  text += is_hook ? omenia::fuzz::hooks_token : omenia::test::worker_token;
  text += "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return text.append(body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  FuzzWorker& worker = FuzzWorker::instance();
  omenia::Fd client = worker.client_of_the_port();
  worker.send(client, request_of(input.substr(0, line), input.substr(std::min(line + 1, input.size()))));
  worker.turn(turns);
  worker.drain(client);
  worker.leave(std::move(client));
  return 0;
}
