#include "state/log_file.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>

#include "shared/base/limits.h"

namespace omenia::state {

namespace {

constexpr std::int64_t log_head_bytes = 32;
constexpr int frame_head_bytes = 24;
constexpr std::size_t kept_bytes_max = 256 * limits::KiB;
constexpr std::size_t piece_bytes_max = 64 * limits::KiB;  // SQLite's own layer takes less than 128 KiB at a time.

// The log, as SQLite sees it. `base` comes first: SQLite knows the file by its address.
struct LogFile {
  sqlite3_file base;
  std::unique_ptr<std::byte[]> memory;  // Of the system's file.
  std::string kept;                     // The end of what was written, not passed on yet.
  std::int64_t end = -1;                // Where the last write ended; -1: there was none.
  bool ends_commit = false;             // The frame whose page comes next is a commit's last.

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(memory.get()); }

  int pass_on() {
    const auto from = end - static_cast<std::int64_t>(kept.size());
    int code = SQLITE_OK;
    for (std::size_t at = 0; at < kept.size() && code == SQLITE_OK; at += piece_bytes_max) {
      const std::size_t size = std::min(piece_bytes_max, kept.size() - at);
      code = real()->pMethods->xWrite(real(), kept.data() + at, static_cast<int>(size),
                                      from + static_cast<std::int64_t>(at));
    }
    kept.clear();
    return code;
  }
};

LogFile& log_of(sqlite3_file* file) {
  return *reinterpret_cast<LogFile*>(file);
}

sqlite3_file* real_of(sqlite3_file* file) {
  return log_of(file).real();
}

// Bytes 4 to 7 of a frame's head are the size of the database after the commit that it ends, zero in any other frame.
bool is_last_of_commit(const void* frame_head) {
  static constexpr char zero[4] = {};
  return std::memcmp(static_cast<const char*>(frame_head) + 4, zero, sizeof zero) != 0;
}

// What does not follow the last write, as a head that is written anew, is not kept.
int write_log(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  LogFile& log = log_of(file);
  const bool follows = offset == log.end;
  if (!follows) {
    if (const int code = log.pass_on(); code != SQLITE_OK) return code;
  }
  const bool is_frame_head = size == frame_head_bytes && offset >= log_head_bytes;
  const bool is_complete = !is_frame_head && log.ends_commit;
  log.ends_commit = is_frame_head && is_last_of_commit(bytes);
  log.end = offset + size;
  if (!follows) return log.real()->pMethods->xWrite(log.real(), bytes, size, offset);
  log.kept.append(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  return is_complete || log.kept.size() >= kept_bytes_max ? log.pass_on() : SQLITE_OK;
}

// Everything but writing goes on to the system's file, after what was kept.
template <typename Call>
int after_kept(sqlite3_file* file, Call call) {
  if (const int code = log_of(file).pass_on(); code != SQLITE_OK) return code;
  return call(real_of(file));
}

// What is kept then is of no commit.
int close_log(sqlite3_file* file) {
  LogFile& log = log_of(file);
  const int closed = log.real()->pMethods->xClose(log.real());
  log.~LogFile();
  return closed;
}

// Version 1: shared memory and mappings are the database's, not the log's.
sqlite3_io_methods make_methods() {
  sqlite3_io_methods methods{};
  methods.iVersion = 1;
  methods.xClose = close_log;
  methods.xWrite = write_log;
  methods.xRead = [](auto* file, auto* bytes, int size, auto offset) {
    return after_kept(file, [=](auto* real) { return real->pMethods->xRead(real, bytes, size, offset); });
  };
  methods.xTruncate = [](auto* file, auto size) {
    return after_kept(file, [=](auto* real) { return real->pMethods->xTruncate(real, size); });
  };
  methods.xSync = [](auto* file, int flags) {
    return after_kept(file, [=](auto* real) { return real->pMethods->xSync(real, flags); });
  };
  methods.xFileSize = [](auto* file, auto* size) {
    return after_kept(file, [=](auto* real) { return real->pMethods->xFileSize(real, size); });
  };
  methods.xLock = [](auto* file, int lock) { return real_of(file)->pMethods->xLock(real_of(file), lock); };
  methods.xUnlock = [](auto* file, int lock) { return real_of(file)->pMethods->xUnlock(real_of(file), lock); };
  methods.xCheckReservedLock = [](auto* file, int* held) {
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), held);
  };
  methods.xFileControl = [](auto* file, int what, void* value) {
    return real_of(file)->pMethods->xFileControl(real_of(file), what, value);
  };
  methods.xSectorSize = [](auto* file) { return real_of(file)->pMethods->xSectorSize(real_of(file)); };
  methods.xDeviceCharacteristics = [](auto* file) {
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
  };
  return methods;
}

sqlite3_vfs* system_layer() {
  return sqlite3_vfs_find(nullptr);
}

int open_log(const char* path, sqlite3_file* file, int flags, int* flags_out) {
  sqlite3_vfs* system = system_layer();
  auto* log = new (file) LogFile{};
  log->memory = std::make_unique<std::byte[]>(static_cast<std::size_t>(system->szOsFile));
  const int code = system->xOpen(system, path, log->real(), flags, flags_out);
  if (code == SQLITE_OK) {
    static const sqlite3_io_methods methods = make_methods();
    log->base.pMethods = &methods;
  } else {
    log->~LogFile();
    file->pMethods = nullptr;
  }
  return code;
}

// Only the log has its own methods; any other file is the system's, in the memory that SQLite gives for it.
int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* flags_out) {
  if (flags & SQLITE_OPEN_WAL) return open_log(path, file, flags, flags_out);
  return system_layer()->xOpen(system_layer(), path, file, flags, flags_out);
}

sqlite3_vfs make_layer() {
  sqlite3_vfs layer{};
  layer.iVersion = 2;
  layer.szOsFile = sizeof(LogFile);
  layer.mxPathname = system_layer()->mxPathname;
  layer.zName = "omenia-log";
  layer.xOpen = open_file;
  layer.xDelete = [](auto*, auto* path, int sync) { return system_layer()->xDelete(system_layer(), path, sync); };
  layer.xAccess = [](auto*, auto* path, int flags, int* out) {
    return system_layer()->xAccess(system_layer(), path, flags, out);
  };
  layer.xFullPathname = [](auto*, auto* path, int size, char* out) {
    return system_layer()->xFullPathname(system_layer(), path, size, out);
  };
  layer.xRandomness = [](auto*, int size, char* out) { return system_layer()->xRandomness(system_layer(), size, out); };
  layer.xSleep = [](auto*, int us) { return system_layer()->xSleep(system_layer(), us); };
  layer.xCurrentTime = [](auto*, double* now) { return system_layer()->xCurrentTime(system_layer(), now); };
  layer.xGetLastError = [](auto*, int size, char* out) {
    return system_layer()->xGetLastError(system_layer(), size, out);
  };
  layer.xCurrentTimeInt64 = [](auto*, auto* now) { return system_layer()->xCurrentTimeInt64(system_layer(), now); };
  return layer;
}

}  // namespace

const char* log_layer() {
  static std::mutex mutex;
  static sqlite3_vfs layer = make_layer();
  const std::lock_guard lock(mutex);
  layer.szOsFile = std::max(layer.szOsFile, system_layer()->szOsFile);
  sqlite3_vfs_register(&layer, 0);  // Does nothing the second time.
  return layer.zName;
}

}  // namespace omenia::state
