// Durability: a killed process and a power loss keep every unit that was answered, and every unit whole or not at all.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <sstream>

#include "shared/base/fd.h"
#include "shared/base/ids.h"
#include "tests/unit/state/faulty_disk.h"
#include "tests/unit/state/support.h"

namespace omenia::state {
namespace {

// One unit: a run and an entry, so that a half unit shows.
Result<bool> record(Tables& tables, const std::string& id) {
  TRY_ASSIGN(const SessionRow session, tables.sessions.get_or_create("agent:main:main", "main", 1));
  TRY(tables.runs.accept(run_named(id)));
  EntryRow entry = entry_of(session.session_id, std::string(200, 'x'));
  entry.run_id = id;
  TRY(tables.entries.append(entry));
  return true;
}

// Writes for ever and tells each id whose write was answered.
Task<void> keep_writing(Store* store, Durability durability, std::function<void(const std::string&)> acknowledged) {
  while (true) {
    const std::string id = random_uuid();
    Pending<Result<bool>> pending = store->write<bool>([id](Tables& tables) { return record(tables, id); }, durability);
    const Result<bool> answer = co_await std::move(pending);
    if (!answer.ok()) co_return;
    acknowledged(id);
  }
}

std::unique_ptr<Store> open_on(Loop& loop, const std::string& directory) {
  auto opened = Store::open(
      {.directory = directory, .post = [&loop](std::function<void()> work) { loop.post(std::move(work)); }});
  return opened.ok() ? std::move(opened).value() : nullptr;
}

// Every other one is answered as soon as it is in the log.
[[noreturn]] void write_until_killed(const std::string& directory, int pipe) {
  Loop loop;
  auto store = open_on(loop, directory);
  if (!store) ::_exit(1);
  TaskScope scope;
  for (int i = 0; i < 20; ++i) {
    const Durability durability = i % 2 == 0 ? Durability::logged : Durability::synced;
    scope.spawn(keep_writing(store.get(), durability, [pipe](const std::string& id) {
      const std::string line = id + "\n";
      if (::write(pipe, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(1);
    }));
  }
  loop.run();
  ::_exit(0);
}

// Reads what the child says; kills it after so many lines.
std::vector<std::string> acknowledged_until_killed(int pipe, pid_t child, std::size_t lines_before_kill) {
  std::string text;
  char buffer[4096];
  bool alive = true;
  for (ssize_t got; (got = ::read(pipe, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
    if (alive && text.size() / 37 >= lines_before_kill) {
      ::kill(child, SIGKILL);
      alive = false;
    }
  }
  std::vector<std::string> ids;
  std::istringstream lines(text);
  for (std::string id; std::getline(lines, id);) {
    if (id.size() == 36) ids.push_back(id);
  }
  return ids;
}

void expect_all_whole(const std::string& path, const std::vector<std::string>& acknowledged) {
  auto database = Database::open(path, Database::Access::write).value();
  Runs runs(*database);
  for (const std::string& id : acknowledged) EXPECT_TRUE(runs.find(id).value().has_value()) << id << " was lost";
  EXPECT_EQ(database->number("SELECT count(*) FROM runs WHERE run_id NOT IN (SELECT run_id FROM entries)").value(), 0);
  EXPECT_EQ(database->number("SELECT count(*) FROM entries").value(),
            database->number("SELECT max(seq) FROM entries").value());
  EXPECT_EQ(integrity_of(path), "ok");
}

TEST(WhatWasAnswered, survives_the_death_of_the_process) {
  TempFolder folder;
  std::mt19937 random(20'261'124);
  std::vector<std::string> acknowledged;
  for (int round = 0; round < 20; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const Fd reading(ends[0]);
    Fd writing(ends[1]);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) write_until_killed(folder.path(), writing.get());
    writing.reset();
    const auto ids = acknowledged_until_killed(reading.get(), child, 1 + random() % 200);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
    ASSERT_FALSE(ids.empty());
    acknowledged.insert(acknowledged.end(), ids.begin(), ids.end());
    if (round % 5 == 4) expect_all_whole(folder.path() + "/state/OmeniaClaw.sqlite", acknowledged);
  }
}

// After each of several power losses the disk holds what was synced, and the store goes on from that.
TEST(WhatWasAnswered, survives_a_power_loss) {
  std::mt19937 random(20'261'125);
  for (int round = 0; round < 5; ++round) {
    TempFolder folder;
    TempFolder after;
    std::filesystem::create_directory(after.path() + "/state");
    std::vector<std::string> acknowledged;
    const std::size_t count = 1 + random() % 300;
    {
      FaultyDisk disk;
      disk.keep_synced_in(after.path() + "/state");
      Loop loop;
      auto store = open_on(loop, folder.path());
      ASSERT_TRUE(store);
      TaskScope scope;
      for (int i = 0; i < 8; ++i) {
        scope.spawn(keep_writing(store.get(), Durability::synced, [&](const std::string& id) {
          if (acknowledged.size() >= count) return;
          acknowledged.push_back(id);
          if (acknowledged.size() < count) return;
          disk.lose_power();
          loop.stop();
        }));
      }
      loop.run();
    }
    expect_all_whole(after.path() + "/state/OmeniaClaw.sqlite", acknowledged);
    Loop loop;
    EXPECT_TRUE(open_on(loop, after.path()));
  }
}

}  // namespace
}  // namespace omenia::state
