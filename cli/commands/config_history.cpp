// config history, config restore: the versions that are kept beside the configuration's files.

#include "cli/commands/all.h"
#include "cli/failure.h"
#include "cli/output.h"
#include "shared/base/clock.h"
#include "shared/config/backups.h"
#include "shared/config/file.h"
#include "shared/config/write.h"
#include "shared/json/writer.h"

namespace omenia::cli {

namespace {

std::string json_of(const std::vector<Backup>& backups, const LoadedConfig& config) {
  JsonWriter writer;
  writer.begin_object().member("path", config.path).member("hash", config.hash).key("entries").begin_array();
  for (const Backup& backup : backups) {
    writer.begin_object().member("name", backup.name).member("kind", backup.kind).member("path", backup.path);
    writer.member("of", backup.of).member("savedAt", iso_utc(backup.saved_ms)).member("bytes", backup.bytes);
    writer.member("hash", backup.hash).end_object();
  }
  return writer.end_array().end_object().take();
}

Result<Backup> backup_named(const Context& context, const std::string& name) {
  for (Backup& backup : backups_of(context.config.files))
    if (backup.name == name || backup.path == name) return std::move(backup);
  return fail(ErrorCode::usage, "There is no kept version " + name + ". Run " +
                                    context.paths.command("config history") + " to see them.");
}

// The last good configuration stands for all files, so it can replace the one file only where nothing is included.
Result<ConfigWrite> restore(const Context& context, const Backup& backup) {
  if (backup.kind == "last-good" && context.config.files.size() > 1)
    return fail(ErrorCode::usage,
                backup.name + " holds the content of all included files; copy what you need by hand: " + backup.path);
  TRY_ASSIGN(const auto text, read_config_file(backup.path, limits::config_file_bytes_max));
  if (!text) return fail(ErrorCode::usage, backup.path + " is gone");
  const bool is_main = backup.of == real_path(context.paths.config_path);
  const FileEdit edit{is_main ? context.paths.config_path : backup.of, *text};
  return replace_config_file(context.paths.config_path, edit, context.config.hash, context.environment,
                             WriteGuard::off);
}

}  // namespace

int run_config_history(Context& context, const Arguments&) {
  const std::vector<Backup> backups = backups_of(context.config.files);
  if (context.output.json) {
    context.output.line(json_of(backups, context.config));
    return 0;
  }
  if (backups.empty()) {
    context.output.line("No earlier version of " + context.config.path + " is kept.");
    return 0;
  }
  std::vector<Row> rows{{"Version", "Kind", "Saved", "Bytes", "sha256"}};
  for (const Backup& backup : backups)
    rows.push_back(
        {backup.name, backup.kind, iso_utc(backup.saved_ms), std::to_string(backup.bytes), backup.hash.substr(0, 12)});
  context.output.line(framed_table(rows));
  return 0;
}

int run_config_restore(Context& context, const Arguments& arguments) {
  const Result<Backup> backup = backup_named(context, arguments.positionals().front());
  if (!backup.ok()) return complain(context, backup.error());
  const Result<ConfigWrite> written = restore(context, backup.value());
  if (!written.ok()) return complain(context, written.error());
  const bool changed = written.value().changed;
  if (context.output.json) {
    JsonWriter writer;
    writer.begin_object().member("ok", true).member("restored", backup.value().name).member("changed", changed);
    context.output.line(writer.member("file", backup.value().of).end_object().text());
  } else {
    context.output.line(changed ? "Restored " + backup.value().of + " from " + backup.value().name +
                                      "; what it replaced is the newest backup."
                                : "No change");
  }
  return 0;
}

}  // namespace omenia::cli
