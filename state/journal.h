#pragma once
// Journal: what was answered and is not in the database yet, in a file, so that it outlives the process that has noted
// it. Putting a record in is one write into the page cache: it waits only when the kernel has too much to write. One
// process has a journal, and holds a lock on it for as long as it lives; of one that is gone the next takes it over.
//
// Two halves, written in turn: a half begins anew when all of its records are forgotten, that is, in the database.
// Numbers rise by one, and a sum tells a whole record from a torn one and from what was left of earlier ones.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/fd.h"
#include "shared/base/result.h"

namespace omenia::state {

class Journal {
 public:
  // A new one in this folder. Error: storage.
  static Result<std::unique_ptr<Journal>> create(const std::string& folder);
  ~Journal();  // Removes the file when everything is forgotten.
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Its number: 1, 2, 3 ... 0: there is no room for it at the moment, it is too large for ever, or it cannot be
  // written.
  std::uint64_t append(std::string_view record);
  void forget_until(std::uint64_t number);
  bool is_empty() const { return last_ == forgotten_; }
  bool is_in_place() const;  // Not so when somebody has removed the file.

 private:
  Journal(std::string path, Fd file) : path_(std::move(path)), file_(std::move(file)) {}
  Result<void> prepare();
  bool make_room(std::size_t bytes);

  std::string path_;
  Fd file_;
  std::size_t current_ = 0;          // Half.
  std::size_t end_ = 0;              // Of what is in it.
  std::uint64_t last_ = 0;           // Number of the last record,
  std::uint64_t last_of_other_ = 0;  // and of the last one in the other half.
  std::uint64_t forgotten_ = 0;
};

// The journal of a process that is gone, locked, so that nobody else takes it over at the same time.
class LeftJournal {
 public:
  struct Found;
  // Those in this folder.
  static Found all_in(const std::string& folder);

  const std::vector<std::string>& records() const { return records_; }  // In their order.
  const std::string& path() const { return path_; }
  void remove();  // What was in it is in the database.

 private:
  std::string path_;
  Fd file_;
  std::vector<std::string> records_;
};

struct LeftJournal::Found {
  std::vector<LeftJournal> journals;
  std::vector<std::string> unreadable;  // Paths of files that look like one and have another form; they stay.
};

}  // namespace omenia::state
