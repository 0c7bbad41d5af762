#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>

#include "shared/os/process.h"

namespace omenia {

namespace {

constexpr std::size_t holders_max = 8;
constexpr std::size_t command_bytes_max = 200;

struct ListeningSocket {
  std::string address;
  uid_t user = 0;
  std::string inode;
};

// An address of /proc/net/tcp: groups of eight digits, each a 32-bit word in the machine's byte order.
std::string address_of(std::string_view hexadecimal, int port) {
  std::uint32_t words[4] = {};
  const bool is_v6 = hexadecimal.size() == 32;
  for (std::size_t i = 0; i < hexadecimal.size() / 8 && i < 4; ++i)
    std::from_chars(hexadecimal.data() + i * 8, hexadecimal.data() + i * 8 + 8, words[i], 16);
  char text[INET6_ADDRSTRLEN] = "?";
  ::inet_ntop(is_v6 ? AF_INET6 : AF_INET, words, text, sizeof text);
  return (is_v6 ? "[" + std::string(text) + "]" : std::string(text)) + ":" + std::to_string(port);
}

void find_sockets(const char* table, int port, std::vector<ListeningSocket>& found) {
  std::ifstream file(table);
  std::string line;
  std::getline(file, line);  // The header.
  while (std::getline(file, line)) {
    std::istringstream columns(line);
    std::string slot, local, remote, state, queues, timer, retries, user, timeout, inode;
    columns >> slot >> local >> remote >> state >> queues >> timer >> retries >> user >> timeout >> inode;
    const std::size_t colon = local.find(':');
    if (state != "0A" || colon == std::string::npos) continue;
    int local_port = 0;
    std::from_chars(local.data() + colon + 1, local.data() + local.size(), local_port, 16);
    if (local_port != port) continue;
    uid_t owner = 0;
    std::from_chars(user.data(), user.data() + user.size(), owner);
    found.push_back({address_of(std::string_view(local).substr(0, colon), port), owner, inode});
  }
}

void for_each_entry(const std::string& folder, const std::function<void(const char*)>& call) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(folder.c_str()), &::closedir);
  if (!directory) return;
  while (const dirent* entry = ::readdir(directory.get())) call(entry->d_name);
}

bool has_socket(const std::string& process_folder, const std::string& inode) {
  const std::string wanted = "socket:[" + inode + "]";
  bool found = false;
  for_each_entry(process_folder + "/fd", [&](const char* name) {
    char target[64];
    const ssize_t length = ::readlink((process_folder + "/fd/" + name).c_str(), target, sizeof target);
    found = found || (length > 0 && std::string_view(target, static_cast<std::size_t>(length)) == wanted);
  });
  return found;
}

std::vector<pid_t> processes_with_socket(const std::string& inode) {
  std::vector<pid_t> pids;
  for_each_entry("/proc", [&](const char* name) {
    pid_t pid = 0;
    const auto [end, problem] = std::from_chars(name, name + std::strlen(name), pid);
    if (problem == std::errc() && *end == '\0' && has_socket(std::string("/proc/") + name, inode)) pids.push_back(pid);
  });
  std::sort(pids.begin(), pids.end());
  return pids;
}

std::string user_name(uid_t user) {
  char buffer[4096];
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(user, &entry, buffer, sizeof buffer, &found) == 0 && found) return found->pw_name;
  return std::to_string(user);
}

std::string command_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline", std::ios::binary);
  char bytes[command_bytes_max];
  file.read(bytes, sizeof bytes);
  std::string command(bytes, static_cast<std::size_t>(file.gcount()));
  while (!command.empty() && command.back() == '\0') command.pop_back();
  std::replace(command.begin(), command.end(), '\0', ' ');
  return command.empty() ? "unknown" : command;
}

}  // namespace

std::vector<PortHolder> holders_of_port(int port) {
  std::vector<ListeningSocket> sockets;
  find_sockets("/proc/net/tcp", port, sockets);
  find_sockets("/proc/net/tcp6", port, sockets);
  std::vector<PortHolder> holders;
  for (const ListeningSocket& socket : sockets) {
    const std::vector<pid_t> pids = processes_with_socket(socket.inode);
    if (pids.empty()) holders.push_back({0, user_name(socket.user), "unknown", socket.address});
    for (const pid_t pid : pids) holders.push_back({pid, user_name(socket.user), command_of(pid), socket.address});
  }
  if (holders.size() > holders_max) holders.resize(holders_max);
  return holders;
}

bool is_own_process(pid_t pid) {
  struct stat status {};
  return ::stat(("/proc/" + std::to_string(pid)).c_str(), &status) == 0 && status.st_uid == ::geteuid();
}

std::int64_t process_start_time(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  const std::size_t name_end = line.rfind(')');  // The name before it may hold spaces and brackets.
  if (name_end == std::string::npos) return 0;
  std::istringstream columns(line.substr(name_end + 1));
  std::string column;
  constexpr int start_time_column = 20;  // Counted from the one after the name.
  for (int i = 0; i < start_time_column; ++i) columns >> column;
  std::int64_t ticks = 0;
  std::from_chars(column.data(), column.data() + column.size(), ticks);
  return ticks;
}

}  // namespace omenia
