#include "state/store.h"

#include <atomic>
#include <vector>

#include "shared/base/ensure.h"
#include "shared/base/limits.h"
#include "shared/base/queue_thread.h"
#include "state/database.h"
#include "state/files.h"
#include "state/migrations.h"
#include "state/reader.h"
#include "state/writer.h"

namespace omenia::state {

// What the two threads work on, and their way back to the loop. The threads are the last members: they end, with the
// jobs they have, before anything they use is destroyed.
struct Store::Threads {
  Threads(StoreOptions given, std::unique_ptr<Database> database)
      : options(std::move(given)), path(database->path()), writer(std::move(database)), reader(path) {}
  ~Threads() { *closed = true; }

  void write(std::vector<Job> group);
  void read(std::vector<Job> batch);
  bool look_after();
  void tell_health();
  void answer(std::vector<Job> jobs, Result<void> commit);

  const StoreOptions options;
  const std::string path;
  const std::shared_ptr<std::atomic<bool>> closed = std::make_shared<std::atomic<bool>>(false);
  Writer writer;
  Reader reader;
  bool told_writable = true;  // Of the writer thread.
  QueueThread<Job> writing{limits::store_queue_max,
                           limits::store_batch_max,
                           [this](std::vector<Job> group) { write(std::move(group)); },
                           {std::chrono::milliseconds(limits::store_idle_ms), [this] { return look_after(); }}};
  QueueThread<Job> reading{limits::store_queue_max, 1, [this](std::vector<Job> batch) { read(std::move(batch)); }};
};

// The answers leave before the log is looked after, which may take a sync of its own.
void Store::Threads::write(std::vector<Job> group) {
  Result<void> commit = writer.commit(group);
  tell_health();
  answer(std::move(group), std::move(commit));
  writer.look_after_what_is_due();
  tell_health();
}

bool Store::Threads::look_after() {
  const bool has_more = writer.look_after();
  tell_health();
  return has_more;
}

void Store::Threads::read(std::vector<Job> batch) {
  if (*closed) return;
  Result<void> outcome = reader.run(batch.front());
  answer(std::move(batch), std::move(outcome));
}

void Store::Threads::tell_health() {
  StoreHealth health = writer.health();
  if (health.writable == std::exchange(told_writable, health.writable)) return;
  if (*closed || !options.health_changed) return;
  options.post([closed = closed, changed = options.health_changed, health = std::move(health)] {
    if (!*closed) changed(health);
  });
}

// One post for the whole group. An answer may end the store: the rest is dropped then.
void Store::Threads::answer(std::vector<Job> jobs, Result<void> commit) {
  if (*closed) return;
  options.post([closed = closed, jobs = std::move(jobs), commit = std::move(commit)] {
    for (const Job& job : jobs) {
      if (*closed) return;
      job.answer(commit);
    }
  });
}

Result<std::unique_ptr<Store>> Store::open(StoreOptions options) {
  ensure(!options.directory.empty() && options.post, "a store has a directory and a loop");
  const std::string folder = options.directory + "/state";
  const std::string path = folder + "/OmeniaClaw.sqlite";
  TRY(make_private_folder(folder));
  TRY(make_private_file(path));
  TRY_ASSIGN(auto database, Database::open(path, Database::Access::write));
  TRY(migrate(*database, release_scripts()));
  auto threads = std::make_unique<Threads>(std::move(options), std::move(database));
  return std::unique_ptr<Store>(new Store(std::move(threads)));
}

Store::Store(std::unique_ptr<Threads> threads) : threads_(std::move(threads)) {}

Store::~Store() = default;

const std::string& Store::path() const {
  return threads_->path;
}

StoreHealth Store::health() const {
  return threads_->writer.health();
}

void Store::enqueue(Kind kind, Job job) {
  QueueThread<Job>& thread = kind == Kind::write ? threads_->writing : threads_->reading;
  if (thread.submit(job)) return;
  Error full = fail(ErrorCode::unavailable, "The state store has too much to do at the moment; try again.");
  full.retry_after_ms = limits::store_retry_ms;
  job.answer(full);
}

}  // namespace omenia::state
