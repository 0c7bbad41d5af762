#pragma once
// What the tests of one-offs share: a session of its own for each, who asked for it, and a store that can be held.

#include <filesystem>
#include <future>

#include "tests/unit/agents/runs_fixture.h"

namespace omenia::test {

class OneOffTest : public RunsTest {
 protected:
  ~OneOffTest() override {
    release_store();
    runs.reset();
    store.reset();
  }

  agents::RunRequest own(const std::string& run_id, std::string message = "hello") {
    agents::RunRequest made = request(run_id, std::move(message), "own-" + run_id);
    made.told_at_end = true;
    made.has_own_session = true;
    made.observer = asker;
    return made;
  }
  static std::string key_of(const std::string& run_id) { return "agent:main:own-" + run_id; }

  // Starts one whose model goes on; who asked for it has heard the first piece.
  void start_asked(const std::string& run_id) {
    model.hold();
    accepted(own(run_id));
    run_until([&] { return asker->has_seen(run_id + " text a part"); });
  }
  void start_revealed(const std::string& run_id) {
    start_asked(run_id);
    run_until([&] { return witness.has_seen(run_id + " text a part"); });
  }
  void let_one_run_at_once() {
    auto changed = std::make_shared<Config>(*config);
    changed->runs_at_once = 1;
    config = changed;
    runs->configuration_changed();
  }

  // Holds the store's writing until the test lets it go.
  void hold_store() {
    gate.emplace();
    auto held = store->write<bool>([opened = gate->get_future().share()](state::Tables&) -> Result<bool> {
      opened.wait();
      return true;
    });
  }
  void release_store() {
    if (gate) gate->set_value();
    gate.reset();
  }

  // As another worker sees it just now: this one's loop does nothing meanwhile.
  std::string status_for_others(const std::string& run_id) {
    Loop other_loop;
    auto opened = state::Store::open(
        {.directory = folder.path(), .post = [&](std::function<void()> work) { other_loop.post(std::move(work)); }});
    ensure(opened.ok(), "the store of the test opens");
    std::string status;
    TaskScope scope;
    scope.spawn([](state::Store* other, std::string id, std::string* status, Loop* other_loop) -> Task<void> {
      using Row = std::optional<state::RunRow>;
      auto reading = other->read<Row>([id](state::Tables& tables) { return tables.runs.find(id); });
      const Result<Row> row = co_await std::move(reading);
      *status = !row.ok() ? row.error().message : row.value() ? row.value()->status : "no such run";
      other_loop->stop();
    }(opened.value().get(), run_id, &status, &other_loop));
    other_loop.run();
    return status;
  }

  // A worker on what this one would leave if it died now.
  void next_worker_after_a_crash() {
    std::filesystem::copy(folder / "state", crashed / "state", std::filesystem::copy_options::recursive);
    std::filesystem::remove(crashed / "state/OmeniaClaw.sqlite-shm");
    release_store();
    begin_worker(2, crashed.path());
    model.release_all();
    witness.told.clear();
    run([](agents::Runs* runs) -> Task<bool> {
      auto recovering = runs->recover();
      co_await std::move(recovering);
      co_return true;
    }(runs.get()));
  }

  TempDir crashed;
  std::shared_ptr<Witness> asker = std::make_shared<Witness>();
  std::optional<std::promise<void>> gate;
};

}  // namespace omenia::test
