// Turns whose note was answered: a killed process, or several in a row, lose none of them and store none twice.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <sstream>

#include "shared/base/fd.h"
#include "shared/base/ids.h"
#include "tests/unit/state/noted_turns.h"

namespace omenia::state {
namespace {

using testing::IsEmpty;

std::unique_ptr<Store> open_on(Loop& loop, const std::string& directory) {
  auto opened = Store::open({.directory = directory,
                             .post = [&loop](std::function<void()> work) { loop.post(std::move(work)); },
                             .loop = &loop});
  return opened.ok() ? std::move(opened).value() : nullptr;
}

void tell(int pipe, const std::string& line) {
  if (::write(pipe, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(1);
}

// Takes over what the one before has left, and notes turns, of which it tells each; now and then one is read or written
// in between, as in a worker.
[[noreturn]] void note_until_killed(const std::string& directory, int pipe) {
  Loop loop;
  auto store = open_on(loop, directory);
  if (!store) ::_exit(1);
  tell(pipe, "taking over\n");
  if (!answer_of<Result<TakenOver>>(loop, store->take_over_journals()).ok()) ::_exit(2);
  std::mt19937 random(static_cast<unsigned>(::getpid()));
  TaskScope scope;
  Timer next(loop, [&] {
    for (std::size_t count = random() % 12; count > 0; --count) {
      const std::string id = random_uuid();
      TurnRow turn = turn_named(id);
      turn.question.body.append(random() % 2'000, ' ');
      if (note_in(*store, turn)) tell(pipe, id + "\n");
    }
    if (random() % 4 == 0)
      scope.spawn(deliver<Result<bool>>(store->read<bool>([](Tables&) { return Result<bool>(true); }), [](auto) {}));
    if (random() % 4 == 0)
      scope.spawn(deliver<Result<bool>>(store->write<bool>([](Tables&) { return Result<bool>(true); }), [](auto) {}));
  });
  next.start_repeating(1);
  loop.run();
  ::_exit(0);
}

// What the child says until it is killed after so many lines.
std::vector<std::string> told_until_killed(int pipe, pid_t child, std::ptrdiff_t lines_before_kill) {
  std::string text;
  char buffer[4096];
  bool alive = true;
  for (ssize_t got; (got = ::read(pipe, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
    if (alive && std::count(text.begin(), text.end(), '\n') >= lines_before_kill) {
      ::kill(child, SIGKILL);
      alive = false;
    }
  }
  std::vector<std::string> ids;
  std::istringstream lines(text);
  for (std::string id; std::getline(lines, id);)
    if (id.size() == 36) ids.push_back(id);
  return ids;
}

std::vector<std::string> told_by_a_killed_process(const std::string& directory, std::ptrdiff_t lines_before_kill) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) note_until_killed(directory, writing.get());
  EXPECT_GT(child, 0);
  writing.reset();
  auto ids = told_until_killed(reading.get(), child, lines_before_kill);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
  return ids;
}

void expect_all_there(const std::string& directory, const std::vector<std::string>& told) {
  {
    Loop loop;
    auto store = open_on(loop, directory);
    ASSERT_TRUE(store);
    const auto taken = answer_of<Result<TakenOver>>(loop, store->take_over_journals());
    ASSERT_TRUE(taken.ok()) << taken.error().message;
    const auto missing = answer_of<Result<std::int64_t>>(
        loop, store->read<std::int64_t>([&told](Tables& tables) -> Result<std::int64_t> {
          std::int64_t missing = 0;
          for (const std::string& id : told) {
            TRY_ASSIGN(const bool there, is_there(tables, id));
            if (!there) ++missing;
          }
          return missing;
        }));
    EXPECT_EQ(missing.value(), 0) << "of " << told.size() << " turns were lost";
  }
  EXPECT_THAT(journals_in(directory + "/state"), IsEmpty());
  expect_whole_turns(directory + "/state/OmeniaClaw.sqlite");
}

TEST(ToldTurns, survive_the_death_of_the_process) {
  TempFolder folder;
  std::mt19937 random(20'261'131);
  std::vector<std::string> told;
  for (int round = 0; round < 10; ++round) {
    const auto ids = told_by_a_killed_process(folder.path(), 2 + static_cast<std::ptrdiff_t>(random() % 300));
    ASSERT_FALSE(ids.empty());
    told.insert(told.end(), ids.begin(), ids.end());
    expect_all_there(folder.path(), told);
  }
}

// Every other one is killed as it begins to take over what those before have left.
TEST(ToldTurns, survive_the_death_of_who_takes_them_over) {
  TempFolder folder;
  std::mt19937 random(20'261'132);
  std::vector<std::string> told;
  for (int round = 0; round < 24; ++round) {
    const std::ptrdiff_t lines = round % 2 == 1 ? 1 : 2 + static_cast<std::ptrdiff_t>(random() % 200);
    const auto ids = told_by_a_killed_process(folder.path(), lines);
    told.insert(told.end(), ids.begin(), ids.end());
    if (round % 8 == 7) expect_all_there(folder.path(), told);
  }
  EXPECT_GT(told.size(), 100u);
}

}  // namespace
}  // namespace omenia::state
