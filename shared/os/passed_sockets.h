#pragma once
// Sockets that the service manager opened and passed to this process (LISTEN_PID, LISTEN_FDS: systemd's protocol). They
// come at descriptor 3 and up; `gateway run` needs that number for the launch document and moves them up by one.

#include <vector>

#include "shared/base/fd.h"

namespace omenia {

inline constexpr int passed_sockets_max = 16;
inline constexpr int first_passed_descriptor = 3;
inline constexpr int first_moved_descriptor = 4;

int passed_sockets();        // How many are meant for this process; 0: none.
void move_passed_sockets();  // Right before an exec: what lies where they go is lost.

// The moved ones; the variables are taken from the environment, since they are not for children.
std::vector<Fd> take_moved_sockets();

}  // namespace omenia
