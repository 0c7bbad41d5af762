// Store: units of work that are acknowledged after their sync, when 1, 32 and 256 wait at a time, and what a turn that
// is noted takes of the loop's thread and of the threads beside it. The disk is the one of TMPDIR.

#include "state/store.h"

#include <algorithm>
#include <ctime>
#include <memory>
#include <string>

#include "shared/base/clock.h"
#include "shared/base/ids.h"
#include "shared/base/limits.h"
#include "shared/base/task.h"
#include "shared/loop/loop.h"
#include "tests/bench/measurements.h"
#include "tests/support/note.h"
#include "tests/support/temp_dir.h"

namespace omenia::bench {

namespace {

using state::Tables;

double processor_us(clockid_t clock) {
  timespec spent{};
  ::clock_gettime(clock, &spent);
  return static_cast<double>(spent.tv_sec) * 1e6 + static_cast<double>(spent.tv_nsec) / 1e3;
}

// What an inbound message costs: its session is looked for, its run accepted, its entry appended.
Result<bool> inbound_message(Tables& tables, const std::string& key) {
  const std::string body(600, 'x');
  TRY_ASSIGN(const state::SessionRow session, tables.sessions.get_or_create(key, "main", wall_ms()));
  state::RunRow run;
  run.run_id = ordered_uuid();
  run.session_key = key;
  run.request = body;
  TRY(tables.runs.accept(run));
  state::EntryRow entry;
  entry.session_id = session.session_id;
  entry.kind = "message";
  entry.body = body;
  TRY(tables.entries.append(std::move(entry)));
  return true;
}

// A chat completion's turn.
std::shared_ptr<const state::TurnRow> new_turn() {
  const auto turn = std::make_shared<state::TurnRow>();
  turn->session.key = "agent:main:openai:" + ordered_uuid();
  turn->session.session_id = ordered_uuid();
  turn->session.agent_id = "main";
  turn->run.run_id = "chatcmpl_" + ordered_uuid();
  turn->run.origin = "openai";
  turn->run.status = "done";
  turn->run.request.assign(450, 'x');
  turn->run.result.assign(500, 'x');
  turn->run.accepted_ms = turn->run.started_ms = turn->run.ended_ms = wall_ms();
  turn->question.id = random_uuid();
  turn->question.kind = "message";
  turn->question.role = "user";
  turn->question.body.assign(150, 'x');
  turn->answer = turn->question;
  turn->answer->id = random_uuid();
  turn->answer->role = "assistant";
  turn->answer->body.assign(350, 'x');
  state::complete(*turn);
  return turn;
}

class StoreLoad {
 public:
  bool open() {
    auto opened = state::Store::open({.directory = folder_.path(),
                                      .post = [this](std::function<void()> work) { loop_.post(std::move(work)); },
                                      .loop = &loop_});
    if (opened.ok()) store_ = std::move(opened).value();
    return store_ != nullptr;
  }

  // Units a second, of those that were not refused.
  double units_per_second(int waiting, int duration_ms) {
    scope_ = std::make_unique<TaskScope>();
    done_ = 0;
    const std::int64_t start_us = steady_us();
    const std::int64_t end_us = start_us + std::int64_t{duration_ms} * 1000;
    writing_ = waiting;
    for (int i = 0; i < waiting; ++i) scope_->spawn(keep_writing("agent:main:" + std::to_string(i), end_us));
    loop_.run();
    return static_cast<double>(done_) * 1e6 / static_cast<double>(steady_us() - start_us);
  }

  struct Spent {
    double loop_us = 0;
    double beside_us = 0;
  };
  // Of one turn. False: the journal did not take all of them.
  bool note_turns(int turns, Spent& spent) {
    scope_ = std::make_unique<TaskScope>();
    const double before_us = processor_us(CLOCK_PROCESS_CPUTIME_ID);
    const double loop_before_us = processor_us(CLOCK_THREAD_CPUTIME_ID);
    done_ = 0;
    scope_->spawn(keep_noting(turns));
    loop_.run();
    const double loop_us = processor_us(CLOCK_THREAD_CPUTIME_ID) - loop_before_us;
    spent.loop_us = loop_us / turns;
    spent.beside_us = (processor_us(CLOCK_PROCESS_CPUTIME_ID) - before_us - loop_us) / turns;
    return done_ == turns;
  }

 private:
  Task<void> keep_writing(std::string key, std::int64_t end_us) {
    while (steady_us() < end_us) {
      auto writing = store_->write<bool>([key](Tables& tables) { return inbound_message(tables, key); });
      const auto written = co_await std::move(writing);
      if (!written.ok()) break;
      ++done_;
    }
    if (--writing_ == 0) loop_.stop();
  }

  // As many at a time as share a commit.
  Task<void> keep_noting(int turns) {
    while (done_ < turns) {
      const int until = std::min(turns, done_ + static_cast<int>(limits::store_noted_max));
      while (done_ < until && store_->note(new_turn())) ++done_;
      if (done_ < until) break;
      auto storing = store_->write<bool>([](Tables&) -> Result<bool> { return true; }, state::Durability::logged);
      co_await std::move(storing);
    }
    loop_.post([this] { loop_.stop(); });  // The loop may not run yet.
  }

  test::TempDir folder_;
  Loop loop_;
  std::unique_ptr<state::Store> store_;
  std::unique_ptr<TaskScope> scope_;
  int done_ = 0;
  int writing_ = 0;
};

}  // namespace

bool measure_store(Table& table, const Effort& effort) {
  StoreLoad load;
  if (!load.open()) {
    test::note("bench: the store cannot be opened");
    return false;
  }
  for (const int waiting : {1, 32, 256})
    table.add("store: synced units, " + std::to_string(waiting) + " waiting", "1/s",
              load.units_per_second(waiting, effort.load_ms));
  StoreLoad::Spent spent;
  if (!load.note_turns(effort.load_ms * 10, spent)) {
    test::note("bench: the journal has not taken all turns");
    return false;
  }
  table.add("store: a noted turn, on the loop's thread", "us", spent.loop_us);
  table.add("store: a noted turn, on the threads beside it", "us", spent.beside_us);
  return true;
}

}  // namespace omenia::bench
