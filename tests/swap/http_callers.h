#pragma once
// HttpCallers: keep-alive connections, each asking one thing again and again and checking every answer.

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "tests/swap/tally.h"

namespace omenia::swap {

class HttpCallers {
 public:
  HttpCallers(int connections, int port, const std::string& token, std::uint32_t seed, Tally& tally);
  ~HttpCallers();  // Lets them finish what they have asked.

 private:
  std::vector<std::thread> threads_;
};

}  // namespace omenia::swap
