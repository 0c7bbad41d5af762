// The journal: what was appended and not forgotten is found by who comes next, in its order, and nothing else is,
// whatever happened to the file.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/crc.hpp>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "shared/base/limits.h"
#include "state/journal.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path().string());
  return paths;
}

std::unique_ptr<Journal> journal_in(const std::string& folder) {
  auto made = Journal::create(folder);
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message);
  return made.ok() ? std::move(made).value() : nullptr;
}

// Of the journals that nobody holds, all together.
std::vector<std::string> left_in(const std::string& folder) {
  std::vector<std::string> records;
  for (const LeftJournal& journal : LeftJournal::all_in(folder).journals)
    records.insert(records.end(), journal.records().begin(), journal.records().end());
  return records;
}

// What is left when the owner dies now. Nobody has a lock on the copy.
std::vector<std::string> left_of(const std::string& folder) {
  const TempFolder copy;
  std::filesystem::copy(folder, copy.path(), std::filesystem::copy_options::recursive);
  return left_in(copy.path());
}

class AJournal : public testing::Test {
 protected:
  TempFolder folder;
  std::unique_ptr<Journal> journal = journal_in(folder.path());
};

TEST_F(AJournal, has_what_was_appended_in_its_order) {
  EXPECT_EQ(journal->append("one"), 1u);
  EXPECT_EQ(journal->append(""), 2u);
  EXPECT_EQ(journal->append(std::string("th\0ree", 6)), 3u);
  EXPECT_THAT(left_of(folder.path()), ElementsAre("one", "", std::string("th\0ree", 6)));
}

TEST_F(AJournal, has_not_what_was_forgotten) {
  for (const char* record : {"one", "two", "three"}) journal->append(record);
  journal->forget_until(2);
  EXPECT_THAT(left_of(folder.path()), ElementsAre("three"));
  journal->forget_until(1);  // Nothing comes back.
  EXPECT_THAT(left_of(folder.path()), ElementsAre("three"));
  EXPECT_FALSE(journal->is_empty());
  journal->forget_until(3);
  EXPECT_TRUE(journal->is_empty());
  EXPECT_THAT(left_of(folder.path()), IsEmpty());
  EXPECT_EQ(journal->append("four"), 4u);
  EXPECT_THAT(left_of(folder.path()), ElementsAre("four"));
}

TEST_F(AJournal, begins_anew_and_shows_nothing_of_what_was_there) {
  for (int i = 0; i < 50; ++i) journal->append("an old record " + std::to_string(i));
  journal->forget_until(50);
  journal->append("an old record 7");  // Ends where an older one begins.
  EXPECT_THAT(left_of(folder.path()), ElementsAre("an old record 7"));
}

// What stands behind the last record is what was left of an older one, which may look like a record.
TEST_F(AJournal, shows_no_record_that_is_in_another) {
  const std::uint64_t number = 1'000;
  const std::string inner = "never appended";
  boost::crc_32_type sum;
  sum.process_bytes(&number, sizeof number);
  sum.process_bytes(inner.data(), inner.size());
  const std::uint32_t size_and_sum[] = {static_cast<std::uint32_t>(inner.size()), sum.checksum()};
  std::string outer(reinterpret_cast<const char*>(&number), sizeof number);
  outer.append(reinterpret_cast<const char*>(size_and_sum), sizeof size_and_sum).append(inner).append(64, '\0');
  EXPECT_EQ(journal->append(outer), 1u);
  journal->forget_until(1);
  EXPECT_EQ(journal->append(""), 2u);  // Ends where the text of the one before began.
  EXPECT_THAT(left_of(folder.path()), ElementsAre(""));
}

TEST_F(AJournal, takes_the_largest_record_and_none_larger) {
  const std::string largest(limits::journal_record_bytes_max, 'x');
  journal->append("before");
  EXPECT_EQ(journal->append(largest + 'x'), 0u);
  EXPECT_EQ(journal->append(largest), 2u);
  EXPECT_EQ(journal->append("after"), 3u);
  EXPECT_THAT(left_of(folder.path()), ElementsAre("before", largest, "after"));
}

