#include "tests/unit/state/faulty_disk.h"

#include <sqlite3.h>

#include <filesystem>
#include <new>

namespace omenia::state {

namespace {

// A file of the layer; the real file's object follows it in the same memory, which SQLite allocates.
struct LayerFile {
  sqlite3_file base;
  FaultyDisk* disk;
  std::string* path;

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

LayerFile* layer(sqlite3_file* file) {
  return reinterpret_cast<LayerFile*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
  return layer(file)->real();
}
sqlite3_vfs* real_of(sqlite3_vfs* vfs) {
  return static_cast<sqlite3_vfs*>(static_cast<void**>(vfs->pAppData)[1]);
}
FaultyDisk* disk_of(sqlite3_vfs* vfs) {
  return static_cast<FaultyDisk*>(static_cast<void**>(vfs->pAppData)[0]);
}

int close_file(sqlite3_file* file) {
  const int code = real(file)->pMethods->xClose(real(file));
  delete layer(file)->path;
  return code;
}

int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  if (layer(file)->disk->full) return SQLITE_FULL;
  return real(file)->pMethods->xWrite(real(file), bytes, size, offset);
}

int sync_file(sqlite3_file* file, int flags) {
  FaultyDisk* disk = layer(file)->disk;
  ++disk->sync_count;
  if (disk->syncs_fail) return SQLITE_IOERR_FSYNC;
  const int code = real(file)->pMethods->xSync(real(file), flags);
  if (code == SQLITE_OK) disk->synced(*layer(file)->path);
  return code;
}

const sqlite3_io_methods& methods() {
  static const sqlite3_io_methods table = {
      .iVersion = 3,
      .xClose = close_file,
      .xRead = [](auto* f, auto* bytes, int size,
                  auto at) { return real(f)->pMethods->xRead(real(f), bytes, size, at); },
      .xWrite = write_file,
      .xTruncate = [](auto* f, auto size) { return real(f)->pMethods->xTruncate(real(f), size); },
      .xSync = sync_file,
      .xFileSize = [](auto* f, auto* size) { return real(f)->pMethods->xFileSize(real(f), size); },
      .xLock = [](auto* f, int lock) { return real(f)->pMethods->xLock(real(f), lock); },
      .xUnlock = [](auto* f, int lock) { return real(f)->pMethods->xUnlock(real(f), lock); },
      .xCheckReservedLock = [](auto* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); },
      .xFileControl = [](auto* f, int what, void* arg) { return real(f)->pMethods->xFileControl(real(f), what, arg); },
      .xSectorSize = [](auto* f) { return real(f)->pMethods->xSectorSize(real(f)); },
      .xDeviceCharacteristics = [](auto* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); },
      .xShmMap = [](auto* f, int page, int size, int extend,
                    void volatile** out) { return real(f)->pMethods->xShmMap(real(f), page, size, extend, out); },
      .xShmLock = [](auto* f, int from, int n, int how) { return real(f)->pMethods->xShmLock(real(f), from, n, how); },
      .xShmBarrier = [](auto* f) { real(f)->pMethods->xShmBarrier(real(f)); },
      .xShmUnmap = [](auto* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); },
      .xFetch = [](auto* f, auto at, int size,
                   void** out) { return real(f)->pMethods->xFetch(real(f), at, size, out); },
      .xUnfetch = [](auto* f, auto at, void* page) { return real(f)->pMethods->xUnfetch(real(f), at, page); },
  };
  return table;
}

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  LayerFile* made = layer(file);
  made->disk = disk_of(vfs);
  made->path = nullptr;
  made->base.pMethods = nullptr;
  const int code = real_of(vfs)->xOpen(real_of(vfs), name, made->real(), flags, out_flags);
  if (code != SQLITE_OK) return code;
  made->path = new std::string(name ? name : "");
  made->base.pMethods = &methods();
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  const int code = real_of(vfs)->xDelete(real_of(vfs), name, sync_folder);
  if (code == SQLITE_OK) disk_of(vfs)->deleted(name);
  return code;
}

}  // namespace

FaultyDisk::FaultyDisk() {
  sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
  layer_ = std::make_unique<sqlite3_vfs>(*system);
  layer_->zName = "faulty-disk";
  layer_->pNext = nullptr;
  layer_->szOsFile = static_cast<int>(sizeof(LayerFile)) + system->szOsFile;
  layer_->pAppData = new void* [2] { this, system };
  layer_->xOpen = open_file;
  layer_->xDelete = delete_file;
  sqlite3_vfs_register(layer_.get(), 1);
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs* system = real_of(layer_.get());
  sqlite3_vfs_unregister(layer_.get());
  sqlite3_vfs_register(system, 1);
  delete[] static_cast<void**>(layer_->pAppData);
}

void FaultyDisk::keep_synced_in(std::string folder) {
  const std::lock_guard lock(mutex_);
  synced_folder_ = std::move(folder);
}

void FaultyDisk::lose_power() {
  keep_synced_in("");
}

void FaultyDisk::synced(const std::string& path) {
  namespace fs = std::filesystem;
  const std::lock_guard lock(mutex_);
  if (synced_folder_.empty()) return;
  fs::copy_file(path, fs::path(synced_folder_) / fs::path(path).filename(), fs::copy_options::overwrite_existing);
}

void FaultyDisk::deleted(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (synced_folder_.empty()) return;
  std::filesystem::remove(std::filesystem::path(synced_folder_) / std::filesystem::path(path).filename());
}

}  // namespace omenia::state
