#pragma once
// Presence: who is connected. The gateway itself is the first entry; clients that come and go within one command are
// not tracked; one that left stays visible for a while. Changes are told together: the first at the end of the loop's
// turn, those that follow it closely after a pace, since each is the whole list to everybody.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "shared/loop/loop.h"
#include "worker/auth/scopes.h"
#include "worker/rpc/call.h"

namespace omenia::worker {

// What a client tells of somebody who may have no connection. Empty: not said.
struct PresenceReport {
  std::string instance_id;
  std::string device_id;
  std::string host;
  std::string ip;
  std::string mode;
  std::string version;
  std::string platform;
  std::string device_family;
  std::string model_identifier;
  std::string reason;
  std::string text;
  std::vector<std::string> roles;
  std::vector<std::string> scopes;
  std::vector<std::string> tags;
  std::optional<double> last_input_seconds;

  const std::string& name() const;  // What tells it from others: the first of instance, device, host and text.
};

class Presence {
 public:
  // `changed` is called once for all that was announced since it was called last, after the version went up.
  Presence(Loop& loop, std::string instance_id, std::function<void()> changed);

  // False, and nothing kept, for a client that is not tracked.
  bool join(const std::string& connection_id, const rpc::ClientInfo& client, const auth::ScopeSet& scopes);
  void leave(const std::string& connection_id);
  // Shown for a while, in place of what was reported under its name before. Only shown, never trusted.
  void report(PresenceReport report);
  void announce();

  std::int64_t version() const { return version_; }
  std::string to_json() const;  // Array of entries.

 private:
  struct Entry {
    std::string connection_id;
    rpc::ClientInfo client;
    std::vector<std::string_view> scopes;
    std::int64_t online_since_ms = 0;
    std::int64_t changed_ms = 0;
    bool connected = true;
  };
  struct Reported {
    PresenceReport report;
    std::int64_t changed_ms = 0;
  };
  void tell();
  void forget_old();
  void forget_one();  // The oldest that left, else the oldest.

  std::string instance_id_;
  std::function<void()> changed_;
  std::vector<Entry> entries_;
  std::vector<Reported> reported_;
  std::int64_t version_ = 1;
  std::int64_t next_telling_ms_ = 0;  // Not before that, of the steady clock.
  Timer telling_;
};

}  // namespace omenia::worker