TEST_F(AJournal, that_is_full_takes_nothing_and_keeps_what_it_has) {
  std::vector<std::string> taken;
  std::string record(100'000, 'a');
  while (taken.size() < 100 && journal->append(record) != 0) {
    taken.push_back(record);
    ++record[0];
  }
  EXPECT_EQ(taken.size(), 2 * (limits::journal_half_bytes / 100'100));
  EXPECT_EQ(journal->append(record), 0u);
  EXPECT_EQ(left_of(folder.path()), taken);

  journal->forget_until(taken.size() / 2 + 1);  // All of the first half.
  EXPECT_EQ(journal->append(record), taken.size() + 1);
  taken.push_back(record);
  taken.erase(taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>((taken.size() - 1) / 2 + 1));
  EXPECT_EQ(left_of(folder.path()), taken);
}

// Against a model, through many turns of both halves.
TEST_F(AJournal, has_what_is_not_forgotten_however_often_it_begins_anew) {
  std::mt19937 random(20'261'127);
  std::deque<std::string> kept;
  std::uint64_t last = 0;
  std::size_t bytes = 0;
  int refused = 0;
  for (int step = 0; step < 6'000; ++step) {
    if (random() % 4 == 0) {
      const std::size_t forgotten = std::min<std::size_t>(kept.size(), random() % 7);
      journal->forget_until(last - kept.size() + forgotten);
      kept.erase(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(forgotten));
    } else {
      const std::size_t size =
          random() % 30 == 0 ? random() % (limits::journal_record_bytes_max + 1) : random() % 9'000;
      std::string record(size, static_cast<char>('a' + step % 26));
      record.append(std::to_string(step)).resize(size);
      const std::uint64_t number = journal->append(record);
      ASSERT_TRUE(number == last + 1 || (number == 0 && !kept.empty()));
      if (number == 0) {
        ++refused;
      } else {
        last = number;
        bytes += size;
        kept.push_back(std::move(record));
      }
    }
    ASSERT_EQ(journal->is_empty(), kept.empty());
    if (step % 40 != 0) continue;
    ASSERT_EQ(left_of(folder.path()), std::vector<std::string>(kept.begin(), kept.end())) << step;
  }
  EXPECT_GT(bytes, 10 * 2 * limits::journal_half_bytes);
  EXPECT_GT(refused, 0);
}

TEST_F(AJournal, is_private) {
  struct stat status {};
  ASSERT_EQ(::stat(files_in(folder.path()).at(0).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
}

TEST_F(AJournal, has_its_room_from_the_beginning) {
  struct stat status {};
  ASSERT_EQ(::stat(files_in(folder.path()).at(0).c_str(), &status), 0);
  EXPECT_GE(status.st_blocks * 512, static_cast<off_t>(2 * limits::journal_half_bytes));
}

TEST_F(AJournal, goes_when_everything_is_forgotten) {
  journal.reset();
  EXPECT_THAT(files_in(folder.path()), IsEmpty());
  journal = journal_in(folder.path());
  journal->append("one");
  journal->forget_until(1);
  journal.reset();
  EXPECT_THAT(files_in(folder.path()), IsEmpty());
}

TEST_F(AJournal, stays_when_something_is_left) {
  journal->append("one");
  journal->append("two");
  journal->forget_until(1);
  journal.reset();
  EXPECT_THAT(files_in(folder.path()), SizeIs(1));
  EXPECT_THAT(left_in(folder.path()), ElementsAre("two"));
}

TEST_F(AJournal, is_not_taken_from_an_owner_who_lives) {
  journal->append("one");
  EXPECT_THAT(LeftJournal::all_in(folder.path()).journals, IsEmpty());
  journal.reset();
  EXPECT_THAT(LeftJournal::all_in(folder.path()).journals, SizeIs(1));
}

TEST_F(AJournal, is_taken_over_by_one_at_a_time) {
  journal->append("one");
  journal.reset();
  {
    const auto first = LeftJournal::all_in(folder.path()).journals;
    ASSERT_THAT(first, SizeIs(1));
    EXPECT_THAT(LeftJournal::all_in(folder.path()).journals, IsEmpty());
  }
  auto again = LeftJournal::all_in(folder.path()).journals;  // The first one gave up.
  ASSERT_THAT(again, SizeIs(1));
  again[0].remove();
  EXPECT_THAT(files_in(folder.path()), IsEmpty());
}

TEST_F(AJournal, of_each_owner_is_one_of_its_own) {
  journal->append("one");
  auto other = journal_in(folder.path());
  EXPECT_EQ(other->append("two"), 1u);
  other.reset();
  EXPECT_THAT(left_in(folder.path()), ElementsAre("two"));
}

TEST(NoJournal, is_made_where_there_is_no_folder) {
  TempFolder folder;
  EXPECT_THAT(Journal::create(folder.path() + "/nowhere"), FailsWith(ErrorCode::storage));
  EXPECT_THAT(LeftJournal::all_in(folder.path() + "/nowhere").journals, IsEmpty());
}

// Somebody looks for journals all the time, also when one is just made: each record is found once.
TEST(Journals, that_come_and_go_are_taken_over_once_each) {
  TempFolder folder;
  std::atomic<bool> done = false;
  std::vector<std::string> found;
  const auto take = [&] {
    for (LeftJournal& left : LeftJournal::all_in(folder.path()).journals) {
      found.insert(found.end(), left.records().begin(), left.records().end());
      left.remove();
    }
  };
  std::thread taker([&] {
    while (!done) take();
  });
  std::vector<std::string> appended;
  while (appended.size() < 300) {
    auto made = Journal::create(folder.path());
    if (!made.ok()) continue;  // It was taken while it was empty, each time.
    appended.push_back(std::to_string(appended.size()));
    EXPECT_EQ(made.value()->append(appended.back()), 1u);
  }
  done = true;
  taker.join();
  take();
  EXPECT_THAT(found, testing::UnorderedElementsAreArray(appended));
  EXPECT_THAT(files_in(folder.path()), IsEmpty());
}

// A journal's file whose both halves are in use, to be damaged, and all that was ever appended to it.
class ADamagedJournal : public testing::Test {
 protected:
  ADamagedJournal() {
    TempFolder owner;
    const auto journal = journal_in(owner.path());
    std::mt19937 random(20'261'128);
    for (std::uint64_t i = 1; i <= 400; ++i) {
      const std::string record = std::to_string(i) + std::string(random() % 20'000, static_cast<char>('a' + i % 26));
      EXPECT_EQ(journal->append(record), i);
      appended.insert(record);
      if (i > 60) journal->forget_until(i - 60);
    }
    whole = test::read_file(files_in(owner.path()).at(0));
  }
  std::vector<std::string> records_of(std::string_view bytes) {
    test::write_file(path, bytes);
    return left_in(folder.path());
  }
  bool were_appended(const std::vector<std::string>& records) const {
    return std::all_of(records.begin(), records.end(),
                       [this](const auto& record) { return appended.contains(record); });
  }

  TempFolder folder;
  const std::string path = folder.path() + "/journal-x";
  std::string whole;
  std::set<std::string> appended;
};

TEST_F(ADamagedJournal, is_read_when_it_is_not_damaged) {
  EXPECT_THAT(records_of(whole), SizeIs(60));
}

TEST_F(ADamagedJournal, that_ends_too_early_shows_nothing_that_was_not_appended) {
  std::mt19937 random(20'261'129);
  for (std::size_t size = 0; size < 64; ++size) ASSERT_TRUE(were_appended(records_of(whole.substr(0, size)))) << size;
  for (int round = 0; round < 100; ++round) {
    const std::size_t size = random() % whole.size();
    ASSERT_TRUE(were_appended(records_of(std::string_view(whole).substr(0, size)))) << size;
    ASSERT_TRUE(std::filesystem::exists(path));
  }
}

// Nothing is known of what is missing, so it is for a person to look at.
TEST_F(ADamagedJournal, that_ends_too_early_stays_where_it_is) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{8}, std::size_t{4096}, whole.size() - 1}) {
    test::write_file(path, std::string_view(whole).substr(0, size));
    EXPECT_THAT(LeftJournal::all_in(folder.path()).journals, IsEmpty()) << size;
  }
}

TEST_F(ADamagedJournal, whose_bytes_were_changed_shows_nothing_that_was_not_appended) {
  std::mt19937 random(20'261'130);
  test::write_file(path, whole);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  for (int round = 0; round < 400; ++round) {
    std::set<std::size_t> places;
    const std::size_t reach = round % 4 == 0 ? 64 : whole.size();  // Its head is hit too.
    for (std::size_t count = 1 + random() % 50; count > 0; --count) places.insert(random() % reach);
    for (const std::size_t place : places)
      file.seekp(static_cast<std::streamoff>(place)).put(static_cast<char>(whole[place] ^ (1 << random() % 8)));
    file.flush();
    ASSERT_TRUE(were_appended(left_in(folder.path()))) << round;
    for (const std::size_t place : places) file.seekp(static_cast<std::streamoff>(place)).put(whole[place]);
    file.flush();
  }
  EXPECT_THAT(left_in(folder.path()), SizeIs(60));
}

// A record is copied before its number is there: who dies in between has appended nothing.
TEST_F(ADamagedJournal, whose_last_record_is_half_there_has_those_before) {
  TempFolder owner;
  const auto journal = journal_in(owner.path());
  for (const char* record : {"one", "two"}) journal->append(record);
  const std::string before = test::read_file(files_in(owner.path()).at(0));
  journal->append(std::string(1'000, 'x'));
  const std::string after = test::read_file(files_in(owner.path()).at(0));
  const auto [changed, ignored] = std::mismatch(before.begin(), before.end(), after.begin());
  const auto place = static_cast<std::size_t>(changed - before.begin());
  for (std::size_t kept = 8; kept < 1'024; kept += 127) {
    std::string torn = after;
    std::copy_n(before.begin() + static_cast<std::ptrdiff_t>(place), 8,
                torn.begin() + static_cast<std::ptrdiff_t>(place));
    std::copy(before.begin() + static_cast<std::ptrdiff_t>(place + kept), before.end(),
              torn.begin() + static_cast<std::ptrdiff_t>(place + kept));
    ASSERT_THAT(records_of(torn), ElementsAre("one", "two")) << kept;
  }
  ASSERT_THAT(records_of(after), SizeIs(3));
}

TEST(AFile, that_is_no_journal_stays_where_it_is) {
  TempFolder folder;
  const std::string elsewhere = folder.path() + "/elsewhere";
  test::write_file(elsewhere, "a file of somebody else");
  test::write_file(folder.path() + "/journal-of-mine", "Dear diary");
  test::write_file(folder.path() + "/journal-short", "x");
  test::write_file(folder.path() + "/journal-large", std::string(4096 + 2 * limits::journal_half_bytes, 'x'));
  test::write_file(folder.path() + "/journal-later", "Jounrl2" + std::string(5'000'000, '\0'));
  std::filesystem::create_directory(folder.path() + "/journal-folder");
  std::filesystem::create_symlink(elsewhere, folder.path() + "/journal-link");
  ASSERT_EQ(::mkfifo((folder.path() + "/journal-pipe").c_str(), 0600), 0);
  EXPECT_THAT(LeftJournal::all_in(folder.path()).journals, IsEmpty());
  EXPECT_THAT(files_in(folder.path()), SizeIs(8));
}

// The process that was about to make it is gone.
TEST(AFile, that_was_about_to_become_a_journal_is_one_without_records) {
  TempFolder folder;
  test::write_file(folder.path() + "/journal-empty", "");
  test::write_file(folder.path() + "/journal-zeros", std::string(4096 + 2 * limits::journal_half_bytes, '\0'));
  auto left = LeftJournal::all_in(folder.path()).journals;
  ASSERT_THAT(left, SizeIs(2));
  for (LeftJournal& journal : left) {
    EXPECT_THAT(journal.records(), IsEmpty());
    journal.remove();
  }
  EXPECT_THAT(files_in(folder.path()), IsEmpty());
}

}  // namespace
}  // namespace omenia::state
