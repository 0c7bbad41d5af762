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
#include "shared/config/backups.h"
#include "shared/config/changed_paths.h"
#include "shared/config/file.h"
#include "shared/config/redact.h"
#include "shared/json/json5.h"
#include "shared/json/writer.h"

namespace omenia {

namespace {

// Held while a file is compared and replaced, so that of two writers one is told instead of lost.
Result<Fd> lock_folder(const std::string& folder) {
  Fd lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock.valid()) return fail(ErrorCode::storage, "Cannot open " + folder + ": " + std::strerror(errno));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  return fail(ErrorCode::invalid_request, "another program is writing the config; try again");
}

// For clients that show each problem at its key.
std::string issues_as_details(const std::vector<ConfigIssue>& issues) {
  JsonWriter details;
  details.begin_object().key("issues").begin_array();
  for (const ConfigIssue& issue : issues)
    details.begin_object().member("path", issue.path).member("message", issue.message).end_object();
  return details.end_array().end_object().take();
}

Result<void> check_document(const LoadedConfig& loaded) {
  std::string problems;
  for (const ConfigIssue& issue : loaded.errors)
    problems +=
        (problems.empty() ? "" : "\n") + std::string("Config validation failed: ") + issue.path + ": " + issue.message;
  if (!problems.empty())
    return Error{ErrorCode::invalid_request, std::move(problems), issues_as_details(loaded.errors), {}};
  if (holds_redaction(loaded.source))
    return fail(ErrorCode::invalid_request,
                "Config write rejected: it holds placeholders of hidden values instead of the values themselves");
  return {};
}

// The configuration as it is now.
struct Current {
  bool exists = false;
  Composition composed;

