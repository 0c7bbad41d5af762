#pragma once
// Which failures of a call on a socket pass: it may be made again later.

#include <cerrno>

namespace omenia {

inline bool is_passing(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace omenia
