#pragma once
// Relay::Link: the relay's socket to one other worker, and the images of that worker's runs.

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>

#include "worker/agents/runs.h"
#include "worker/relay.h"

namespace omenia::worker {

class Relay::Link {
 public:
  // `closed` may destroy the link.
  Link(Context& context, std::int64_t generation, Fd socket, std::function<void()> closed);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  std::int64_t generation() const { return generation_; }
  void send(const JsonWriter& message) { channel_.send(message.text()); }

 private:
  using StopWatch = std::stop_callback<std::function<void()>>;
  struct Image {
    agents::RunPointer run;
    std::unique_ptr<StopWatch> stop;  // Passes a stop on to the worker that has the run.
  };

  void hear(JsonView message);
  void hear_run(JsonView message);
  void hear_ended(JsonView message);
  void abort(JsonView message);
  void happened(Image& image, std::string_view type, JsonView message);

  Context& context_;
  std::int64_t generation_;
  std::unordered_map<std::string, Image> images_;
  ControlChannel channel_;
};

}  // namespace omenia::worker