  std::string_view hash() const { return exists ? std::string_view(composed.hash) : std::string_view(); }
};

Result<Current> read_current(const std::string& path, const Environment& environment) {
  TRY_ASSIGN(const auto text, read_config_file(real_path(path), limits::config_file_bytes_max));
  return Current{text.has_value(), compose(text.value_or("{}"), path, environment)};
}

Result<void> check_base(const Current& current, std::string_view base_hash) {
  if (current.hash() == base_hash) return {};
  return fail(ErrorCode::invalid_request, "config changed since last load; read it again and repeat the change");
}

// A file that is broken can be replaced, not edited.
Result<void> check_editable(const Current& current, const std::string& path) {
  if (current.composed.issues.empty()) return {};
  return fail(ErrorCode::invalid_request, path + " cannot be edited: " + current.composed.issues.front().message);
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

// Keeps what was refused; the oldest go. Answers a sentence about it.
std::string keep_rejected(const FileEdit& edit) {
  const std::string start = edit.file + ".rejected.";
  const std::string kept = start + std::to_string(wall_ms());
  if (!write_file_atomically(kept, edit.text).ok()) return "";
  std::vector<std::string> all = files_that_start_with(start);
  for (std::size_t i = 0; i + limits::config_rejected_kept < all.size(); ++i) std::remove(all[i].c_str());
  return " The refused text is in " + kept + ".";
}

// Compares with the last configuration that a gateway accepted, else with what is replaced.
Result<void> guard(const std::string& path, const Current& current, JsonView wanted, const FileEdit& edit) {
  const auto accepted = read_config_file(last_good_path(path), limits::config_included_bytes_max);
  Json last_good;
  if (accepted.ok() && accepted.value()) {
    auto parsed = parse_json5(*accepted.value(), limits::config_included_bytes_max);
    if (parsed.ok()) last_good = std::move(parsed.value().value);
  }
  const std::string reason = guard_reason(last_good ? last_good.view() : current.composed.value.view(), wanted);
  if (reason.empty()) return {};
  return fail(ErrorCode::forbidden, "Config write rejected: " + path + " (" + reason + ")." + keep_rejected(edit) +
                                        " Edit the file by hand if this is what you want.");
}

// The ring moves when its new member is there: on a full disk no older one is lost.
Result<void> back_up(const std::string& path, const std::string& content) {
  TRY_ASSIGN(const std::string prepared, prepare_file(backup_path(path, 0), content));
  for (int number = limits::config_backups - 2; number >= 0; --number)
    std::rename(backup_path(path, number).c_str(), backup_path(path, number + 1).c_str());
  return put_in_place(prepared, backup_path(path, 0));
}

Result<void> replace_file(const FileEdit& edit) {
  const std::string target = real_path(edit.file);
  TRY_ASSIGN(const auto before, read_config_file(target, limits::config_file_bytes_max));
  TRY_ASSIGN(const std::string prepared, prepare_file(target, edit.text));
  Result<void> kept = before ? back_up(target, *before) : Result<void>();
  if (kept.ok()) return put_in_place(prepared, target);
  std::remove(prepared.c_str());
  return kept;
}

Result<Fd> begin_write(const std::string& path, const Environment& environment) {
  if (product_variable(environment, "CONFIG_READONLY").value_or("0") != "0")
    return fail(ErrorCode::forbidden, "The config is read-only here (OmeniaClaw_CONFIG_READONLY is set).");
  const std::string folder = folder_of(real_path(path));
  make_private_folders(folder);
  TRY_ASSIGN(Fd lock, lock_folder(folder));
  remove_left_over_temporaries(real_path(path));
  return lock;
}

// Checks what the configuration becomes with `edit`, and writes it.
Result<ConfigWrite> finish_write(const std::string& path, const Current& current, const FileEdit& edit,
                                 const Environment& environment, WriteGuard guarded) {
  if (edit.text.size() > limits::config_file_bytes_max)
    return fail(ErrorCode::invalid_request, "Config write rejected: the file would be larger than " +
                                                std::to_string(limits::config_file_bytes_max) + " bytes");
  TRY_ASSIGN(Composition composed, compose_with(edit, path, environment));
  std::vector<JsonPath> paths = changed_paths(current.composed.value, composed.value);
  LoadedConfig loaded = check_composition(std::move(composed), path, environment);
  TRY(check_document(loaded));
  if (guarded == WriteGuard::on) TRY(guard(path, current, loaded.source, edit));
  TRY(replace_file(edit));
  return ConfigWrite{true, std::move(loaded), edit.file, std::move(paths)};
}

// The file that takes the change.
Result<FileEdit> edit_for(const Current& current, const std::string& path, const Json& document,
                          const Environment& environment) {
  if (current.composed.mounts.size() == 1) return FileEdit{path, document.dump_pretty() + "\n"};
  if (!holds_include(document)) return edit_through_includes(current.composed, document, environment);
  return fail(ErrorCode::invalid_request,
              "Config write rejected: $include cannot be added by a change of single values where other files are "
              "included already; edit " +
                  path + " by hand");
}

}  // namespace

Result<ConfigWrite> write_config(const std::string& path, const Json& document, std::string_view base_hash,
                                 const Environment& environment) {
  TRY_ASSIGN(const Fd lock, begin_write(path, environment));
  TRY_ASSIGN(const Current current, read_current(path, environment));
  TRY(check_base(current, base_hash));
  TRY(check_editable(current, path));
  if (current.exists && current.composed.value.view() == document.view()) {
    TRY_ASSIGN(LoadedConfig loaded, load_config(path, environment));
    return ConfigWrite{false, std::move(loaded)};
  }
  TRY_ASSIGN(const FileEdit edit, edit_for(current, path, document, environment));
  return finish_write(path, current, edit, environment, WriteGuard::on);
}

Result<ConfigWrite> replace_config_file(const std::string& path, const FileEdit& edit, std::string_view base_hash,
                                        const Environment& environment, WriteGuard guard) {
  TRY_ASSIGN(const Fd lock, begin_write(path, environment));
  TRY_ASSIGN(const Current current, read_current(path, environment));
  TRY(check_base(current, base_hash));
  TRY_ASSIGN(const auto before, read_config_file(real_path(edit.file), limits::config_file_bytes_max));
  if (before == edit.text) {
    TRY_ASSIGN(LoadedConfig loaded, load_config(path, environment));
    return ConfigWrite{false, std::move(loaded)};
  }
  return finish_write(path, current, edit, environment, guard);
}

}  // namespace omenia
