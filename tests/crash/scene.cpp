#include "tests/crash/scene.h"

#include <signal.h>

#include <algorithm>
#include <cstdio>

namespace omenia::crash {

namespace {

constexpr int serving_ms_max = 30'000;
constexpr unsigned pause_ms_max = 700;  // Before a kill: a worker that is starting, one that serves, one that drains.
constexpr unsigned swap_pause_ms_max = 60;     // From a swap's beginning to the kill.
constexpr unsigned long_pause_ms_max = 3'000;  // Now and then a worker gets old enough to be forgiven.

}  // namespace

Scene::Scene(const Effort& effort) : effort_(effort), random_(effort.seed) {}

bool Scene::play() {
  std::printf("crash test, seed %u: %d kills of a worker, %d of the supervisor, %d WebSocket and %d HTTP clients\n",
              effort_.seed, effort_.kills, effort_.supervisor_kills, effort_.clients.over_sockets,
              effort_.clients.over_http + effort_.clients.one_offs);
  bool good = start() && kill_many();
  ledger_.stopping = true;
  writer_.reset();
  senders_.reset();
  good = good && until_serving();
  if (good) audit_gateway(gateway_, ledger_, findings_);
  audit_model(mock_, ledger_, findings_);
  const int exit_code = gateway_.stop();
  audit_database(gateway_.instance().state_dir() + "/state/OmeniaClaw.sqlite", ledger_, findings_);
  good = report(exit_code) && good;
  if (!good) std::printf("--- what the gateway said ---\n%s", gateway_.everything_said().c_str());
  return good;
}

bool Scene::start() {
  gateway_.instance().configure(mock_.port());
  std::string text = test::read_file(gateway_.instance().config_path());
  text.insert(text.find(R"("mode":"local")"), R"("http":{"securityHeaders":{"strictTransportSecurity":"max-age=0"}},)");
  const std::string_view defaults = R"("defaults":{)";  // As many runs at once as ask: a one-off shall not wait.
  text.insert(text.find(defaults) + defaults.size(), R"("maxConcurrent":32,)");
  gateway_.instance().write_config(text);
  if (!gateway_.start()) return false;
  senders_ = std::make_unique<Senders>(effort_.clients, gateway_, effort_.seed, ledger_);
  writer_ = std::make_unique<ConfigWriter>(gateway_, effort_.seed, ledger_);
  return true;
}

// The supervisor's turns are spread over the worker's.
bool Scene::kill_many() {
  while (kills_ < effort_.kills || supervisor_kills_ < effort_.supervisor_kills) {
    const int done = kills_ * effort_.supervisor_kills;
    const bool its_turn = supervisor_kills_ < effort_.supervisor_kills && supervisor_kills_ * effort_.kills <= done;
    if (!(its_turn && kills_ > 0 ? kill_the_supervisor() : kill_a_worker())) return false;
  }
  return true;
}

bool Scene::kill_a_worker() {
  pause(chance(20) ? long_pause_ms_max : pause_ms_max);
  if (chance(3)) {
    gateway_.process().signal(SIGUSR1);
    pause(swap_pause_ms_max);
  }
  const auto workers = test::children_of(gateway_.supervisor_pid());
  if (workers.empty()) return until_serving();
  if (workers.size() > 1) ++kills_in_a_swap_;
  ::kill(workers[random_() % workers.size()], SIGKILL);
  ++kills_;
  return until_serving();
}

bool Scene::kill_the_supervisor() {
  pause(pause_ms_max);
  ledger_.may_be_down = true;
  gateway_.process().signal(SIGKILL);
  gateway_.process().wait();
  ++supervisor_kills_;
  gateway_.launch();
  const bool back = until_serving();
  ledger_.may_be_down = false;
  return back;
}

bool Scene::until_serving() {
  const std::int64_t start_ms = steady_ms();
  const test::Deadline deadline(serving_ms_max);
  while (!deadline.passed() && gateway_.process().running()) {
    const test::HttpAnswer answer = test::http(gateway_.port(), {.target = "/readyz"});
    if (answer.status == 200) {
      longest_ms_ = std::max(longest_ms_, steady_ms() - start_ms);
      return true;
    }
    if (answer.body.find("is held") != std::string::npos && !release()) break;
    ::poll(nullptr, 0, test::poll_ms);
  }
  ++not_back_;
  ledger_.complain("nobody serves after a kill");
  return false;
}

// Five early deaths in a row and the supervisor stops trying; the operator's command has it try again.
bool Scene::release() {
  ++releases_;
  test::ChildProcess command = gateway_.instance().command({"gateway", "restart"});
  if (command.wait() == 0) return true;
  ledger_.complain("gateway restart: " + command.output() + command.errors());
  return false;
}

void Scene::pause(unsigned ms_max) {
  ::poll(nullptr, 0, static_cast<int>(random_() % ms_max));
}

bool Scene::report(int exit_code) const {
  struct Row {
    const char* name;
    std::size_t count;
    bool must_be_zero = false;
  };
  const auto number = [](int count) { return static_cast<std::size_t>(count); };
  const Row rows[] = {
      {"kills of a worker", number(kills_)},
      {"of these while more than one worker lived", number(kills_in_a_swap_)},
      {"kills of the supervisor", number(supervisor_kills_)},
      {"held, and released by gateway restart", number(releases_)},
      {"times nobody served in the end", number(not_back_), true},
      {"WebSocket hellos", ledger_.connections},
      {"connections cut off under a request", ledger_.cut_off},
      {"refused connects while the supervisor lived", ledger_.refused, true},
      {"messages", findings_.messages},
      {"acknowledged", findings_.acknowledged},
      {"sent again with the same key", ledger_.repeated},
      {"told to come later", ledger_.turned_away},
      {"runs done", findings_.runs_done},
      {"runs reported as interrupted", findings_.runs_interrupted},
      {"runs without an end", findings_.runs_without_end, true},
      {"ends that changed after they were told", findings_.ends_that_changed, true},
      {"wrong answers", ledger_.wrong_answers, true},
      {"acknowledged messages or answers lost", findings_.messages_lost, true},
      {"messages or answers doubled", findings_.messages_doubled, true},
      {"sessions out of order", findings_.messages_out_of_order, true},
      {"runs that asked the model twice", findings_.runs_twice, true},
      {"runs done without asking the model", findings_.runs_never, true},
      {"config writes acknowledged", ledger_.config_writes},
      {"config writes cut off or refused", ledger_.config_not_written},
      {"config writes lost, or half a file", ledger_.config_lost, true},
      {"integrity_check of the database: problems", findings_.database_damage, true},
      {"contradictions in the database", findings_.database_contradictions, true},
      {"exit code of the gateway", number(exit_code), true},
  };
  bool good = true;
  for (const Row& row : rows) {
    const bool bad = row.must_be_zero && row.count != 0;
    std::printf("%-56s %8zu%s\n", row.name, row.count, bad ? "  MUST BE 0" : "");
    good = good && !bad;
  }
  std::printf("%-56s %8lld ms\n", "longest time from a kill to the next answer", static_cast<long long>(longest_ms_));
  for (const std::string& words : ledger_.complaints()) std::printf("  %s\n", words.c_str());
  std::printf("%s\n", good ? "crash test: good" : "crash test: NOT good");
  return good;
}

}  // namespace omenia::crash
