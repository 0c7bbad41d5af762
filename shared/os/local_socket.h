#pragma once
// Local sockets: streams between processes of this machine, found by a path that only its owner may use.

#include <sys/types.h>

#include <string>

#include "shared/base/fd.h"
#include "shared/base/result.h"

namespace omenia {

// Mode 0600; the folder is made when it is missing, and what an earlier process left at the path is replaced. The path
// may be longer than an address of a socket. Error: system.
Result<Fd> listen_local(const std::string& path);

// Error: unreachable, when nobody listens there; system.
Result<Fd> connect_local(const std::string& path);

struct LocalPeer {
  pid_t pid = 0;
  uid_t user = 0;
};
Result<LocalPeer> peer_of(int socket);  // As the system knows it, not as it says.

}  // namespace omenia
