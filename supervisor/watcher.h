#pragma once
// ConfigWatcher: tells when the content of the configuration's files has become another one. It watches their folders,
// because editors write a new file and rename it over the old one, waits until the changes have come to rest, and
// compares the bytes, so that a touched or rewritten file with the same content is no change.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "shared/base/fd.h"
#include "shared/base/limits.h"
#include "shared/log/log.h"
#include "shared/loop/loop.h"

namespace omenia::supervisor {

struct WatchPace {
  int settle_ms = limits::config_settle_ms;          // Of rest, before the files are looked at.
  int settle_ms_max = limits::config_settle_ms_max;  // Then they are, rest or not.
  int poll_ms = limits::config_poll_ms;              // Where the system does not tell of changes.
  bool polls_only = false;                           // As where there is no inotify.
};

class ConfigWatcher {
 public:
  // `changed` is called on the loop, once for each new content. It may call watch().
  ConfigWatcher(Loop& loop, Logger log, std::function<void()> changed, WatchPace pace = {});
  ~ConfigWatcher();
  ConfigWatcher(const ConfigWatcher&) = delete;
  ConfigWatcher& operator=(const ConfigWatcher&) = delete;

  // Absolute paths, which need not exist; they replace the former ones. The first call takes the content as it is now
  // for known. Later, a file that joins counts as changed: nobody knows whether it was read before its last change.
  void watch(std::vector<std::string> files);

 private:
  struct File {
    std::string fingerprint;  // Of the content that was reported, or known from the start.
    std::string status;       // When it was last polled.
  };

  void rewatch_folders();
  std::string watch_folder(const std::string& folder);  // Why it cannot be; empty: it is.
  void set_polling(const std::string& problem);
  void read_events();
  void hear(int number, std::uint32_t what, const char* name);
  void poll();
  void touched();
  void look();
  bool is_waited_for(const std::map<std::string, std::string>& found) const;

  Logger log_;
  std::function<void()> changed_;
  WatchPace pace_;
  bool started_ = false;
  std::map<std::string, File> files_;
  Fd inotify_;
  std::unique_ptr<Watch> events_;
  std::map<int, std::string> folders_;                    // By inotify's number.
  std::set<std::pair<std::string, std::string>> places_;  // Folder and name of what is looked at.
  std::optional<std::int64_t> touched_ms_;                // Since when changes have not come to rest.
  Timer settle_;
  Timer poll_;
};

}  // namespace omenia::supervisor
