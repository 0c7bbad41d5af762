#pragma once
// Crowd: thousands of WebSocket clients of the control protocol in one thread, on epoll and with frames written by
// hand, so that the gateway is measured and not a client library. Each says hello with every scope.

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/fd.h"
#include "tests/bench/load.h"
#include "tests/bench/samples.h"

namespace omenia::bench {

class Crowd {
 public:
  Crowd(int port, const std::string& token);
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  // Opens connections until so many have their hello-ok, `at_once` of them on the way at a time; the time of each
  // handshake goes to `times`. False when one is refused, or nothing happens for too long.
  bool grow(std::size_t count, std::size_t at_once, Samples& times);
  // Opens and closes one connection after another, on each of `lanes` places.
  LoadResult handshakes(std::size_t lanes, int duration_ms);
  // The first `connections` call `health`, each waiting for its answer before it calls again.
  LoadResult calls(std::size_t connections, int duration_ms);
  // The first asks for something that is told to everybody as `event`; microseconds from there until the last of the
  // crowd has it, or -1.
  std::int64_t event_to_all(std::string_view event, std::string_view method, std::string_view params);

  std::size_t size() const { return members_.size(); }

 private:
  enum class State { upgrading, greeting, connected, gone };
  struct Member {
    Fd socket;
    State state = State::upgrading;
    std::string received;
    std::int64_t begun_us = 0;
  };
  enum class Doing { growing, shaking_hands, calling, listening };

  void open(Member& member);
  void send(const Member& member, std::string_view text) const;
  bool turn(int wait_ms);
  void read(Member& member);
  void take_bytes(Member& member);
  void message(Member& member, std::string_view text);
  void greeted(Member& member);
  void answered(Member& member);
  void lose(Member& member);

  int port_;
  std::string hello_;
  Fd poll_;
  std::vector<std::unique_ptr<Member>> members_;
  std::array<char, 256 * 1024> buffer_{};
  Doing doing_ = Doing::growing;
  std::size_t busy_ = 0;  // On the way to what is waited for.
  std::size_t failures_ = 0;
  std::int64_t end_us_ = 0;  // When no further one is begun.
  std::string awaited_;      // The start of the frame that is listened for.
  Samples times_;
};

// As many descriptors as the system lets this process and its children have.
void raise_descriptor_limit();

}  // namespace omenia::bench
