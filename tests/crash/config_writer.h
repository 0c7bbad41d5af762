#pragma once
// ConfigWriter: changes the configuration again and again, over the control protocol and with the command, and looks
// after each change, and before the next one, whether the file holds what was acknowledged last.

#include <cstdint>
#include <random>
#include <thread>

#include "tests/crash/ledger.h"
#include "tests/support/gateway.h"

namespace omenia::crash {

class ConfigWriter {
 public:
  ConfigWriter(test::Gateway& gateway, std::uint32_t seed, Ledger& ledger);
  ~ConfigWriter();  // ledger.stopping is set. Looks at the file once more.

 private:
  void run();
  void write_over_protocol();
  void write_with_command();
  void check();  // The number in the file.

  test::Gateway& gateway_;
  std::mt19937 random_;
  Ledger& ledger_;
  int acknowledged_ = 0;
  int asked_ = 0;
  std::thread thread_;
};

}  // namespace omenia::crash
