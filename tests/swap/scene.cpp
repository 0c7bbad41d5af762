#include "tests/swap/scene.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "tests/swap/followed_run.h"

namespace omenia::swap {

namespace {

namespace fs = std::filesystem;

constexpr const char* worker_program = "libexec/OmeniaClaw/OmeniaClaw-worker";
constexpr int words_of_a_run = 24;
constexpr int words_of_the_long_run = 300;

void copy_programs(const std::string& stage) {
  fs::create_directories(stage + "/bin");
  fs::create_directories(stage + "/libexec/OmeniaClaw");
  for (const std::string program : {"bin/OmeniaClaw", "libexec/OmeniaClaw/OmeniaClaw-supervisor", worker_program})
    fs::copy_file(test::program_path(program), stage + "/" + program);
  ::setenv("OMENIA_TEST_PREFIX", stage.c_str(), 1);
}

bool runs_program(pid_t process, const std::string& program) {
  struct stat wanted {
  }, actual{};
  return ::stat(program.c_str(), &wanted) == 0 &&
         ::stat(("/proc/" + std::to_string(process) + "/exe").c_str(), &actual) == 0 && wanted.st_ino == actual.st_ino;
}

}  // namespace

Scene::Scene(const Effort& effort) : effort_(effort), random_(effort.seed) {
  copy_programs(stage_.path());
}

bool Scene::play() {
  std::printf("swap test, seed %u: %d changes, %d upgrades, %d keep-alive connections, %d WebSocket clients\n",
              effort_.seed, effort_.changes, effort_.upgrades, effort_.http_connections, effort_.socket_clients);
  if (!start()) return false;
  change_many();
  upgrade_many();
  follow_a_long_answer();
  count_leftovers();
  tally_.stopping = true;
  const int exit_code = gateway_->stop();
  sockets_.reset();
  callers_.reset();
  const bool good = report(exit_code);
  if (!good) std::printf("--- what the gateway said ---\n%s", gateway_->everything_said().c_str());
  return good;
}

bool Scene::start() {
  gateway_.emplace(mock_.port());
  const std::string notify = gateway_->instance().home() + "/notify";
  notify_.emplace(notify);
  gateway_->instance().variables()["NOTIFY_SOCKET"] = notify;
  if (!gateway_->start()) return false;
  notify_->forget();
  prober_ = std::make_unique<Prober>(gateway_->port(), tally_);
  callers_ = std::make_unique<HttpCallers>(effort_.http_connections, gateway_->port(), gateway_->token(), effort_.seed,
                                           tally_);
  sockets_ = std::make_unique<SocketClients>(effort_.socket_clients, gateway_->port(), gateway_->backend(), tally_);
  return sockets_->all_back(1);
}

void Scene::change_many() {
  for (int number = 0; number < effort_.changes; ++number)
    make_and_check(number % 2 == 0 ? Change::signal : Change::edit, number);
}

void Scene::upgrade_many() {
  for (int number = 0; number < effort_.upgrades; ++number) make_and_check(Change::upgrade, effort_.changes + number);
}

// Every change is made in the middle of an answer, and the next one after its end.
void Scene::make_and_check(Change change, int number) {
  constexpr Then thens[] = {Then::follows, Then::waits, Then::stops};
  FollowedRun run(gateway_->port(), gateway_->backend(), number, words_of_a_run, thens[random_() % 3]);
  run.wait_until_begun();
  ::poll(nullptr, 0, static_cast<int>(random_() % 200));
  make(change);
  if (const std::string wrong = run.wrong(); !wrong.empty()) {
    ++runs_wrong_;
    tally_.complain("change " + std::to_string(number) + ": " + wrong);
  }
  ++runs_;
  if (run.crossed()) ++runs_crossed_;
}

// As many changes as workers may drain at once: one more would end the oldest, and with it the answer.
void Scene::follow_a_long_answer() {
  FollowedRun run(gateway_->port(), gateway_->backend(), effort_.changes + effort_.upgrades, words_of_the_long_run,
                  Then::waits);
  run.wait_until_begun();
  for (const Change change : {Change::signal, Change::edit, Change::upgrade}) {
    make(change);
    ::poll(nullptr, 0, 1000);
  }
  if (const std::string wrong = run.wrong(); !wrong.empty()) {
    ++runs_wrong_;
    tally_.complain("the long answer: " + wrong);
  }
  ++runs_;
  if (run.crossed()) ++runs_crossed_;
}

bool Scene::make(Change change) {
  notify_->forget();
  if (change == Change::upgrade) replace_worker();
  const std::int64_t start_ms = steady_ms();
  if (change == Change::edit) {
    edit_config();
  } else {
    gateway_->process().signal(change == Change::upgrade ? SIGUSR2 : SIGUSR1);
  }
  if (!notify_->wait_for_worker()) {
    ++swaps_failed_;
    tally_.complain("no other worker serves after a change");
    return false;
  }
  longest_swap_ms_ = std::max(longest_swap_ms_, steady_ms() - start_ms);
  ++swaps_;
  const auto hellos = static_cast<std::size_t>(swaps_) + 1;
  if (!sockets_->all_back(hellos)) sockets_not_back_ = std::max(sockets_not_back_, sockets_->behind(hellos));
  if (change == Change::upgrade && !runs_program(gateway_->worker_pid(), stage_ / worker_program))
    ++upgrades_without_effect_;
  return true;
}

// logging.file needs a new worker.
void Scene::edit_config() {
  const test::Instance& instance = gateway_->instance();
  std::string text = test::read_file(instance.config_path());
  const std::size_t name = text.rfind("/gateway") + 1;
  text.replace(name, text.find(".log", name) - name, ++edits_ % 2 == 0 ? "gateway" : "gateway-other");
  test::write_file(instance.config_path() + ".new", text);
  fs::rename(instance.config_path() + ".new", instance.config_path());
}

void Scene::replace_worker() {
  const std::string program = stage_ / worker_program;
  fs::copy_file(program, program + ".new");
  fs::rename(program + ".new", program);
}

void Scene::count_leftovers() {
  const auto workers = [this] { return test::children_of(gateway_->supervisor_pid()).size(); };
  if (!test::eventually([&] { return workers() == 1; })) workers_left_over_ = static_cast<int>(workers()) - 1;
}

bool Scene::report(int exit_code) const {
  struct Row {
    const char* name;
    std::size_t count;
    bool must_be_zero;
  };
  const auto number = [](int count) { return static_cast<std::size_t>(count); };
  const Row rows[] = {
      {"swaps", number(swaps_), false},
      {"swaps that failed", number(swaps_failed_), true},
      {"upgrades that serve from the old program", number(upgrades_without_effect_), true},
      {"connects of the prober", tally_.connects, false},
      {"refused connects", tally_.refused, true},
      {"HTTP answers", tally_.http_answers, false},
      {"HTTP streams to their end", tally_.http_streams, false},
      {"HTTP connections told to close", tally_.http_told_to_close, false},
      {"HTTP connections closed while idle", tally_.http_closed_idle, false},
      {"failed HTTP requests", tally_.http_failures, true},
      {"WebSocket hellos", tally_.sockets_back, false},
      {"WebSocket upgrades told to come later", tally_.sockets_told_to_wait, false},
      {"WebSockets cut in their handshake", tally_.sockets_cut_in_handshake, false},
      {"WebSockets closed without shutdown", tally_.sockets_unannounced, true},
      {"WebSockets closed otherwise than with 1012", tally_.sockets_closed_wrongly, true},
      {"WebSocket clients not back", sockets_not_back_, true},
      {"answers followed", number(runs_), false},
      {"answers that crossed a swap", number(runs_crossed_), false},
      {"answers with a lost or doubled piece, or a wrong end", number(runs_wrong_), true},
      {"workers left over", number(workers_left_over_), true},
      {"exit code of the gateway", number(exit_code), true},
  };
  bool good = true;
  for (const Row& row : rows) {
    const bool bad = row.must_be_zero && row.count != 0;
    std::printf("%-56s %8zu%s\n", row.name, row.count, bad ? "  MUST BE 0" : "");
    good = good && !bad;
  }
  std::printf("%-56s %8.1f ms\n", "longest gap between successful connects", prober_->longest_gap_ms());
  std::printf("%-56s %8.1f ms\n", "longest connect with its answer", prober_->longest_answer_ms());
  std::printf("%-56s %8lld ms\n", "longest swap, from the change to ready", static_cast<long long>(longest_swap_ms_));
  for (const std::string& words : tally_.complaints) std::printf("  %s\n", words.c_str());
  std::printf("%s\n", good ? "swap test: good" : "swap test: NOT good");
  return good;
}

}  // namespace omenia::swap
