#include "shared/config/write.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "shared/base/clock.h"
#include "shared/base/fd.h"
#include "shared/base/folders.h"
#include "shared/base/ids.h"
#include "shared/config/file.h"
#include "shared/config/redact.h"
#include "shared/json/json5.h"

namespace omenia {

namespace {

// Held while a file is compared and replaced, so that of two writers one is told instead of lost.
Result<Fd> lock_folder(const std::string& folder) {
  Fd lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock.valid()) return fail(ErrorCode::storage, "Cannot open " + folder + ": " + std::strerror(errno));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  return fail(ErrorCode::invalid_request, "another program is writing the config; try again");
}

Result<void> check_document(const LoadedConfig& loaded, const Json& document) {
  std::string problems;
  for (const ConfigIssue& issue : loaded.errors)
    problems +=
        (problems.empty() ? "" : "\n") + std::string("Config validation failed: ") + issue.path + ": " + issue.message;
  if (!problems.empty()) return fail(ErrorCode::invalid_request, std::move(problems));
  if (holds_redaction(document))
    return fail(ErrorCode::invalid_request,
                "Config write rejected: it holds placeholders of hidden values instead of the values themselves");
  return {};
}

// The document in a file that was read; an empty one when there is no file.
Result<Json> document_in(const std::optional<std::string>& text, const std::string& path) {
  if (!text) return Json::object();
  auto parsed = parse_json5(*text);
  if (parsed.ok()) return std::move(parsed.value().value);
  return fail(ErrorCode::invalid_request, path + " cannot be edited: " + parsed.error().message);
}

// Why replacing `before` by `after` looks like a loss; empty when it does not.
std::string guard_reason(JsonView before, JsonView after) {
  if (before["gateway"]["mode"] && !after["gateway"]["mode"]) return "gateway-mode-missing-vs-last-good";
  if (before["meta"] && !after["meta"]) return "missing-meta-vs-last-good";
  const std::size_t size = before.dump_pretty().size();
  const std::size_t new_size = after.dump_pretty().size();
  if (size >= limits::config_shrink_bytes_min && new_size < size / 2)
    return "size-drop-vs-last-good:" + std::to_string(size) + "->" + std::to_string(new_size);
  return "";
}

// Compares with the last configuration that a gateway accepted, else with the file that is replaced.
Result<void> guard(const std::string& path, JsonView current, JsonView document, const std::string& text) {
  const auto accepted = read_config_file(path + ".last-good", limits::config_file_bytes_max);
  Json last_good;
  if (accepted.ok() && accepted.value()) {
    auto parsed = parse_json5(*accepted.value());
    if (parsed.ok()) last_good = std::move(parsed.value().value);
  }
  const std::string reason = guard_reason(last_good ? last_good.view() : current, document);
  if (reason.empty()) return {};
  const std::string kept = path + ".rejected." + std::to_string(wall_ms());
  const bool saved = write_file_atomically(kept, text).ok();
  return fail(ErrorCode::forbidden, "Config write rejected: " + path + " (" + reason + ")." +
                                        (saved ? " The refused text is in " + kept + "." : "") +
                                        " Edit the file by hand if this is what you want.");
}

std::string backup_path(const std::string& path, int number) {
  return path + ".bak" + (number == 0 ? "" : "." + std::to_string(number));
}

Result<void> back_up(const std::string& path, const std::string& content) {
  for (int number = limits::config_backups - 2; number >= 0; --number)
    std::rename(backup_path(path, number).c_str(), backup_path(path, number + 1).c_str());
  return write_file_atomically(backup_path(path, 0), content);
}

}  // namespace

Result<ConfigWrite> write_config(const std::string& path, const Json& document, std::string_view base_hash,
                                 const Environment& environment) {
  if (product_variable(environment, "CONFIG_READONLY").value_or("0") != "0")
    return fail(ErrorCode::forbidden, "The config is read-only here (OmeniaClaw_CONFIG_READONLY is set).");
  const std::string text = document.dump_pretty() + "\n";
  LoadedConfig loaded = check_config(text, path, environment);
  TRY(check_document(loaded, document));

  const std::string target = real_path(path);
  const std::string folder = folder_of(target);
  make_private_folders(folder);
  TRY_ASSIGN(const Fd lock, lock_folder(folder));
  TRY_ASSIGN(const auto current_text, read_config_file(target, limits::config_file_bytes_max));
  if ((current_text ? sha256_hex(*current_text) : "") != base_hash)
    return fail(ErrorCode::invalid_request, "config changed since last load; read it again and repeat the change");
  TRY_ASSIGN(const Json current, document_in(current_text, path));
  if (current_text && current.view() == document.view())
    return ConfigWrite{false, check_config(*current_text, path, environment)};
  TRY(guard(target, current, document, text));
  if (current_text) TRY(back_up(target, *current_text));
  TRY(write_file_atomically(target, text));
  return ConfigWrite{true, std::move(loaded)};
}

}  // namespace omenia
