#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "shared/base/folders.h"
#include "shared/os/local_socket.h"

namespace omenia {

namespace {

constexpr int backlog = 16;

Error failure(const std::string& path, int cause) {
  const bool nobody = cause == ENOENT || cause == ECONNREFUSED;
  return fail(nobody ? ErrorCode::unreachable : ErrorCode::system, "socket " + path + ": " + std::strerror(cause));
}

// An address by way of the open folder: it has room for any path.
struct Place {
  Fd folder;
  sockaddr_un address{};

  static Result<Place> of(const std::string& path) {
    const std::filesystem::path whole(path);
    Place place;
    place.folder = Fd(::open(whole.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!place.folder.valid()) return failure(path, errno);
    const std::string text = "/proc/self/fd/" + std::to_string(place.folder.get()) + "/" + whole.filename().string();
    if (text.size() >= sizeof place.address.sun_path) return failure(path, ENAMETOOLONG);
    place.address.sun_family = AF_UNIX;
    text.copy(place.address.sun_path, text.size());
    return place;
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

}  // namespace

Result<Fd> listen_local(const std::string& path) {
  make_private_folders(std::filesystem::path(path).parent_path().string());
  TRY_ASSIGN(const Place place, Place::of(path));
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return failure(path, errno);
  ::unlink(path.c_str());
  // The mode of the socket's file is made from that of the descriptor: nobody else gets in between bind and chmod.
  ::fchmod(fd.get(), 0600);
  if (::bind(fd.get(), place.get(), sizeof place.address) != 0) return failure(path, errno);
  if (::chmod(path.c_str(), 0600) != 0 || ::listen(fd.get(), backlog) != 0) return failure(path, errno);
  return fd;
}

Result<Fd> connect_local(const std::string& path) {
  TRY_ASSIGN(const Place place, Place::of(path));
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return failure(path, errno);
  if (::connect(fd.get(), place.get(), sizeof place.address) != 0) return failure(path, errno);
  return fd;
}

Result<LocalPeer> peer_of(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return failure("of a peer", errno);
  return LocalPeer{peer.pid, peer.uid};
}

}  // namespace omenia
