#include "state/database.h"

#include <sqlite3.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "shared/base/ensure.h"
#include "shared/base/limits.h"
#include "state/log_file.h"

namespace omenia::state {

namespace {

// SQLite's own handler waits up to 100 ms between two tries, so that beside a busy writer it may find the lock taken
// each time; this one tries every millisecond.
int wait_for_lock(void* ms_max, int tries) {
  if (tries >= *static_cast<const int*>(ms_max)) return 0;
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return 1;
}

// SQLite counts the memory that it uses, under a lock for each piece: nobody asks.
void prepare_library() {
  [[maybe_unused]] static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)), bind_code_(other.bind_code_) {}

Statement::~Statement() {
  if (!statement_) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Statement::bind(int index, std::int64_t value) {
  const int code = sqlite3_bind_int64(statement_, index, value);
  if (bind_code_ == SQLITE_OK) bind_code_ = code;
}

void Statement::bind(int index, std::string_view text) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* bytes = text.empty() ? "" : text.data();
  const int code = sqlite3_bind_text64(statement_, index, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (bind_code_ == SQLITE_OK) bind_code_ = code;
}

Result<bool> Statement::step() {
  if (bind_code_ != SQLITE_OK) return database_.failure(bind_code_);
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_.failure(code);
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : std::string();
}

Result<std::unique_ptr<Database>> Database::open(std::string path, Access access, int lock_ms_max) {
  std::unique_ptr<Database> database(new Database(std::move(path), access, lock_ms_max));
  TRY(database->connect());
  return database;
}

Database::~Database() {
  disconnect();
}

Result<void> Database::reopen() {
  disconnect();
  return connect();
}

Result<void> Database::connect() {
  prepare_library();
  const int access = access_ == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  const char* layer = access_ == Access::write ? log_layer() : nullptr;
  const int code =
      sqlite3_open_v2(path_.c_str(), &handle_, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, layer);
  Result<void> done = code == SQLITE_OK ? configure() : Result<void>(failure(code));
  if (!done.ok()) disconnect();
  return done;
}

void Database::disconnect() {
  for (const auto& [text, statement] : statements_) sqlite3_finalize(statement);
  statements_.clear();
  sqlite3_close(std::exchange(handle_, nullptr));
  log_pages_ = 0;
  syncs_commits_ = true;
}

Result<void> Database::configure() {
  sqlite3_busy_handler(handle_, wait_for_lock, &lock_ms_max_);
  // Called after each commit that wrote; it replaces SQLite's own checkpoint, which would run before the answers.
  sqlite3_wal_hook(
      handle_,
      [](void* self, sqlite3*, const char*, int pages) {
        auto* database = static_cast<Database*>(self);
        ++database->log_commits_;
        database->log_pages_ = pages;
        return SQLITE_OK;
      },
      this);
  const std::string settings =
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
      "PRAGMA mmap_size = 0; PRAGMA cache_size = -" +
      std::to_string(limits::store_cache_kib) +
      "; PRAGMA journal_size_limit = " + std::to_string(limits::store_log_bytes_kept);
  TRY(run_script(settings));
  if (access_ == Access::write) TRY(run_script("PRAGMA cache_spill = OFF"));
  if (access_ != Access::read) TRY(use_write_ahead_log());
  return {};
}

// The change from another mode does not wait for who else is opening a new database: SQLite says at once that it is
// locked.
Result<void> Database::use_write_ahead_log() {
  TRY_ASSIGN(Statement statement, prepare("PRAGMA journal_mode = WAL"));
  Result<bool> stepped = statement.step();
  const auto is_busy = [&] { return !stepped.ok() && (sqlite3_errcode(handle_) & 0xff) == SQLITE_BUSY; };
  for (int tries = 0; is_busy() && wait_for_lock(&lock_ms_max_, tries) != 0; ++tries) stepped = statement.step();
  TRY(stepped);
  if (statement.text(0) == "wal") return {};
  return fail(ErrorCode::storage, "The state database " + path_ +
                                      ": its file system cannot hold a shared write-ahead log. Use a state directory "
                                      "on a local disk.");
}

Result<Statement> Database::take(Sql sql) {
  if (!handle_) return failure(SQLITE_CANTOPEN);
  sqlite3_stmt*& statement = statements_[sql.text()];
  if (!statement) {
    const int code = sqlite3_prepare_v3(handle_, sql.text(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
      statements_.erase(sql.text());
      return failure(code);
    }
  }
  ensure(!sqlite3_stmt_busy(statement), "a statement is not used again before its rows are read");
  return Statement(*this, statement);
}

Result<void> Database::run_script(const std::string& statements) {
  const int code = sqlite3_exec(handle_, statements.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(code);
  return {};
}

Result<void> Database::sync_commits(bool synced) {
  if (synced == syncs_commits_) return {};
  TRY(run_script(synced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL"));
  syncs_commits_ = synced;
  return {};
}

Result<void> Database::sync_log() {
  sqlite3_file* log = nullptr;
  const int found = handle_
                        ? sqlite3_file_control(handle_, "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&log))
                        : SQLITE_CANTOPEN;
  if (found != SQLITE_OK) return failure(found);
  if (!log || !log->pMethods) return {};  // Nothing was written yet.
  const int code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
  if (code != SQLITE_OK) return failure(code, sqlite3_errstr(code), errno);
  return {};
}

Result<void> Database::commit() {
  TRY(run("COMMIT"));
  return {};
}

// There is nothing better to do when the ROLLBACK fails: the transaction is then gone already.
void Database::undo() {
  if (in_transaction()) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

bool Database::in_transaction() const {
  return handle_ && sqlite3_get_autocommit(handle_) == 0;
}

Error Database::why_undone() const {
  if (disk_failure_) return disk_failure_->error;
  return fail(ErrorCode::storage, "The state database " + path_ + ": a failure undid the transaction.");
}

Result<void> Database::check_place() {
  if (!moved()) return {};
  Error error = fail(ErrorCode::storage, "The state database " + path_ +
                                             ": it was moved or deleted while in use. Put it back, or restart the "
                                             "gateway.");
  disk_failure_ = DatabaseFailure{error, Aftermath::refuse};
  return error;
}

bool Database::moved() const {
  int answer = 0;
  return handle_ && sqlite3_file_control(handle_, "main", SQLITE_FCNTL_HAS_MOVED, &answer) == SQLITE_OK && answer != 0;
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(handle_);
}

Result<bool> Database::checkpoint() {
  return checkpoint(SQLITE_CHECKPOINT_PASSIVE);
}

Result<void> Database::empty_log() {
  TRY(checkpoint(SQLITE_CHECKPOINT_TRUNCATE));
  return {};
}

Result<bool> Database::checkpoint(int mode) {
  int in_log = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(handle_, "main", mode, &in_log, &moved);
  if (code != SQLITE_OK) return failure(code);
  const bool all = moved == in_log;
  if (all) log_pages_ = 0;  // The next commit begins it anew; until then it is not looked after again.
  return all;
}

Error Database::failure(int code) {
  const char* said = handle_ ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  const int primary = code & 0xff;
  const bool by_system = handle_ && (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN);
  return failure(code, said, by_system ? sqlite3_system_errno(handle_) : 0);
}

Error Database::failure(int code, const char* said, int system_error) {
  DatabaseFailure failure = database_failure(path_, code, said, system_error);
  if (failure.aftermath != Aftermath::none) disk_failure_ = failure;
  return std::move(failure.error);
}

}  // namespace omenia::state
