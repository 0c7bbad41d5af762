// Store: units of work per second when 1, 32, 256 of them wait at a time, and the time of an opening. One unit is what
// an inbound message costs: its session is touched, its run accepted, its entry appended, each acknowledged after its
// commit's sync. Prints; asserts nothing. The disk is the one of TMPDIR.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "shared/base/ids.h"
#include "shared/base/task.h"
#include "shared/loop/loop.h"
#include "state/store.h"

namespace omenia::state {
namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "omenia-store-bench-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::unique_ptr<Store> open_in(const std::string& directory, Loop& loop) {
  return Store::open(
             {.directory = directory, .post = [&loop](std::function<void()> work) { loop.post(std::move(work)); }})
      .value();
}

Result<bool> inbound_message(Tables& tables, const std::string& key, const std::string& run_id) {
  static const std::string body(600, 'x');
  TRY_ASSIGN(const SessionRow session, tables.sessions.get_or_create(key, "main", 1));
  RunRow run;
  run.run_id = run_id;
  run.session_key = key;
  run.request = body;
  TRY(tables.runs.accept(run));
  EntryRow entry;
  entry.session_id = session.session_id;
  entry.kind = "message";
  entry.body = body;
  TRY(tables.entries.append(std::move(entry)));
  return true;
}

// One of those that wait: writes its next unit when the last was answered.
Task<void> keep_writing(Store* store, std::string key, std::function<void(bool)> answered) {
  while (true) {
    Pending<Result<bool>> pending =
        store->write<bool>([key, id = random_uuid()](Tables& tables) { return inbound_message(tables, key, id); });
    const Result<bool> answer = co_await std::move(pending);
    answered(answer.ok());
  }
}

void writes(benchmark::State& state) {
  Folder folder;
  Loop loop;
  auto store = open_in(folder.path(), loop);
  constexpr int units_per_round = 1'000;
  int left = 0;
  bool failed = false;
  TaskScope scope;
  for (int i = 0; i < state.range(0); ++i) {
    scope.spawn(keep_writing(store.get(), "agent:main:" + std::to_string(i), [&](bool ok) {
      failed |= !ok;
      if (--left == 0) loop.stop();
    }));
  }
  for ([[maybe_unused]] auto round : state) {
    left = units_per_round;
    loop.run();
  }
  if (failed) state.SkipWithError("a write was refused");
  const StoreHealth health = store->health();
  state.SetItemsProcessed(state.iterations() * units_per_round);
  state.counters["units_per_commit"] = static_cast<double>(health.units) / static_cast<double>(health.commits);
}
BENCHMARK(writes)->Arg(1)->Arg(32)->Arg(256)->UseRealTime()->Unit(benchmark::kMillisecond);

void opening_an_existing_database(benchmark::State& state) {
  Folder folder;
  Loop loop;
  open_in(folder.path(), loop);
  for ([[maybe_unused]] auto round : state) benchmark::DoNotOptimize(open_in(folder.path(), loop));
}
BENCHMARK(opening_an_existing_database)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace omenia::state

BENCHMARK_MAIN();
