#include "supervisor/watcher.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "shared/base/clock.h"
#include "supervisor/watched_content.h"

namespace omenia::supervisor {

namespace {

// Not IN_MODIFY: a file that is being written is no content yet, and a log beside it would wake us with every line.
constexpr std::uint32_t content_events =
    IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB;
constexpr std::uint32_t folder_events = IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
constexpr std::uint32_t folder_gone = IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT;

}  // namespace

ConfigWatcher::ConfigWatcher(Loop& loop, Logger log, std::function<void()> changed, WatchPace pace)
    : log_(std::move(log)),
      changed_(std::move(changed)),
      pace_(pace),
      settle_(loop, [this] { look(); }),
      poll_(loop, [this] { poll(); }) {
  if (pace_.polls_only) return;
  inotify_ = Fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (inotify_.valid())
    events_ = std::make_unique<Watch>(loop, inotify_.get(), Watch::For::reading, [this] { read_events(); });
}

ConfigWatcher::~ConfigWatcher() = default;

void ConfigWatcher::watch(std::vector<std::string> files) {
  constexpr std::size_t files_max = limits::config_watched_files_max;
  if (files.size() > files_max) {
    log_.warn("changes are watched in the first " + std::to_string(files_max) + " of " + std::to_string(files.size()) +
              " configuration files");
    files.resize(files_max);
  }
  std::map<std::string, File> former = std::exchange(files_, {});
  for (const std::string& file : files) files_[file];
  rewatch_folders();
  bool joined = false;
  for (auto& [path, file] : files_) {
    const auto known = former.find(path);
    if (known != former.end()) {
      file = known->second;
      continue;
    }
    file.status = status_of(path);
    if (!started_) file.fingerprint = fingerprint_of(path);
    joined = joined || started_;
  }
  started_ = true;
  if (joined) touched();
}

// Asked before the files are read: what changes afterwards is told.
void ConfigWatcher::rewatch_folders() {
  places_.clear();
  for (const auto& [path, file] : files_) places_.merge(places_of(path));
  std::set<std::string> wanted;
  for (const auto& [folder, name] : places_) wanted.insert(folder);
  for (auto known = folders_.begin(); known != folders_.end();) {
    const bool is_wanted = wanted.erase(known->second) > 0;
    if (!is_wanted) ::inotify_rm_watch(inotify_.get(), known->first);
    known = is_wanted ? std::next(known) : folders_.erase(known);
  }
  std::string problem;
  for (const std::string& folder : wanted)
    if (auto refused = watch_folder(folder); !refused.empty()) problem = std::move(refused);
  set_polling(problem);
}

std::string ConfigWatcher::watch_folder(const std::string& folder) {
  if (!inotify_.valid()) return "the system has no notification of changes for us";
  const int number = ::inotify_add_watch(inotify_.get(), folder.c_str(), content_events | folder_events);
  if (number < 0) return folder + " cannot be watched: " + std::strerror(errno);
  folders_[number] = folder;
  return {};
}

void ConfigWatcher::set_polling(const std::string& problem) {
  if (problem.empty()) return poll_.stop();
  if (poll_.running()) return;
  log_.info("configuration files are looked at every " + std::to_string(pace_.poll_ms) + " ms: " + problem);
  poll_.start_repeating(pace_.poll_ms);
}

void ConfigWatcher::read_events() {
  alignas(inotify_event) char buffer[8 * 1024];
  while (true) {
    const ssize_t length = ::read(inotify_.get(), buffer, sizeof buffer);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return;
    for (const char* at = buffer; at < buffer + length;) {
      const auto& event = *reinterpret_cast<const inotify_event*>(at);
      hear(event.wd, event.mask, event.len > 0 ? event.name : "");
      at += sizeof event + event.len;
    }
  }
}

void ConfigWatcher::hear(int number, std::uint32_t what, const char* name) {
  if (what & IN_Q_OVERFLOW) return touched();
  const auto folder = folders_.find(number);
  if (folder == folders_.end()) return;
  if (what & folder_gone) {
    // A watch follows its folder when that is renamed; we want what has the name.
    if (what & IN_MOVE_SELF) ::inotify_rm_watch(inotify_.get(), number);
    folders_.erase(folder);
    return touched();
  }
  if (places_.count({folder->second, name}) > 0) touched();
}

void ConfigWatcher::poll() {
  rewatch_folders();
  bool differs = false;
  for (auto& [path, file] : files_) {
    std::string status = status_of(path);
    differs = differs || status != file.status;
    file.status = std::move(status);
  }
  if (differs) touched();
}

void ConfigWatcher::touched() {
  const std::int64_t now_ms = steady_ms();
  if (!touched_ms_) touched_ms_ = now_ms;
  const std::int64_t left_ms = *touched_ms_ + pace_.settle_ms_max - now_ms;
  settle_.start(std::clamp<std::int64_t>(left_ms, 0, pace_.settle_ms));
}

void ConfigWatcher::look() {
  rewatch_folders();
  std::map<std::string, std::string> found;
  for (const auto& [path, file] : files_) found[path] = fingerprint_of(path);
  if (is_waited_for(found)) return settle_.start(pace_.settle_ms);
  touched_ms_.reset();
  bool differs = false;
  for (auto& [path, file] : files_) {
    differs = differs || found[path] != file.fingerprint;
    file.fingerprint = found[path];
  }
  if (differs) changed_();
}

// An editor may take the old file away before the new one is there.
bool ConfigWatcher::is_waited_for(const std::map<std::string, std::string>& found) const {
  if (steady_ms() - touched_ms_.value_or(0) >= pace_.settle_ms_max) return false;
  return std::any_of(files_.begin(), files_.end(), [&](const auto& each) {
    const bool was_there = !each.second.fingerprint.empty() && each.second.fingerprint != missing_fingerprint;
    return was_there && found.at(each.first) == missing_fingerprint;
  });
}

}  // namespace omenia::supervisor
