#include "state/store.h"

#include <atomic>
#include <vector>

#include "shared/base/limits.h"
#include "state/database.h"
#include "state/files.h"
#include "state/job_thread.h"
#include "state/migrations.h"
#include "state/reader.h"
#include "state/writer.h"

namespace omenia::state {

namespace {

Result<std::string> prepare_files(const std::string& directory) {
  const std::string folder = directory + "/state";
  const std::string path = folder + "/OmeniaClaw.sqlite";
  TRY(make_private_folder(folder));
  TRY(make_private_file(path));
  return path;
}

}  // namespace

// The members are destroyed from the last to the first: the threads before what they use.
struct Store::Threads {
  Threads(StoreOptions given, std::unique_ptr<Database> database)
      : options(std::move(given)), path(database->path()), writer(std::move(database)), reader(path) {}
  ~Threads() { *closed = true; }

  void write(std::vector<Job> group) {
    const bool was_writable = writer.health().writable;
    const Result<void> commit = writer.commit(group);
    const StoreHealth now = writer.health();
    answer(std::move(group), commit, now.writable != was_writable);
    writer.checkpoint();
  }

  StoreOptions options;
  const std::string path;
  const std::shared_ptr<std::atomic<bool>> closed = std::make_shared<std::atomic<bool>>(false);
  Writer writer;
  Reader reader;
};

}  // namespace omenia::state
