#include "shared/config/backups.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "shared/base/ids.h"
#include "shared/config/file.h"
#include "shared/config/redact.h"

namespace omenia {

namespace {

constexpr std::chrono::minutes left_over_age{1};  // No write takes so long.

std::string kind_of(std::string_view suffix) {
  if (suffix.find(temporary_mark) != std::string_view::npos) return "";
  if (suffix == ".last-good") return "last-good";
  if (suffix.starts_with(".rejected.")) return "rejected";
  return suffix == ".bak" || suffix.starts_with(".bak.") ? "backup" : "";
}

void add_backup(const std::string& path, const std::string& file, std::vector<Backup>& backups) {
  Backup backup{.name = path.substr(path.rfind('/') + 1),
                .path = path,
                .kind = kind_of(path.substr(file.size())),
                .of = file,
                .hash = ""};
  struct stat status {};
  if (backup.kind.empty() || ::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  backup.saved_ms = static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1000 + status.st_mtim.tv_nsec / 1'000'000;
  backup.bytes = static_cast<std::size_t>(status.st_size);
  const auto text = read_config_file(path, limits::config_included_bytes_max);
  if (text.ok() && text.value()) backup.hash = sha256_hex(*text.value());
  backups.push_back(std::move(backup));
}

}  // namespace

std::vector<Backup> backups_of(const std::vector<std::string>& files) {
  std::vector<Backup> backups;
  for (const std::string& file : files)
    for (const std::string& path : files_that_start_with(real_path(file) + "."))
      add_backup(path, real_path(file), backups);
  std::stable_sort(backups.begin(), backups.end(),
                   [](const Backup& a, const Backup& b) { return a.saved_ms > b.saved_ms; });
  return backups;
}

std::string backup_path(const std::string& file, int number) {
  return file + ".bak" + (number == 0 ? "" : "." + std::to_string(number));
}

std::string last_good_path(const std::string& config_path) {
  return config_path + ".last-good";
}

std::vector<std::string> files_that_start_with(const std::string& path) {
  std::vector<std::string> found;
  std::error_code problem;
  for (std::filesystem::directory_iterator each(folder_of(path), problem), end; !problem && each != end;
       each.increment(problem))
    if (each->path().string().starts_with(path)) found.push_back(each->path().string());
  std::sort(found.begin(), found.end());
  return found;
}

void remove_left_over_temporaries(const std::string& path) {
  const auto now = std::filesystem::file_time_type::clock::now();
  for (const std::string& file : files_that_start_with(path + ".")) {
    std::error_code problem;
    const auto written = std::filesystem::last_write_time(file, problem);
    const bool is_temporary = file.find(temporary_mark, path.size()) != std::string::npos;
    if (is_temporary && !problem && now - written > left_over_age) std::filesystem::remove(file, problem);
  }
}

Result<void> keep_last_good(const LoadedConfig& accepted) {
  if (!accepted.exists || !accepted.valid() || holds_redaction(accepted.source)) return {};
  const std::string path = last_good_path(accepted.path);
  const std::string text = accepted.source.dump_pretty() + "\n";
  const auto kept = read_config_file(path, limits::config_included_bytes_max);
  if (kept.ok() && kept.value() == text) return {};
  return write_file_atomically(path, text);
}

}  // namespace omenia
