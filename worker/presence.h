#pragma once
// Presence: who is connected. The gateway itself is the first entry; clients that come and go within one command are
// not tracked; one that left stays visible for a while.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "worker/auth/scopes.h"
#include "worker/rpc/call.h"

namespace omenia::worker {

class Presence {
 public:
  // `changed` is called by announce(), after the version went up.
  Presence(std::string instance_id, std::function<void()> changed);

  // False, and nothing kept, for a client that is not tracked.
  bool join(const std::string& connection_id, const rpc::ClientInfo& client, const auth::ScopeSet& scopes);
  void leave(const std::string& connection_id);
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
  void forget_old();
  void forget_one();  // The oldest that left, else the oldest.

  std::string instance_id_;
  std::function<void()> changed_;
  std::vector<Entry> entries_;
  std::int64_t version_ = 1;
};

}  // namespace omenia::worker
