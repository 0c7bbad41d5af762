#pragma once
// What the tests of runs share: Runs over a real store in a folder of its own, with a model server that is scripted.

#include <gmock/gmock.h>

#include "shared/base/ids.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/agents/scripted_model.h"
#include "worker/agents/runs.h"

namespace omenia::test {

template <typename T>
Task<T> as_task(Pending<T> pending) {
  T value = co_await std::move(pending);
  co_return value;
}

// Writes down what observers are told, in order.
class Witness final : public agents::RunObserver {
 public:
  void preparing(agents::Run& run, std::string_view phase) override { note(run, "preparing " + std::string(phase)); }
  void started(agents::Run& run) override { note(run, "started"); }
  void model_called(agents::Run& run) override { note(run, "model " + run.provider + "/" + run.model); }
  void text_added(agents::Run& run, std::string_view piece) override { note(run, "text " + std::string(piece)); }
  void stored(agents::Run& run, const state::EntryRow& entry) override { note(run, "stored " + entry.role); }
  void ended(agents::Run& run, const agents::RunOutcome& outcome) override {
    note(run, "ended " + std::string(stored_name(outcome.status)));
  }
  bool has_seen(const std::string& what) const { return std::find(told.begin(), told.end(), what) != told.end(); }

  std::vector<std::string> told;

 private:
  void note(const agents::Run& run, const std::string& what) { told.push_back(run.request.run_id + " " + what); }
};

class RunsTest : public OnLoop {
 protected:
  using Kind = agents::Submission::Kind;

  RunsTest() {
    auto made = std::make_shared<Config>();
    made->agents = {AgentConfig{"main", "", "", ""}, AgentConfig{"other", "", "", ""}};
    ProviderConfig provider;
    provider.id = "mock";
    provider.base_url = model.url();
    provider.models = {ModelConfig{"m-1", "", 0, 0, false}};
    made->providers = {provider};
    config = made;
    catalog = std::make_shared<providers::Catalog>(loop, outbound, *config, Logger());
    begin_worker(1);
  }

  // A worker on the same store; the one before it is gone without a word, as after a crash.
  void begin_worker(std::int64_t generation) { begin_worker(generation, folder.path()); }
  void begin_worker(std::int64_t generation, const std::string& directory) {
    runs.reset();
    store.reset();
    store = open_store(directory);
    agents::RunsOptions options;
    options.generation = generation;
    options.config = [this] { return config; };
    options.catalog = [this] { return catalog; };
    runs = std::make_unique<agents::Runs>(loop, *store, std::move(options), Logger());
    runs->observe(witness);
  }

  std::unique_ptr<state::Store> open_store(const std::string& directory) {
    auto opened = state::Store::open({.directory = directory,
                                      .post = [this](std::function<void()> work) { loop.post(std::move(work)); },
                                      .health_changed = {},
                                      .loop = &loop});
    ensure(opened.ok(), "the store of the test opens");
    return std::move(opened).value();
  }

  static agents::RunRequest request(std::string run_id, std::string message = "hello", std::string_view key = "main",
                                    std::string_view agent = "main") {
    agents::RunRequest request;
    request.run_id = std::move(run_id);
    request.session = sessions::make_key(agent, key);
    request.origin = "agent";
    request.message = std::move(message);
    return request;
  }

  Result<agents::Submission> submit(agents::RunRequest request) {
    return run(as_task(runs->submit(std::move(request))));
  }
  // Of a request that has to be taken.
  agents::Submission accepted(agents::RunRequest request) {
    auto submission = submit(std::move(request));
    EXPECT_TRUE(submission.ok()) << (submission.ok() ? "" : submission.error().message);
    return submission.ok() ? std::move(submission).value() : agents::Submission{};
  }
  agents::SharedOutcome end_of(const std::string& run_id) {
    auto end = runs->end_of(run_id);
    EXPECT_TRUE(end.has_value()) << run_id << " is not under way";
    return end ? run(as_task(std::move(*end))) : std::make_shared<const agents::RunOutcome>();
  }
  agents::SharedOutcome finished(agents::RunRequest request) {
    const agents::Submission submission = accepted(std::move(request));
    return submission.outcome ? submission.outcome : end_of(submission.run_id);
  }
  // Starts a run and waits until the model's first piece of text is there.
  void start_held(const std::string& run_id, std::string_view key = "main") {
    model.hold();
    accepted(request(run_id, "hello", key));
    run_until([&] { return witness.has_seen(run_id + " text a part"); });
  }

  template <typename T>
  T stored(std::function<Result<T>(state::Tables&)> unit) {
    auto result = run(as_task(store->read<T>(std::move(unit))));
    ensure(result.ok(), "the store of the test is read");
    return std::move(result).value();
  }
  std::optional<state::RunRow> row_of(const std::string& run_id) {
    return stored<std::optional<state::RunRow>>([&](state::Tables& tables) { return tables.runs.find(run_id); });
  }
  std::string status_of(const std::string& run_id) {
    const auto row = row_of(run_id);
    return row ? row->status : "no such run";
  }
  std::optional<state::SessionRow> session(const std::string& key = "agent:main:main") {
    return stored<std::optional<state::SessionRow>>([&](state::Tables& tables) { return tables.sessions.find(key); });
  }
  // "role: body" of every entry.
  std::vector<std::string> transcript(const std::string& key = "agent:main:main") {
    const auto row = session(key);
    if (!row) return {};
    struct Lines {
      std::vector<std::string> lines;
    };
    return stored<Lines>([&](state::Tables& tables) -> Result<Lines> {
             Lines found;
             TRY_ASSIGN(const auto entries, tables.entries.window(row->session_id, 0, 1000));
             for (const auto& entry : entries) found.lines.push_back(entry.role + ": " + entry.body);
             return found;
           })
        .lines;
  }

  TempDir folder;
  ScriptedModel model;
  Witness witness;
  net::Outbound outbound{loop, Logger()};
  std::shared_ptr<const Config> config;
  std::shared_ptr<const providers::Catalog> catalog;
  std::unique_ptr<state::Store> store;
  std::unique_ptr<agents::Runs> runs;
};

}  // namespace omenia::test
