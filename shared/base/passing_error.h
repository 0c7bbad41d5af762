#pragma once
// Which failures of a call on a socket pass: it may be made again, at once or after a while.

#include <cerrno>

namespace omenia {

inline bool is_passing(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

// The system has no descriptor or no memory for one more; who does not wait asks in vain.
inline bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace omenia
