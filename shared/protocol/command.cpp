#include "shared/protocol/command.h"

#include <optional>
#include <utility>

namespace omenia {

std::string command_socket_path(const std::string& state_dir) {
  return state_dir + "/tmp/gateway.sock";
}

Result<void> ask_supervisor(Fd socket, std::string_view request, int wait_ms,
                            const std::function<bool(JsonView answer, ControlChannel& channel)>& hear) {
  Loop loop;
  std::optional<Error> failure = fail(ErrorCode::unavailable, "no answer within " + std::to_string(wait_ms) + " ms");
  Timer deadline(loop, [&loop] { loop.stop(); });
  std::unique_ptr<ControlChannel> channel;
  channel = std::make_unique<ControlChannel>(
      loop, std::move(socket),
      [&](JsonView answer) {
        if (!failure || !hear(answer, *channel)) return;
        failure.reset();
        loop.stop();
      },
      [&](const std::string& reason) {
        if (failure) failure = fail(ErrorCode::unreachable, reason);
        loop.stop();
      });
  deadline.start(wait_ms);
  channel->send(request);
  loop.run();
  channel.reset();
  if (failure) return std::move(*failure);
  return {};
}

}  // namespace omenia
