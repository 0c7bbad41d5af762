#include "state/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <system_error>

#include "shared/base/ids.h"
#include "shared/base/limits.h"

namespace omenia::state {

namespace {

constexpr const char* name_prefix = "journal-";
constexpr std::uint64_t mark = 0x316c'6e72'756f'6a4f;  // What the file begins with; tells of another form later.
constexpr std::size_t head_bytes = 4096;
constexpr std::size_t file_bytes = head_bytes + 2 * limits::journal_half_bytes;
constexpr int tries_max = 4;

struct Head {
  std::uint64_t mark;
  std::uint64_t forgotten;
};

struct RecordHead {
  std::uint64_t number;
  std::uint32_t size;
  std::uint32_t sum;
};

std::size_t room_for(std::size_t size) {
  return sizeof(RecordHead) + (size + 7) / 8 * 8;
}

// Eight bytes at a time: it stands in the way of each answer. Against torn and old pages, not against anybody.
std::uint32_t sum_of(std::uint64_t number, std::string_view record) {
  constexpr std::uint64_t odd = 0x9e37'79b9'7f4a'7c15;
  std::uint64_t sum = number * odd + record.size();
  const auto add = [&sum](std::uint64_t word) {
    sum = (sum ^ word) * odd;
    sum ^= sum >> 32;
  };
  std::uint64_t word = 0;
  for (; record.size() >= sizeof word; record.remove_prefix(sizeof word)) {
    std::memcpy(&word, record.data(), sizeof word);
    add(word);
  }
  word = 0;
  std::memcpy(&word, record.data(), record.size());
  add(word);
  return static_cast<std::uint32_t>(sum ^ (sum >> 32));
}

// Locked, and still under its path: who takes journals over removes them while they hold the lock. False with the
// cause in `errno`, EWOULDBLOCK when somebody else has or had it.
bool hold(const Fd& file, const std::string& path) {
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return false;
  struct stat held {};
  struct stat named {};
  if (::fstat(file.get(), &held) == 0 && ::stat(path.c_str(), &named) == 0 && held.st_ino == named.st_ino &&
      held.st_dev == named.st_dev)
    return true;
  errno = EWOULDBLOCK;
  return false;
}

Error refusal(const std::string& path) {
  return fail(ErrorCode::storage, "the journal " + path + " cannot be made: " + std::strerror(errno));
}

std::optional<std::string> contents_of(const Fd& file) {
  std::string bytes(file_bytes, '\0');
  std::size_t got = 0;
  while (got < bytes.size()) {
    const ssize_t count = ::pread(file.get(), bytes.data() + got, bytes.size() - got, static_cast<off_t>(got));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) break;
    got += static_cast<std::size_t>(count);
  }
  bytes.resize(got);
  return bytes;
}

// The records that follow each other from the begin of a half.
void read_half(std::string_view half, std::uint64_t forgotten, std::map<std::uint64_t, std::string>& records) {
  std::uint64_t last = 0;
  while (half.size() >= sizeof(RecordHead)) {
    RecordHead head{};
    std::memcpy(&head, half.data(), sizeof head);
    if (head.number == 0 || (last != 0 && head.number != last + 1)) return;
    if (head.size > limits::journal_record_bytes_max || room_for(head.size) > half.size()) return;
    const std::string_view record = half.substr(sizeof head, head.size);
    if (head.sum != sum_of(head.number, record)) return;
    if (head.number > forgotten) records.emplace(head.number, record);
    last = head.number;
    half.remove_prefix(room_for(head.size));
  }
}

// Nothing: it has another form, or not all of it is there. One without a mark was about to be made.
std::optional<std::vector<std::string>> records_in(std::string_view bytes) {
  std::map<std::uint64_t, std::string> records;
  Head head{};
  std::memcpy(&head, bytes.data(), std::min(bytes.size(), sizeof head));
  if (head.mark != 0 && (head.mark != mark || bytes.size() != file_bytes)) return std::nullopt;
  if (head.mark == mark)
    for (const std::size_t which : {0, 1})
      read_half(bytes.substr(head_bytes + which * limits::journal_half_bytes, limits::journal_half_bytes),
                head.forgotten, records);
  std::vector<std::string> in_order;
  in_order.reserve(records.size());
  for (auto& [number, record] : records) in_order.push_back(std::move(record));
  return in_order;
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::create(const std::string& folder) {
  for (int tries = 0; tries < tries_max; ++tries) {
    std::string path = folder + "/" + name_prefix + random_hex(16);
    Fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.valid()) return refusal(path);
    const bool held = hold(file, path);
    if (!held && errno == EWOULDBLOCK) continue;  // Taken for one that was left.
    std::unique_ptr<Journal> journal(new Journal(std::move(path), std::move(file)));
    if (!held) return refusal(journal->path_);
    TRY(journal->prepare());
    return journal;
  }
  return fail(ErrorCode::storage, "no journal can be made in " + folder);
}

// Its blocks are reserved, so that writing a record has none to look for.
Result<void> Journal::prepare() {
  if (const int code = ::posix_fallocate(file_.get(), 0, file_bytes); code != 0) {
    errno = code;
    return refusal(path_);
  }
  const Head head{mark, 0};
  if (::pwrite(file_.get(), &head, sizeof head, 0) != static_cast<ssize_t>(sizeof head)) return refusal(path_);
  return {};
}

Journal::~Journal() {
  if (is_empty()) ::unlink(path_.c_str());
}

bool Journal::is_in_place() const {
  struct stat facts {};
  return ::fstat(file_.get(), &facts) == 0 && facts.st_nlink > 0;
}

bool Journal::make_room(std::size_t bytes) {
  if (is_empty()) end_ = 0;
  if (end_ + bytes <= limits::journal_half_bytes) return true;
  if (last_of_other_ > forgotten_ || bytes > limits::journal_half_bytes) return false;
  last_of_other_ = last_;
  current_ = 1 - current_;
  end_ = 0;
  return true;
}

// One that is written in part stands where the next one will.
std::uint64_t Journal::append(std::string_view record) {
  const std::size_t bytes = room_for(record.size());
  if (record.size() > limits::journal_record_bytes_max || !make_room(bytes)) return 0;
  RecordHead head{last_ + 1, static_cast<std::uint32_t>(record.size()), sum_of(last_ + 1, record)};
  iovec parts[] = {{&head, sizeof head}, {const_cast<char*>(record.data()), record.size()}};
  const std::size_t place = head_bytes + current_ * limits::journal_half_bytes + end_;
  const ssize_t written = ::pwritev(file_.get(), parts, std::size(parts), static_cast<off_t>(place));
  if (written != static_cast<ssize_t>(sizeof head + record.size())) return 0;
  end_ += bytes;
  return last_ = head.number;
}

// Should that not be written, records are stored once more than they need to be.
void Journal::forget_until(std::uint64_t number) {
  forgotten_ = std::max(forgotten_, number);
  [[maybe_unused]] const ssize_t written =
      ::pwrite(file_.get(), &forgotten_, sizeof forgotten_, offsetof(Head, forgotten));
}

LeftJournal::Found LeftJournal::all_in(const std::string& folder) {
  Found found;
  std::error_code failed;
  for (std::filesystem::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    std::error_code ignored;
    if (!entry->path().filename().string().starts_with(name_prefix) || !entry->is_regular_file(ignored)) continue;
    LeftJournal journal;
    journal.path_ = entry->path().string();
    journal.file_ = Fd(::open(journal.path_.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!journal.file_.valid() || !hold(journal.file_, journal.path_)) continue;
    const auto bytes = contents_of(journal.file_);
    auto records = bytes ? records_in(*bytes) : std::nullopt;
    if (records) {
      journal.records_ = std::move(*records);
      found.journals.push_back(std::move(journal));
    } else {
      found.unreadable.push_back(journal.path_);
    }
  }
  return found;
}

void LeftJournal::remove() {
  ::unlink(path_.c_str());
  file_.reset();
}

}  // namespace omenia::state
