#pragma once
// FaultyDisk: a layer between SQLite and the real files, through which a test makes the disk full, lets its syncs fail,
// or finds out what a power loss would leave: the content that each file had at its last sync. It is SQLite's default
// as long as it lives, so it is made before the databases it spoils and destroyed after them.

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

struct sqlite3_vfs;

namespace omenia::state {

class FaultyDisk {
 public:
  FaultyDisk();
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  std::atomic<bool> full = false;        // Writes fail as on a disk without space.
  std::atomic<bool> syncs_fail = false;  // Syncs fail after the data was written.
  std::atomic<std::int64_t> sync_count = 0;

  // From now on what is synced is also kept in this folder, under the same file names.
  void keep_synced_in(std::string folder);
  void lose_power();  // Nothing reaches that folder any more.

  // Called by the layer.
  void synced(const std::string& path);
  void deleted(const std::string& path);

 private:
  std::mutex mutex_;
  std::string synced_folder_;
  std::unique_ptr<sqlite3_vfs> layer_;
};

}  // namespace omenia::state
