#pragma once
// Scene: a gateway with clients that send and write without a pause, whose processes are killed again and again.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>

#include "tests/crash/audit.h"
#include "tests/crash/config_writer.h"
#include "tests/crash/senders.h"
#include "tests/support/gateway.h"
#include "tests/support/mock_upstream.h"

namespace omenia::crash {

struct Effort {
  int kills = 200;
  int supervisor_kills = 20;
  std::uint32_t seed = 0;
  Clients clients;
};

class Scene {
 public:
  explicit Scene(const Effort& effort);
  bool play();

 private:
  bool start();
  bool kill_many();
  bool kill_a_worker();
  bool kill_the_supervisor();
  bool until_serving();
  bool release();
  bool report(int exit_code) const;
  void pause(unsigned ms_max);
  bool chance(unsigned one_in) { return random_() % one_in == 0; }

  Effort effort_;
  std::mt19937 random_;
  test::MockUpstream mock_;
  test::Gateway gateway_{mock_.port()};
  Ledger ledger_;
  Findings findings_;
  std::unique_ptr<Senders> senders_;
  std::unique_ptr<ConfigWriter> writer_;

  int kills_ = 0;
  int kills_in_a_swap_ = 0;  // More than one worker lived.
  int supervisor_kills_ = 0;
  int releases_ = 0;
  int not_back_ = 0;
  std::int64_t longest_ms_ = 0;  // From a kill until somebody serves, the delay of a series included.
};

}  // namespace omenia::crash
