#pragma once
// Database: one connection to the SQLite file, for state/ alone. It is opened with the settings that make an answered
// write durable, keeps its statements prepared, and turns every failure into an error an operator can act on. One
// thread at a time uses it.

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "shared/base/limits.h"
#include "shared/base/result.h"
#include "state/database_error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace omenia::state {

class Database;

// A statement's text, known when compiling: nothing from outside can become SQL, it can only be bound.
class Sql {
 public:
  consteval Sql(const char* text) : text_(text) {}
  const char* text() const { return text_; }

 private:
  const char* text_;
};

// A prepared statement in use. Reset and given back when it goes out of scope.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  Result<bool> step();  // True: a row can be read. False: there is no more.
  std::int64_t integer(int column) const;
  std::string text(int column) const;

 private:
  friend class Database;
  Statement(Database& database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}
  void bind(int index, std::int64_t value);
  void bind(int index, std::string_view text);

  Database& database_;
  sqlite3_stmt* statement_;
  int bind_code_ = 0;  // The first failure of a bind, told by step.
};

class Database {
 public:
  // write: each transaction stays in memory until its commit, which is one write. rebuild: for those that may not fit.
  enum class Access { write, read, rebuild };

  // The file must exist (an empty one is a new database). For a lock that another process holds a statement waits
  // `lock_ms_max`. Error: storage.
  static Result<std::unique_ptr<Database>> open(std::string path, Access access,
                                                int lock_ms_max = limits::store_busy_ms);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Closes and opens again, with nothing kept in memory.
  Result<void> reopen();

  // The statement with its parameters bound in order. A bound text must outlive the statement.
  template <typename... Values>
  Result<Statement> prepare(Sql sql, Values&&... values) {
    static_assert((!std::same_as<Values, std::string> && ...), "a bound text must outlive its statement");
    TRY_ASSIGN(Statement statement, take(sql));
    int index = 0;
    (statement.bind(++index, values), ...);
    return statement;
  }

  // Runs a statement to its end. How many rows it inserted, updated or deleted.
  template <typename... Values>
  Result<std::int64_t> run(Sql sql, const Values&... values) {
    TRY_ASSIGN(Statement statement, prepare(sql, values...));
    for (bool row = true; row;) {
      TRY_ASSIGN(row, statement.step());
    }
    return changes();
  }

  // The first column of the only row, an integer.
  template <typename... Values>
  Result<std::int64_t> number(Sql sql, const Values&... values) {
    TRY_ASSIGN(Statement statement, prepare(sql, values...));
    TRY(statement.step());
    return statement.integer(0);
  }

  // Runs `body` between `begin` and COMMIT; when anything fails, everything is undone. A body may also end the
  // transaction itself.
  template <typename Body>
  Result<void> transaction(Sql begin, Body&& body) {
    TRY(run(begin));
    Result<void> done = body();
    if (done.ok() && in_transaction()) done = commit();
    if (!done.ok()) undo();
    return done;
  }

  Result<void> run_script(const std::string& statements);

  bool in_transaction() const;  // False also when SQLite has undone one because of a failure.
  Error why_undone() const;     // The failure that made it do so.
  // Error storage when the file is not under its path any more, so that what is written would be lost.
  Result<void> check_place();
  std::int64_t log_commits() const { return log_commits_; }  // Commits that wrote into the log, since the opening.

  // Whether each commit from now on waits until the disk has it; they do after an opening.
  Result<void> sync_commits(bool synced);
  // Waits until the disk has every commit. Error: storage; what the disk has is not known then.
  Result<void> sync_log();

  int log_pages() const { return log_pages_; }  // Of the last commit.
  // Moves what is in the log into the file, as far as readers allow without waiting. True: that was all, and the next
  // commit begins the log anew.
  Result<bool> checkpoint();
  // Moves everything and empties the log. Error storage when a reader keeps it.
  Result<void> empty_log();

  // The last failure that concerns the disk, once.
  std::optional<DatabaseFailure> take_disk_failure() { return std::exchange(disk_failure_, std::nullopt); }

  const std::string& path() const { return path_; }

 private:
  friend class Statement;
  Database(std::string path, Access access, int lock_ms_max)
      : path_(std::move(path)), access_(access), lock_ms_max_(lock_ms_max) {}

  Result<void> connect();
  void disconnect();
  Result<void> configure();
  Result<void> use_write_ahead_log();
  Result<Statement> take(Sql sql);
  Result<bool> checkpoint(int mode);
  Result<void> commit();
  void undo();
  bool moved() const;
  std::int64_t changes() const;
  Error failure(int code);
  Error failure(int code, const char* said, int system_error);

  std::string path_;
  Access access_;
  int lock_ms_max_;
  sqlite3* handle_ = nullptr;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
  std::optional<DatabaseFailure> disk_failure_;
  std::int64_t log_commits_ = 0;
  bool syncs_commits_ = true;
  int log_pages_ = 0;
};

}  // namespace omenia::state
