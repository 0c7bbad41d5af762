#pragma once
// Ledger: what the clients of a crash test have asked, and what the gateway has told them of it. What is written here
// must be found again, whatever was killed meanwhile.

#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace omenia::crash {

using Count = std::atomic<std::size_t>;

// A message; its text begins with its id, and the model says the text again.
struct Message {
  std::string id;       // Of the run too, unless it came over HTTP.
  std::string session;  // Empty: a one-off over HTTP, which gets a session of its own.
  std::string run_id;   // Of a one-off that was answered.
  std::string text;
  bool over_http = false;
  bool acknowledged = false;  // Accepted, or over HTTP answered.
  bool told_final = false;    // A client has seen its end, with the whole answer.
};

class Ledger {
 public:
  void sent(const Message& message);
  void acknowledged(const std::string& id, const std::string& run_id = {});
  void told_final(const std::string& id);
  std::vector<Message> messages() const;

  // What went wrong, in words; the first ones are kept.
  void complain(const std::string& words);
  std::vector<std::string> complaints() const;

  std::atomic<bool> stopping = false;
  std::atomic<bool> may_be_down = false;  // The supervisor is killed; nobody is blamed for a refused connect.

  Count connections = 0;  // Hellos.
  Count cut_off = 0;      // Connections that ended under a request.
  Count refused = 0;      // Connects, while the supervisor lives: must be zero.
  Count turned_away = 0;  // Requests that were answered with an error that says to try again.
  Count repeated = 0;     // Messages that were sent again with the same key.
  Count wrong_answers = 0;

  Count config_writes = 0;       // Acknowledged.
  Count config_not_written = 0;  // Refused, or their answer was cut off.
  Count config_lost = 0;         // Must be zero: the file holds less than was acknowledged, or cannot be read.

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Message> messages_;
  std::vector<std::string> complaints_;
};

}  // namespace omenia::crash
