#pragma once
// Backups: what is kept beside a configuration file. <file>.bak and .bak.1 to .bak.4 are what writes replaced,
// .last-good is the last configuration that a gateway accepted, .rejected.<time> is what the write guard refused.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/config/load.h"

namespace omenia {

struct Backup {
  std::string name;  // Of the file, without its folder: what `config restore` takes.
  std::string path;
  std::string kind;  // "backup", "last-good", "rejected"
  std::string of;    // The configuration file that it is of.
  std::int64_t saved_ms = 0;
  std::size_t bytes = 0;
  std::string hash;  // sha256 of the bytes; empty when it cannot be read.
};

// Of all these files, the newest first.
std::vector<Backup> backups_of(const std::vector<std::string>& files);

std::string backup_path(const std::string& file, int number);  // 0: <file>.bak
std::string last_good_path(const std::string& config_path);

// Sorted by name.
std::vector<std::string> files_that_start_with(const std::string& path);

// Half-written files of processes that were killed. They hold what the configuration holds, secrets too.
void remove_left_over_temporaries(const std::string& path);

// Keeps what a gateway has accepted, included files in their places, so that it stands for itself. A configuration
// that holds placeholders of hidden values is not kept. Does nothing when the same is kept already.
Result<void> keep_last_good(const LoadedConfig& accepted);

}  // namespace omenia
