#pragma once
// RequestIds: the name of a request in answers and logs. A client's own is taken when it is short and clean, so that
// its logs and ours can be held together; else one is made, unique while the machine runs.

#include <cstdint>
#include <string>
#include <string_view>

namespace omenia::http {

class RequestIds {
 public:
  RequestIds();

  // `offered` is the client's X-Request-Id; empty when it has sent none.
  std::string choose(std::string_view offered);

 private:
  std::string start_;  // Of this process.
  std::uint64_t count_ = 0;
};

}  // namespace omenia::http
