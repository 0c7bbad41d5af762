#pragma once
// Tally: what all the clients of one swap test have seen, counted from many threads.

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace omenia::swap {

using Count = std::atomic<std::size_t>;

struct Tally {
  std::atomic<bool> stopping = false;  // From here the gateway's leaving is wanted, and nothing is counted.

  Count connects = 0;
  Count refused = 0;  // Must be zero, as everything that is marked so in the report.

  Count http_answers = 0;
  Count http_streams = 0;
  Count http_failures = 0;
  Count http_told_to_close = 0;  // `Connection: close` on an answer.
  Count http_closed_idle = 0;    // Closed by the server while nothing was asked.

  Count sockets_back = 0;  // Hellos.
  Count sockets_unannounced = 0;
  Count sockets_closed_wrongly = 0;
  Count sockets_told_to_wait = 0;  // Too many upgrades of one address at once.
  Count sockets_cut_in_handshake = 0;

  // What went wrong, in words; the first ones are kept.
  void complain(const std::string& words) {
    const std::lock_guard lock(mutex);
    if (complaints.size() < complaints_max) complaints.push_back(words);
  }
  static constexpr std::size_t complaints_max = 40;
  std::mutex mutex;
  std::vector<std::string> complaints;
};

}  // namespace omenia::swap
