#include "state/database_error.h"

#include <sqlite3.h>

#include <cstring>

#include "shared/base/limits.h"

namespace omenia::state {

namespace {

struct Cause {
  int code;  // Primary result code.
  Aftermath aftermath;
  bool passes;  // Trying again later can succeed without anybody doing anything.
  std::string_view words;
};

constexpr Cause causes[] = {
    {SQLITE_FULL, Aftermath::refuse, true,
     "the disk is full, or a quota is reached. Free some space; the gateway then goes on by itself"},
    {SQLITE_IOERR, Aftermath::reopen, true,
     "reading or writing failed. Check the disk that holds it; the system's log names the device"},
    {SQLITE_READONLY, Aftermath::reopen, false,
     "it cannot be written. Check that it belongs to the gateway's user and that its file system is not read-only"},
    {SQLITE_CANTOPEN, Aftermath::reopen, false,
     "it cannot be opened. Check that its folder exists and that both belong to the gateway's user"},
    {SQLITE_PERM, Aftermath::reopen, false, "access is denied. Check that it belongs to the gateway's user"},
    {SQLITE_CORRUPT, Aftermath::reopen, false,
     "it is damaged. Stop the gateway, keep a copy of the file, and put back a backup or a copy named "
     "OmeniaClaw.sqlite.before-<n>"},
    {SQLITE_NOTADB, Aftermath::reopen, false,
     "it is not a database. Move the file away, or put back a backup or a copy named OmeniaClaw.sqlite.before-<n>"},
    {SQLITE_BUSY, Aftermath::none, true,
     "another process kept it locked for too long. End the program that holds it; `fuser` on the file names it"},
    {SQLITE_PROTOCOL, Aftermath::none, true, "other processes kept it locked for too long"},
    {SQLITE_NOMEM, Aftermath::none, true, "there is not enough memory"},
};

const Cause* cause_of(int code) {
  for (const Cause& cause : causes) {
    if (cause.code == (code & 0xff)) return &cause;
  }
  return nullptr;
}

}  // namespace

DatabaseFailure database_failure(const std::string& path, int code, std::string_view said, int system_error) {
  std::string detail(said);
  if (system_error != 0) detail.append(", ").append(std::strerror(system_error));
  const std::string file = "The state database " + path + ": ";

  const Cause* cause = cause_of(code);
  if (!cause) return {fail(ErrorCode::internal, file + detail + ".")};

  Error error = fail(ErrorCode::storage, file + std::string(cause->words) + " (" + detail + ").");
  if (cause->passes) error.retry_after_ms = limits::store_retry_ms;
  return {std::move(error), cause->aftermath};
}

}  // namespace omenia::state
